"""The data folder: what people see is what was released, and one secret for all time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample import LESSON

from sopkit import cli, content, release
from sopkit.academy import Academy
from sopkit.errors import SopkitError

DECK = f"{LESSON}/mixed-a"


@pytest.fixture
def academy(root: Path, tmp_path: Path) -> Academy:
    """An academy beside a copy of the course, released as it is."""
    course = content.load(root)
    for lesson in course.lessons.values():
        folder = root / content.RELEASE / lesson.id
        folder.mkdir(parents=True)
        shutil.copy(root / content.SOURCE / lesson.id / f"{lesson.id}.ipynb", folder)
        for name, text in release.files(course, lesson):
            (folder / name).write_text(text, encoding="utf-8")
    return Academy(root, tmp_path / "academy")


def seen(academy: Academy) -> str:
    """The title of a deck, as pages would show it."""
    return cli._course_to_serve(academy).exercises[DECK].body.title


def edit(academy: Academy, text: str) -> None:
    path = academy.root / "solutions" / LESSON / "mixed-a.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("All five terms, set A", text, 1), encoding="utf-8")


def test_people_see_the_release_and_not_what_is_being_edited(academy: Academy, capsys: pytest.CaptureFixture[str]) -> None:
    assert academy.published == academy.root
    assert seen(academy) == "All five terms, set A"
    assert academy.published != academy.root
    edit(academy, "Something new")
    assert seen(academy) == "All five terms, set A"
    assert "not released" in capsys.readouterr().out
    academy.publish_course()
    assert seen(academy) == "Something new"


def test_a_fault_in_the_course_does_not_close_the_class(academy: Academy, capsys: pytest.CaptureFixture[str]) -> None:
    seen(academy)
    edit(academy, "[oops")
    assert seen(academy) == "All five terms, set A"
    assert "mixed-a.yml" in capsys.readouterr().err


def test_a_first_start_needs_a_course_without_faults(academy: Academy) -> None:
    edit(academy, "[oops")
    with pytest.raises(SopkitError, match=r"mixed-a\.yml"):
        seen(academy)


def test_the_secret_is_made_once_and_for_the_owner_only(academy: Academy) -> None:
    secret = academy.secret()
    assert len(secret) == 32 and academy.secret() == secret
    assert (academy.folder / "cookie-secret").stat().st_mode & 0o077 == 0


def test_what_pages_read_has_its_keys(academy: Academy) -> None:
    academy.publish_course()
    assert all(exercise.has_key for exercise in content.load(academy.published, notebooks=content.RELEASE).exercises.values())
