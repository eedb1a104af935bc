"""The nbgrader bridge: release lessons, put hand-ins in the gradebook, grade without running learners' code.

nbgrader changes the working folder and the environment of its process while it works (and, after a failure, leaves
NBGRADER_EXECUTION set): call `release` and `publish` from a process that serves nobody.
"""

from __future__ import annotations

import functools
import html
import io
import json
import logging
import os
import re
import shutil
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.api
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, rmtree
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from sopkit import content, kinds, plain, responses
from sopkit import release as release_files
from sopkit.academy import Academy
from sopkit.content import RELEASE, SOURCE, Course, Lesson
from sopkit.errors import CourseError
from sopkit.model import usable_id
from sopkit.store import HandIn, Store

COURSE_ID = "sop"
"""The course's name in nbgrader's exchange."""

IGNORED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.yml*", ".*.yml*", "*.yaml*", ".*.yaml*"]
"""What nbgrader never copies: its own list, and all that may hold keys, hidden backups of editors too."""

RELEASE_WAIT = 60.0
"""Seconds that a release waits for a publish that is under way."""

if shutil.which("alembic") is None:  # nbgrader runs it as a program when it makes a gradebook
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


def publish(academy: Academy, store: Store, course: Course) -> int:
    """Put the hand-ins that the gradebook does not have into it, graded; return how many it took.

    The newest hand-in of a person and lesson stands for the older ones. One that cannot be taken keeps its fault in the
    store, is tried again next time, and holds up no other. A mark that a person gave is kept. When another process is
    publishing, nothing is done here.
    """
    newest: dict[tuple[str, str], list[HandIn]] = {}
    known: set[str] = set()
    taken = 0
    with _alone(academy) as alone:
        if not alone:
            return 0
        for hand_in in store.unpublished():
            newest.setdefault((hand_in.person, hand_in.lesson), []).append(hand_in)
        for waiting in newest.values():
            waiting.sort(key=lambda hand_in: (hand_in.mode.once, hand_in.id))  # the last one counts
        for (person, lesson), waiting in newest.items():
            fault = None
            if not waiting[-1].mode.once and store.checked(person, lesson):
                for hand_in in waiting:  # practice after a check stays practice: the gradebook keeps the check
                    store.published(hand_in.id)
                continue
            try:
                if lesson not in known:
                    known |= _register(academy, course, lesson)
                _submit(academy, store, course, waiting[-1])
                grade(academy, lesson, person)
            except Exception as error:  # whatever is wrong with one hand-in, the others go on
                fault = str(error) or type(error).__name__
                _log.exception("Hand-in %s of %s is not in the gradebook", waiting[-1].id, person)
            for hand_in in waiting[-1:] if fault else waiting:
                store.published(hand_in.id, fault)
            taken += fault is None
    return taken


def grade(academy: Academy, lesson: str, person: str = "*") -> None:
    """Grade what `person` (or everybody) has handed in for `lesson`, as `nbgrader autograde` would, into the gradebook.

    Raises:
        CourseError: nbgrader could not grade; the text says why.
    """
    _run(_converter(Autograde, academy), assignment_id=lesson, student_id=person)


def release(course_root: Path, academy: Academy) -> list[str]:
    """Release every lesson of the course, without keys; return their ids.

    The nbgrader metadata of the source notebooks is brought up to date on the way. A lesson that cannot be released
    keeps the release it had.

    Raises:
        ContentError: with every fault of the course.
        CourseError: nbgrader refuses, for instance because exercises came or went after work was handed in.
    """
    course = content.load(course_root)
    with _alone(academy, RELEASE_WAIT) as alone:
        if not alone:
            raise CourseError(academy.folder, "The gradebook is busy with hand-ins. Release again in a minute")
        fresh = academy.folder / "releasing"
        generate = _converter(GenerateAssignment, academy)
        generate.coursedir.release_directory = _step(academy, fresh.name)
        for lesson in course.lessons.values():
            _mark_source(course, lesson)
            try:
                _run(generate, assignment_id=lesson.id)
            except CourseError as error:
                raise _explained(error, course, lesson) from error
            _put(fresh / lesson.id, course.root / RELEASE / lesson.id)
        shutil.rmtree(fresh, ignore_errors=True)
    return list(course.lessons)


