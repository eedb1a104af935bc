"""The trainer's first page: how far each class is, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sopkit.content import Course
from sopkit.errors import Refusal
from sopkit.model import Person, Session
from sopkit.store import Store


class Desk:
    """Answers the player of a trainer."""

    def __init__(self, course: Course, store: Store, person: Person, health: str) -> None:
        self.course, self.store, self.person, self.health = course, store, person, health

    def __call__(self, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
        if kind != "hello":
            raise Refusal("unknown", "This page asked for something that is not known here. Reload the page.")
        sessions = [session for session in self.store.sessions() if session.lessons and session.open]
        tables = [table for session in sessions for table in self._class(session)]
        return {
            "surface": "desk",
            "person": {"id": self.person.id, "name": self.person.name},
            "academy": self.course.title,
            "session": None,
            "health": self.health,
            "sign_out": "/logout",
            "title": "Your classes now",
            "text": "Counts only: nobody is ranked, and answers stay with the learner and the coach.",
            "empty": "No class is open. Open one with: sopkit open",
            "tables": tables,
        }

    def _class(self, session: Session) -> list[dict[str, Any]]:
        """Return one table: for each exercise, how many have begun and finished it."""
        roster = self.store.roster(session.id)
        rows: list[list[str]] = []
        items: dict[tuple[str, str], set[str]] = {}
        for person in roster:
            for attempt in self.store.attempts(person.id, session.id):
                setting = session.lessons.get(attempt.ref.split("/")[0])
                if setting is not None and attempt.mode is setting.mode:
                    items.setdefault((attempt.ref, person.id), set()).add(attempt.item)
        for lesson in (self.course.lessons[name] for name in session.lessons if name in self.course.lessons):
            for exercise in self.course.of(lesson.id):
                counts = [exercise.done(items.get((exercise.ref, person.id), set())) for person in roster]
                finished = sum(count >= exercise.size for count in counts)
                rows.append([exercise.number, exercise.body.title, str(sum(c > 0 for c in counts)), str(finished)])
        modes = ", ".join(
            f"Lesson {self.course.lessons[n].number}: {s.mode}" for n, s in session.lessons.items() if n in self.course.lessons
        )
        caption = f"{session.title}. Class code {session.code}. {len(roster)} {'person' if len(roster) == 1 else 'people'}. {modes}."
        return [{"caption": caption, "columns": ["", "Exercise", "Begun", "Finished"], "rows": rows}]
