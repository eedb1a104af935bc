"""Our steps in nbgrader's work: what a release adds, scores without running code, writing that waits for a coach, plain comments."""

from __future__ import annotations

import functools
import html
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
from nbgrader.utils import is_grade, is_locked
from traitlets import Unicode

from sopkit import content, kinds, plain, responses
from sopkit import release as release_files
from sopkit.academy import Academy
from sopkit.content import RELEASE, SOURCE, Course, Lesson
from sopkit.errors import CourseError
from sopkit.gradebook.transfer import waiting
from sopkit.kinds import Exercise


class Release(NbGraderPreprocessor):
    """Marks the exercise cells of a lesson for nbgrader, and adds the lesson's key-free files to what is written."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Raise CourseError when the folder is not a lesson of the course, ContentError when the course has faults."""
        course = _here()
        lesson = _lesson(course, resources)
        if resources["nbgrader"]["notebook"] == lesson.id:
            mark_up(nb, course, lesson)
            outputs = resources.setdefault("outputs", {})
            outputs.update({name: text.encode() for name, text in release_files.files(course, lesson)})
        return nb, resources


class Save(SaveCells):
    """Lets the gradebook know that writing takes a coach's comment and counts as written. It stands in for nbgrader's SaveCells.

    nbgrader keeps comments of solution cells only. A solution cell could be changed by a learner and would not be run, so in the
    notebook the cell stays a locked grade cell; it is both in the gradebook.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        course = _here()
        self.by_hand = {exercise.name for exercise in _by_hand(course, _lesson(course, resources))}
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        super().preprocess_cell(cell, resources, cell_index)
        if is_grade(cell) and cell.metadata.nbgrader.grade_id in self.by_hand:
            self._create_solution_cell(cell)
            self.new_grade_cells[cell.metadata.nbgrader.grade_id]["cell_type"] = "markdown"
        return cell, resources


class Grade(NbGraderPreprocessor):
    """Puts the score of each exercise where running its cell would put it. It stands in for nbgrader's Execute."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Raise CourseError when the lesson is no longer as it was released."""
        try:
            course, folder = _here(), Path(resources["metadata"]["path"])
            lesson = _lesson(course, resources)
            ours: set[str] = set()
            if resources["nbgrader"]["notebook"] == lesson.id:
                released = nbformat.read(course.root / RELEASE / lesson.id / f"{lesson.id}.ipynb", as_version=4)
                nb.cells += _missing(released, nb)
                ours = {cell.source for cell in released.cells}
            for cell in nb.cells:
                if cell.cell_type == "code":
                    cell.execution_count = None
                    cell.outputs = list(_outputs(course, lesson, folder, cell)) if is_locked(cell) else []
                elif cell.source not in ours:  # a trainer's browser will show it: what a learner wrote stays text
                    cell.cell_type, cell.source = "markdown", f"<pre>{html.escape(cell.source)}</pre>"
        except BaseException:
            os.environ.pop("NBGRADER_EXECUTION", None)  # nbgrader leaves it set, and every later kernel would inherit it
            raise
        return nb, resources


class ByHand(NbGraderPreprocessor):
    """After nbgrader has saved the scores: puts writing that waits for a coach on formgrader's list, and gives its cell a comment box.

    A writing that has been marked and is graded again, its text unchanged, does not wait again.
    """

    academy = Unicode(help="The academy's data folder.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        course, folder, person = _here(), Path(resources["metadata"]["path"]), resources["nbgrader"]["student"]
        lesson = _lesson(course, resources)
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_grade(cell)}
        exercises = [exercise for exercise in _by_hand(course, lesson) if exercise.name in cells]
        if not exercises or resources["nbgrader"]["notebook"] != lesson.id:
            return nb, resources
        store = Academy(course.root, Path(self.academy)).store()
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook:
            for exercise in exercises:
                place = exercise.name, lesson.id, lesson.id, person
                gradebook.find_grade(*place).needs_manual_grade = waiting(store, exercise, person, folder)
                try:
                    gradebook.find_comment(*place)
                except MissingEntry:  # released before comments were kept
                    continue
                cells[exercise.name].metadata.nbgrader["solution"] = True
            gradebook.db.commit()
        store.close()
        return nb, resources


class PlainComments(NbGraderPreprocessor):
    """Shows comments in feedback as the plain text that they are: nbgrader would take them for Markdown and HTML."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        for cell in nb.cells:
            comment = cell.metadata.get("nbgrader", {}).get("comment")
            if comment:
                cell.metadata.nbgrader["comment"] = f'<pre style="white-space: pre-wrap">{html.escape(comment)}</pre>'
        return nb, resources


def mark_up(notebook: Any, course: Course, lesson: Lesson) -> None:
    """Set the nbgrader metadata of each exercise cell: a grade cell, or a read-only one where nothing is scored."""
    for cell in notebook["cells"]:
        name = content.exercise_name("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if name is not None:
            points = kinds.out_of(course.exercises[f"{lesson.id}/{name}"])
            head = {"cell_type": "code", "grade": points > 0, "grade_id": name, "locked": True}
            tail = {"schema_version": 3, "solution": False, "task": False}
            cell["metadata"]["nbgrader"] = head | ({"points": points} if points > 0 else {}) | tail


def _outputs(course: Course, lesson: Lesson, folder: Path, cell: Any) -> Iterator[Any]:
    name = content.exercise_name(cell.source)
    exercise = course.exercises.get(f"{lesson.id}/{name}")
    if exercise is None:
        if is_grade(cell):  # a grade cell without a result would earn all its points
            text = "This cell is not an exercise of the workbook, so it was not run. Grade it with stock nbgrader, or by hand."
            yield new_output("error", ename="NotGraded", evalue=text, traceback=[text])
        return
    points = float(cell.metadata["nbgrader"].get("points", 0))
    if points != kinds.out_of(exercise):
        raise CourseError(
            course.root / SOURCE / lesson.id, f"{name!r} is worth other points than when it was released. Release the lesson again"
        )
    marked = responses.mark(exercise, folder)
    shown = {"text/html": plain.html(exercise, marked, course.options), "text/plain": exercise.body.title}
    yield new_output("display_data", data=shown)
    yield new_output("execute_result", data={"text/plain": repr(float(marked.score.points))})


def _missing(released: Any, nb: Any) -> list[Any]:
    """Return the released grade cells that `nb` lacks: a cell taken out must not leave an older score standing."""
    there = {cell.metadata["nbgrader"].get("grade_id") for cell in nb.cells if is_grade(cell)}
    return [cell for cell in released.cells if is_grade(cell) and cell.metadata["nbgrader"]["grade_id"] not in there]


def _by_hand(course: Course, lesson: Lesson) -> list[Exercise]:
    return [exercise for exercise in course.of(lesson.id) if exercise.marked_by_hand]


def _lesson(course: Course, resources: Mapping[str, Any]) -> Lesson:
    name = resources["nbgrader"]["assignment"]
    if name not in course.lessons:
        raise CourseError(course.root / SOURCE / name, "This folder is not a lesson yet. Add it to the lessons in course/course.yml")
    return course.lessons[name]


def _here() -> Course:
    """Return the course nbgrader is at work in: it makes the course's folder its working folder."""
    root = content.find_root(Path.cwd())
    files = [path for folder in ("course", SOURCE) for path in sorted((root / folder).rglob("*")) if path.is_file()]
    return _loaded(root, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@functools.lru_cache(maxsize=1)
def _loaded(root: Path, _files: tuple[tuple[Path, int, int], ...]) -> Course:
    return content.load(root)