def _put(new: Path, place: Path) -> None:
    """Put a folder in place of another, with no moment in which neither is there for long."""
    place.parent.mkdir(exist_ok=True)
    beside, old = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    for folder in (beside, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.move(new, beside)
    if place.exists():
        place.rename(old)
    beside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def configure(config: Config, academy: Academy) -> None:
    """Set nbgrader up for the academy: its folders, what it never copies, and grading without running code."""
    academy.folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # nbgrader does not make its gradebook's folder
    folders = config.CourseDirectory
    folders.root, folders.course_id, folders.db_url = str(academy.root.resolve()), COURSE_ID, academy.gradebook_url
    folders.source_directory, folders.release_directory = SOURCE, RELEASE
    folders.submitted_directory = _step(academy, "submitted")
    folders.autograded_directory = _step(academy, "autograded")
    folders.feedback_directory = _step(academy, "feedback")
    folders.ignore = list(IGNORED)
    config.GenerateAssignment.preprocessors = [Release, *GenerateAssignment.preprocessors.default()]
    steps = Autograde.autograde_preprocessors.default()
    config.Autograde.autograde_preprocessors = [Grade if step is Execute else step for step in steps]


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


def mark_up(notebook: Any, course: Course, lesson: Lesson) -> None:
    """Set the nbgrader metadata of each exercise cell: a grade cell, or a read-only one where nothing is scored."""
    for cell in notebook["cells"]:
        name = content.exercise_name("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if name is not None:
            points = kinds.out_of(course.exercises[f"{lesson.id}/{name}"])
            head = {"cell_type": "code", "grade": points > 0, "grade_id": name, "locked": True}
            tail = {"schema_version": 3, "solution": False, "task": False}
            cell["metadata"]["nbgrader"] = head | ({"points": points} if points > 0 else {}) | tail


def _mark_source(course: Course, lesson: Lesson) -> None:
    path = course.root / SOURCE / lesson.id / f"{lesson.id}.ipynb"
    before = path.read_text(encoding="utf-8")
    notebook = json.loads(before)
    mark_up(notebook, course, lesson)
    after = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    if json.loads(before) != notebook:
        path.write_text(after, encoding="utf-8", newline="\n")


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


def _register(academy: Academy, course: Course, lesson: str) -> set[str]:
    """Let a gradebook that is new, beside a course that came released, know the lesson; return the lessons it knows."""
    with Gradebook(academy.gradebook_url, COURSE_ID) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
    if lesson in course.lessons and lesson not in known:
        generate = _converter(GenerateAssignment, academy)
        generate.coursedir.release_directory = _step(academy, "releasing")
        _run(generate, assignment_id=lesson)
        shutil.rmtree(academy.folder / "releasing", ignore_errors=True)
        known.add(lesson)
    return known


def _submit(academy: Academy, store: Store, course: Course, hand_in: HandIn) -> None:
    """Write the folder that nbgrader's own collect would have written, whole or not at all."""
    person, lesson = hand_in.person, hand_in.lesson
    if lesson not in course.lessons:
        raise CourseError(course.root / SOURCE / lesson, "There is no such lesson any more")
    submitted = academy.folder / "submitted"
    submitted.mkdir(parents=True, exist_ok=True)
    check_id(person)
    if (submitted / person).exists() and person not in {folder.name for folder in submitted.iterdir()}:
        raise CourseError(submitted / person, "Another learner's id differs only in capitals, and this disk cannot tell them apart")
    new = submitted.with_name("submitting")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    shutil.copy(course.root / RELEASE / lesson / f"{lesson}.ipynb", new)
    entries = {name.rpartition("/")[2]: responses.Entry.model_validate(raw) for name, raw in hand_in.responses.items()}
    responses.write(new, responses.File(lesson=lesson, responses=entries))
    at = hand_in.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    (new / "timestamp.txt").write_text(at, encoding="utf-8")
    if (submitted / person / lesson).exists():
        rmtree(str(submitted / person / lesson))
    (submitted / person).mkdir(exist_ok=True)
    new.rename(submitted / person / lesson)
    known = store.person(person)
    first, _, last = (known.name if known else person).strip().rpartition(" ")
    with Gradebook(academy.gradebook_url, COURSE_ID) as gradebook:
        gradebook.update_or_create_student(person, first_name=first or last, last_name=last if first else "")


def check_id(person: str) -> None:
    """Raise CourseError when an id cannot be the name of a folder on every system, or would mean several to nbgrader.

    >>> check_id("a.perez-7@county")
    >>> check_id("../a")
    Traceback (most recent call last):
    sopkit.errors.CourseError: This learner id cannot name a folder (letters, digits, and . _ - @ between them): ../a
    """
    if not usable_id(person):
        raise CourseError(person, "This learner id cannot name a folder (letters, digits, and . _ - @ between them)")


def _step(academy: Academy, name: str) -> str:
    """Return a folder of the academy as nbgrader wants it: within the course, or absolute."""
    folder, root = academy.folder.resolve(), academy.root.resolve()
    return str((folder / name).relative_to(root) if folder.is_relative_to(root) else folder / name)


def _converter(kind: Any, academy: Academy) -> Any:
    config = Config()
    configure(config, academy)
    coursedir = CourseDirectory(config=config, log=_log)
    return kind(coursedir=coursedir, config=config, log=_log, force=True)


def _run(converter: Any, **which: str) -> None:
    """Run an nbgrader step in process; raise CourseError with its reason when it fails."""
    for name, value in which.items():
        setattr(converter.coursedir, name, value)
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setLevel(logging.ERROR)
    _log.addHandler(handler)
    before = os.environ.get("NBGRADER_EXECUTION")
    try:
        with _one_engine(), warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            converter.start()
    except Exception as error:
        raise CourseError(converter.coursedir.assignment_id, _reason(said.getvalue()) or str(error)) from error
    finally:
        _log.removeHandler(handler)
        if before is None:
            os.environ.pop("NBGRADER_EXECUTION", None)


@contextmanager
def _one_engine() -> Iterator[None]:
    """Let nbgrader, which opens its gradebook a dozen times a submission, do so with one engine: about a third less time."""
    stock, nbgrader.api.create_engine = nbgrader.api.create_engine, _engine
    try:
        yield
    finally:
        nbgrader.api.create_engine = stock


_engine = functools.lru_cache(maxsize=1)(nbgrader.api.create_engine)


def _reason(log: str) -> str:
    """Return the last line of the first traceback in what nbgrader logged, without the name of the exception's class."""
    found = re.search(r"^Traceback.*?^(?:[\w.]+: )?(\S[^\n]*)", re.sub(r"^(?:  .*|\s*)\n", "", log, flags=re.M), re.S | re.M)
    return found[1] if found else ""


def _explained(error: CourseError, course: Course, lesson: Lesson) -> CourseError:
    if "Cannot add or remove cells" not in str(error) and "Cannot modify existing" not in str(error):
        return error
    text = (
        "Exercises came, went or changed names, and work on this lesson is already in the gradebook, which then allows none of it. "
        "Either put the exercises back as they were, or give the changed lesson a folder and a name of its own, "
        "or finish this academy and start the next with a data folder of its own (SOPKIT_ACADEMY)"
    )
    return CourseError(course.root / SOURCE / lesson.id, text)


@contextmanager
def _alone(academy: Academy, wait: float = 0.0) -> Iterator[bool]:
    """Yield whether this process alone writes to the gradebook now. The system frees the lock of a process that died."""
    academy.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + wait
    with (academy.folder / "gradebook.lock").open("ab") as file:
        while not (held := _lock(file.fileno())) and time.monotonic() < until:
            time.sleep(0.1)
        yield held


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
