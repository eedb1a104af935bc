"""The release: fresh, without keys, repeatable, and plain about what nbgrader does not allow."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keys
import nbformat
import pytest
from nbgrader.api import Gradebook

from sopkit import content, gradebook, kinds, release
from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.errors import ContentError, CourseError
from sopkit.gradebook.running import IGNORED

ROOT = Path(__file__).parent.parent
PARTS = ("course", "solutions", "exercises", "nbgrader_config.py")


def copy(root: Path) -> Path:
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
        else:
            shutil.copy(ROOT / name, root / name)
    return root


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Academy:
    """A copy of the course, released again."""
    root = copy(tmp_path_factory.mktemp("course"))
    academy = Academy(root, root / "academy")
    assert gradebook.release(root, academy) == list(content.load(root).lessons)
    return academy


@pytest.fixture(scope="module")
def course() -> Course:
    return content.load(ROOT)


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
def test_what_is_committed_is_fresh(again: Academy, folder: str) -> None:
    kept, made = files(ROOT / folder), files(again.root / folder)
    kept = {name: data for name, data in kept.items() if ".ipynb_checkpoints" not in name}
    assert kept.keys() == made.keys(), "run `sopkit release` and commit"
    assert [name for name in kept if kept[name] != made[name]] == [], "run `sopkit release` and commit"


def test_a_second_release_changes_nothing(again: Academy) -> None:
    before = files(again.root / "exercises")
    gradebook.release(again.root, again)
    assert files(again.root / "exercises") == before
    assert not (again.folder / "releasing").exists()


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, spaces made even."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def test_the_release_has_no_key() -> None:
    for path in sorted((ROOT / "exercises").rglob("*")):
        assert path.is_dir() or path.suffix in (".json", ".ipynb"), path
        if path.suffix == ".json":
            file = json.loads(path.read_text(encoding="utf-8"))
            secret = keys.secret_names(file["body"]["kind"]) if "body" in file else keys.NAMES - {"label"}
            assert not set(keys.names(file)) & secret, path


def test_the_release_has_no_words_of_an_explanation(course: Course) -> None:
    paths = [path for path in sorted((ROOT / "exercises").rglob("*")) if path.is_file()]
    released = " ".join(text for path in paths for text in texts(json.loads(path.read_text(encoding="utf-8"))))
    told = {text for e in course.exercises.values() for text in texts(kinds.strip(e.keyed).model_dump())}
    told |= {" ".join(e.family.story.split()) for e in course.exercises.values() if e.family}
    told |= set(course.questions.values())
    told |= {text for rubric in course.rubrics.values() for text in texts(release.public(rubric).model_dump())}
    whole = [e.keyed for e in course.exercises.values()] + list(course.rubrics.values())
    secret = {text for one in whole for text in texts(one.model_dump()) if len(text.split()) > 4}
    secret = {text for text in secret if not any(text in public for public in told)}  # quotations of what is shown are no secret
    assert len(secret) > 1000
    assert sorted(text for text in secret if text in released) == []


def test_source_cells_are_marked_for_nbgrader(course: Course) -> None:
    for lesson in course.lessons.values():
        notebook = nbformat.read(ROOT / "solutions" / lesson.id / f"{lesson.id}.ipynb", as_version=4)
        marked = {}
        for cell in notebook.cells:
            if name := content.exercise_name(cell.source) if cell.cell_type == "code" else None:
                marked[name] = dict(cell.metadata["nbgrader"])
            assert not cell.get("outputs")
        assert list(marked) == [exercise.name for exercise in course.of(lesson.id)]
        for exercise in course.of(lesson.id):
            points = kinds.out_of(exercise)
            graded = {"points": points} if points else {}
            assert marked[exercise.name] == graded | {
                "cell_type": "code", "grade": bool(points), "grade_id": exercise.name, "locked": True,
                "schema_version": 3, "solution": False, "task": False,
            }  # fmt: skip


def test_the_gradebook_knows_the_points(again: Academy, course: Course) -> None:
    with Gradebook(again.gradebook_url) as book:
        for lesson in course.lessons:
            assert book.find_assignment(lesson).max_score == sum(map(kinds.out_of, course.of(lesson)))


def test_the_release_stands_on_its_own(course: Course) -> None:
    for lesson in course.lessons.values():
        alone = release.read(ROOT / "exercises" / lesson.id)
        assert [e.version for e in alone.exercises.values()] == [e.version for e in course.of(lesson.id)]
        assert {e.body.kind for e in alone.exercises.values() if e.has_key} <= {"reflect"}, "which has no key to take out"


def drop_exercise(root: Path, lesson: str) -> str:
    path = root / "solutions" / lesson / f"{lesson}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    gone = max(i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code")
    name = content.exercise_name("".join(notebook["cells"].pop(gone)["source"]))
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (path.parent / f"{name}.yml").unlink()
    return f"{name}.json"


def test_exercises_cannot_go_once_work_is_in_the_gradebook(again: Academy, tmp_path: Path) -> None:
    root = copy(tmp_path)
    academy = Academy(root, root / "academy")
    shutil.copytree(again.folder, academy.folder)
    lesson = next(iter(content.load(root).lessons))
    with Gradebook(academy.gradebook_url) as book:
        book.add_student("ana")
        book.add_submission(lesson, "ana")
    gradebook.release(root, academy)  # nothing changed: allowed
    before = files(root / "exercises")
    gone = drop_exercise(root, lesson)
    with pytest.raises(CourseError, match="SOPKIT_ACADEMY"):
        gradebook.release(root, academy)
    assert files(root / "exercises") == before  # learners keep the release they have
    assert gradebook.release(root, Academy(root, root / "next")) == list(content.load(root).lessons)  # as the message says
    assert not (root / "exercises" / lesson / gone).exists()


def test_a_faulty_course_is_not_released(again: Academy, tmp_path: Path) -> None:
    root = copy(tmp_path)
    next((root / "solutions").rglob("*.yml")).write_text("kind: classify\n", encoding="utf-8")
    with pytest.raises(ContentError):
        gradebook.release(root, again)
    assert files(root / "exercises") == files(ROOT / "exercises")


def test_nbgrader_never_copies_keys(tmp_path: Path) -> None:
    from nbgrader.utils import find_all_files, ignore_patterns

    for name in ("a.yml", "a.yml~", ".a.yml.swp", "a.yaml", "#a.yml#", "a.json", "a.png"):
        (tmp_path / name).touch()
    kept = sorted(Path(path).name for path in find_all_files(str(tmp_path), IGNORED))
    ignored = ignore_patterns(IGNORED, ["*"])(str(tmp_path), [path.name for path in tmp_path.iterdir()])
    assert kept == ["a.json", "a.png"] == sorted(path.name for path in tmp_path.iterdir() if path.name not in ignored)
