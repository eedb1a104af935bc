"""A page of the running academy: the widget of one app, whose person is known once the server has bound its kernel."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sopkit import academy, content
from sopkit.apps.desk import Desk
from sopkit.apps.workbook import Workbook
from sopkit.content import Course
from sopkit.errors import Refusal, SopkitError
from sopkit.model import Person, Role, Session
from sopkit.store import Store
from sopkit.widgets import Handler, Player


def workbook() -> Player:
    """The trainee's page, for notebooks/workbook.ipynb."""
    return _page("workbook")


def trainer() -> Player:
    """The trainer's page, for notebooks/trainer.ipynb."""
    return _page("trainer")


def coach() -> Player:
    """The coach's page, for notebooks/coach.ipynb."""
    import sopkit.apps.coach  # noqa: F401  (numpy, loaded before anybody waits, and never in a trainee's kernel)

    return _page("coach")


log = logging.getLogger("sopkit")

ROLES = {
    "workbook": frozenset({Role.TRAINEE, Role.TRAINER, Role.COACH}),
    "trainer": frozenset({Role.TRAINER}),
    "coach": frozenset({Role.COACH}),
}
"""Who may open which app."""


class Page:
    """Answers the player of one page. Everything slow is done before anybody claims the page."""

    def __init__(self, app: str, kernel: str) -> None:
        self.app, self.kernel = app, kernel
        self.academy = academy.locate()
        self.store = self.academy.store()
        self.course: Course | None = None
        self.stamp = 0.0
        _log_to(self.academy.folder / "pages.log")
        self._load()
        self.handler: Handler | None = None

    def __call__(self, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
        if self.handler is None:
            self.handler = self._claimed()
        return self.handler(kind, message)

    def _claimed(self) -> Handler:
        found = self.store.claimed(self.kernel)
        if found is None:
            raise Refusal("unclaimed", "Please sign in again.")
        person, session = found
        if person.role not in ROLES[self.app]:
            raise Refusal("forbidden", "This page is for others. Go back to your workbook.")
        if self.course is None or self._changed():
            self._load()
        if self.course is None:
            raise Refusal("course", "The course files have a fault, so this page cannot open now. Trainer: run sopkit check.")
        return handler(self.app, self.course, self.store, person, session, f"/health/{self.kernel}")

    def _changed(self) -> bool:
        try:
            return stamp(self.academy.published) != self.stamp
        except OSError:  # a release is being put in place
            return True

    def _load(self) -> None:
        """Load the course as it is now. While somebody is editing a fault into it, the last good one serves on."""
        try:
            now = stamp(self.academy.published)
            self.course, self.stamp = content.load(self.academy.published, notebooks=content.RELEASE), now
        except (SopkitError, OSError) as error:
            log.warning("The course cannot be loaded: %s", error)


def handler(app: str, course: Course, store: Store, person: Person, session: Session | None, health: str) -> Handler:
    """Return what answers `person` in `app`. Staff without a session see the first open one."""
    here = session or next((s for s in store.sessions() if s.open and s.lessons), None)
    if here is None:
        raise Refusal("closed", "No class is open now. Ask your trainer for a class code.")
    if app == "workbook":
        return Workbook(course, store, person, here, health, course.title)
    if app == "coach":
        from sopkit.apps.coach import Coach

        return Coach(course, store, person, health)
    return Desk(course, store, person, health)


def stamp(root: Path) -> float:
    """Return when the course's files last changed, in seconds."""
    folders = (root / name for name in ("course", content.SOURCE, content.RELEASE))
    return max(path.stat().st_mtime for folder in folders for path in folder.rglob("*"))


def _log_to(path: Path) -> None:
    """Send what this process logs to a file: a kernel's standard error goes to the browser, and a log may quote a key."""
    root = logging.getLogger()
    if not any(isinstance(handler, logging.FileHandler) for handler in root.handlers):
        root.addHandler(logging.FileHandler(path, encoding="utf-8"))


def _page(app: str) -> Player:
    from comm import get_comm_manager

    # A visitor's browser may open comms. It needs to reach widgets that exist, never to make new ones.
    get_comm_manager().targets.pop("jupyter.widget", None)
    # Voilà tells the kernel its own id just before it runs the notebook.
    return Player(Page(app, os.environ.get("VOILA_KERNEL_ID", "")))
