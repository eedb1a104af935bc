"""exercise("name") in a notebook cell: one object, shown as the place where it runs needs it."""

from __future__ import annotations

import functools
import getpass
import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from sopkit import academy, content, plain, release, responses
from sopkit.content import Course
from sopkit.errors import CourseError, Refusal
from sopkit.kinds import Exercise
from sopkit.model import OWN_PRACTICE, Mode, Person, Role, Session, Setting
from sopkit.sitting import InFile, InStore, Keep, Sitting, wording
from sopkit.store import Store


class Surface(Enum):
    """Where an exercise cell runs."""

    GRADING = "grading"  # nbgrader runs the notebook: the score, and the response as plain HTML
    TRAINER = "trainer"  # JupyterLab with the keys: the player, kept as that person's own practice
    LEARNER = "learner"  # JupyterLab with a release: the player, kept in the response file


def surface(environ: Mapping[str, str], folder: Path) -> Surface:
    """Decide the surface from the environment and the notebook's folder."""
    if environ.get("NBGRADER_EXECUTION") == "autograde":
        return Surface.GRADING
    return Surface.LEARNER if (folder / release.COURSE).exists() else Surface.TRAINER


def exercise(name: str) -> Any:
    """Show an exercise of the lesson whose folder the notebook is in.

    Returns:
        The score, a plain float, while nbgrader is grading; otherwise the widget.

    Raises:
        CourseError: there is no such exercise here.
    """
    folder = Path.cwd()
    where = surface(os.environ, folder)
    course = release.read(folder) if where is Surface.LEARNER else content.load(content.find_root(_course_folder(folder)))
    found = course.exercises.get(f"{folder.name}/{name}")
    if found is None:
        raise CourseError(folder, f"There is no exercise {name!r} in this lesson")
    if where is Surface.GRADING:
        from IPython.display import HTML, display

        marked = responses.mark(found, folder)
        display(HTML(plain.html(found, marked, course.options)))
        return float(marked.score.points)
    from sopkit.widgets import Player

    private = _private(folder) if found.kind.PRIVATE else None
    keep, person = (InFile(folder, folder.name, name, private), None) if where is Surface.LEARNER else _own_practice(course, found)
    return Player(Single(Sitting(course, found, keep, person, course.profile(course.default_profile))))


class Single:
    """Answers the player for one exercise in JupyterLab."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting

    def __call__(self, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
        sitting = self.sitting
        match kind:
            case "hello":
                return {
                    "surface": "single",
                    "person": {"id": sitting.person.id, "name": sitting.person.name} if sitting.person else None,
                    "academy": sitting.course.title, "session": None, "health": None, "sign_out": None,
                    **wording(sitting.course, sitting.profile),
                    "lessons": [], "next": None,
                    "record": {"named": [0, 0], "mixed": None, "sure_missed": 0, "answered": 0},
                    "exercise": sitting.view(),
                }  # fmt: skip
            case "open":
                return sitting.view()
            case "draft":
                return sitting.save_draft(message.get("revision"), message.get("draft"))
            case "hints":
                return sitting.hints(message.get("response"))
            case "answer":
                return sitting.answer(message.get("version"), message.get("key"), message.get("response"))
        raise Refusal("unknown", "This is not known here. Run the cell again.")


def _course_folder(folder: Path) -> Path:
    return Path(os.environ["SOPKIT_COURSE"]) if "SOPKIT_COURSE" in os.environ else folder


def _private(folder: Path) -> Path:
    """Return the folder under the learner's home for what is never handed in with `folder`."""
    place = Path.home() / ".sopkit" / "private" / folder.name
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@functools.lru_cache(maxsize=1)
def _own_store(root: Path) -> Store:
    return academy.locate(root).store()


def _own_practice(course: Course, exercise: Exercise) -> tuple[Keep, Person]:
    store = _own_store(course.root)
    person = Person(f"{OWN_PRACTICE}-{getpass.getuser()}"[:80], getpass.getuser(), Role.TRAINER)
    if store.person(person.id) is None:
        store.add_people([person])
    session = store.session(OWN_PRACTICE)
    if session is None or exercise.lesson not in session.lessons:
        lessons = {lesson: Setting(Mode.PRACTICE) for lesson in course.lessons}
        store.put_session(
            Session(
                OWN_PRACTICE,
                "Own practice in JupyterLab",
                "no-join-code-" + os.urandom(8).hex(),
                course.default_profile,
                open=True,
                lessons=lessons,
            )
        )
    return InStore(store, person.id, OWN_PRACTICE, exercise.ref), person
