"""The coach's page: answers each request of the player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sopkit.apps.calibration import Calibration
from sopkit.apps.learner import Learners
from sopkit.apps.marking import Marking
from sopkit.content import Course
from sopkit.errors import Refusal
from sopkit.model import Person
from sopkit.sitting import wording
from sopkit.store import Store


class Coach:
    """One coach's desk: the queue, marking, calibration with the other coaches, learners, a group."""

    def __init__(self, course: Course, store: Store, person: Person, health: str) -> None:
        self.course, self.store, self.person, self.health = course, store, person, health
        self.marking = Marking(course, store, person)
        self.calibration = Calibration(self.marking)
        self.learners = Learners(course, store, person, self.marking)

    def __call__(self, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
        get, marking, learners = message.get, self.marking, self.learners
        match kind:
            case "hello":
                return self.hello()
            case "queue":
                return self.queue(message)
            case "take":
                return marking.take(get("attempt"), get("reading"), get("names") is True)
            case "mark":
                marking.mark(message)
                return self.queue(message)
            case "release":
                marking.release(get("attempt"), get("reading"))
                return self.queue(message)
            case "add_comment":
                return {"comments": marking.add_comment(get("rubric"), get("line"), get("text"))}
            case "drop_comment":
                return {"comments": marking.drop_comment(get("rubric"), get("id"))}
            case "warm_up":
                return self.calibration.warm_up(get("rubric"))
            case "warmed":
                return self.calibration.warmed(get("rubric"), get("exemplar"), get("marks"))
            case "agreement":
                return self.calibration.agreement()
            case "learners":
                return learners.classes()
            case "learner":
                return learners.one(get("session"), get("person"))
            case "goal":
                return learners.set_goal(get("session"), get("person"), get("text"), get("levels"), get("review"))
            case "rating":
                return learners.rate_goal(get("session"), get("person"), get("goal"), get("level"))
            case "minutes":
                return learners.add_minutes(get("session"), get("person"), get("minutes"), get("what"))
            case "note":
                return learners.add_note(get("session"), get("person"), get("text"), get("shared"))
            case "group":
                return learners.group(get("session"))
            case "pick":
                return learners.pick(get("attempt"), get("on"))
            case "next_try":
                return learners.next_try(get("session"), get("text"))
        raise Refusal("unknown", "This page asked for something that is not known here. Reload the page.")

    def hello(self) -> dict[str, Any]:
        """Return who this is, the classes and writing exercises to choose from, and the queue."""
        course = self.course
        sessions = [session for session in self.store.sessions() if session.lessons]
        return {
            "surface": "coach",
            "person": {"id": self.person.id, "name": self.person.name},
            "academy": course.title,
            "session": None,
            "health": self.health,
            "sign_out": "/logout",
            **wording(course, course.profile(course.default_profile)),
            "sessions": [{"id": session.id, "title": session.title} for session in sessions],
            "exercises": [{"ref": e.ref, "number": e.number, "title": e.body.title} for e in course.exercises.values() if e.marked_by_hand],
            "warm_ups": self.calibration.state(),
            "queue": self.queue({}),
        }

    def queue(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return what waits, as the page's own filters want it."""
        found = self.marking.queue(message.get("session"), message.get("only"), message.get("names") is True, message.get("oldest") is True)
        return {**found, "minutes": self.marking.minutes_today()}
