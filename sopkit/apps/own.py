"""A trainee's own side of the workbook: feedback that waits, practice that is due, the record, export and deletion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any

from sopkit import kinds
from sopkit.coaching import EntryKind, Log
from sopkit.content import Course
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import Exercise, classify
from sopkit.kinds.rubric import LEVELS
from sopkit.marks import Marks, Writing
from sopkit.model import Attempt, Mode, Person
from sopkit.record import by_option, calibration, mix_ups, tried
from sopkit.sitting import work
from sopkit.spacing import due_at
from sopkit.store import Store

DECISIONS = {"accept": "Accepted", "discuss": "Your coach wants to talk about this one", "again": "Try again"}
TYPED = ("write", "reflect", "scale")
"""The kinds in which a learner types. On a board it is the scale alone."""

STYLE = "body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }"
"""How the page to keep looks. It loads nothing."""


class Own:
    """What one trainee sees of his or her own work, and can do with it."""

    def __init__(self, course: Course, store: Store, person: Person, session: str) -> None:
        self.course, self.store, self.person, self.session = course, store, person, session
        self.marks, self.log = Marks(store), Log(store)
        self.about = f"{session}/{person.id}"

    def feedback(self) -> list[dict[str, Any]]:
        """Return what the coach sent back and the learner has not opened yet."""
        seen = {entry.about for entry in self.log.read("seen", by=self.person.id)}
        found = []
        for writing in self._writings():
            mark = writing.first
            if mark is not None and str(mark.id) not in seen:
                exercise = self.course.exercises[writing.ref]
                found.append({
                    "mark": mark.id, "ref": writing.ref, "lesson": exercise.lesson, "title": exercise.body.title,
                    "decision": DECISIONS[mark.decision], "at": mark.at and mark.at.isoformat(),
                })  # fmt: skip
        return found

    def seen(self, mark: Any) -> dict[str, Any]:
        """Note that the learner has opened a coach's feedback."""
        mine = {writing.first.id for writing in self._writings() if writing.first is not None}
        if type(mark) is int and mark in mine and not self.log.read("seen", by=self.person.id, about=str(mark)):
            self.log.add("seen", self.person.id, str(mark))
        return {"feedback": self.feedback()}

    def due(self, now: datetime | None = None) -> dict[str, set[str]]:
        """Return the cards that are due again now, by exercise."""
        at = now or datetime.now(UTC)
        found: dict[str, set[str]] = {}
        for (ref, item), when in self._coming_back().items():
            if when <= at:
                found.setdefault(ref, set()).add(item)
        return found

    def practice(self) -> dict[str, Any]:
        """Return what is due today, exercise by exercise, and when the next cards come back."""
        due = self.due()
        later = sorted(when for (ref, item), when in self._coming_back().items() if item not in due.get(ref, ()))
        rows = [
            {"ref": ref, "lesson": ref.split("/")[0], "title": self.course.exercises[ref].body.title, "cards": len(due[ref])}
            for ref in sorted(due)
        ]
        upcoming = {"at": later[0].isoformat(), "cards": sum(when.date() == later[0].date() for when in later)} if later else None
        return {"due": rows, "next": upcoming}

    def record(self) -> dict[str, Any]:
        """Return the learner's own record: cards by option, mix-ups, confidence, writings with their marks."""
        cards = list(tried(self.course, [attempt for attempt in self._told() if attempt.number == 1]))
        return {
            "options": by_option(cards),
            "goal": goal(self.log, self.about),
            "notes": notes(self.log, "shared-note", self.about),
            "mixed": mix_ups(cards),
            "calibration": calibration(cards),
            "writings": [self._row(writing) for writing in self._writings()],
            "typed": [{"ref": e.ref, "lesson": e.lesson, "title": e.body.title, "kind": e.body.kind, "tries": n} for e, n in self._typed()],
        }

    def export(self) -> dict[str, Any]:
        """Return all that the learner wrote, with the coach's words, as a web page of its own to keep."""
        parts = []
        for exercise, _ in self._typed():
            lines = []
            for attempt in self.store.attempts(self.person.id, self.session, ref=exercise.ref):
                if _is_typed(exercise, attempt):
                    lines.append(f"<h3>{attempt.at:%Y-%m-%d %H:%M} UTC</h3>{_text(exercise, attempt)}")
            parts.append(f"<h2>{escape(exercise.number)} {escape(exercise.body.title)}</h2>{''.join(lines)}")
        for writing in self._writings():
            mark = writing.first
            if mark is not None:
                said = [f"{DECISIONS[mark.decision]}."]
                said += [f"{name}: {words}" for name, words in (("What works", mark.strength), ("Next step", mark.step)) if words]
                title = f"Your coach on {self.course.exercises[writing.ref].body.title}, try {writing.number}"
                parts.append(f"<h3>{escape(title)}</h3>{''.join(f'<p>{escape(line)}</p>' for line in said)}")
        name = escape(self.person.name)
        body = "".join(parts) or "<p>You have not written anything yet.</p>"
        head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>My writing</title><style>{STYLE}</style>"
        page = f"<!doctype html><html lang=en>{head}<h1>My writing: {name}</h1>{body}</html>"
        return {"name": "my-writing.html", "html": page}

    def erase(self, ref: Any) -> dict[str, Any]:
        """Delete what the learner wrote in one exercise. Marks stay as numbers; the words go, here and in the gradebook's files.

        Raises:
            Refusal: "unknown", when there is nothing of the learner's there.
        """
        exercise = next((exercise for exercise, _ in self._typed() if exercise.ref == ref), None)
        if exercise is None:
            raise Refusal("unknown", "There is nothing of yours to delete there.")
        item = classify.SCALE if isinstance(exercise.body, classify.Deck) else ""
        self.store.erase(self.person.id, self.session, exercise.ref, item, kinds.blank(exercise).model_dump())
        self.log.add("erased", self.person.id, exercise.ref)
        for mode in Mode:  # the gradebook's copy of the words goes too
            if self.store.last_hand_in(self.person.id, self.session, exercise.lesson, mode) is not None:
                left = work(self.course, self.store, self.person.id, self.session, exercise.lesson, mode)
                self.store.hand_in(self.person.id, self.session, exercise.lesson, left, mode)
        return self.record()

    def _writings(self) -> list[Writing]:
        refs = [exercise.ref for exercise in self.course.exercises.values() if exercise.marked_by_hand]
        return self.marks.writings(refs, self.session, self.person.id)

    def _row(self, writing: Writing) -> dict[str, Any]:
        exercise, mark = self.course.exercises[writing.ref], writing.first
        rubric = exercise.around.criteria
        whole = mark is not None and set(rubric.ids) <= set(mark.marks)
        level = LEVELS[rubric.level(mark.marks)] if mark is not None and whole else None
        return {
            "ref": writing.ref, "lesson": exercise.lesson, "title": exercise.body.title, "number": writing.number, "at": writing.at.isoformat(),
            "marks": dict(mark.marks) if mark else None, "level": level, "decision": DECISIONS[mark.decision] if mark else None,
            "criteria": [{"id": c.id, "name": c.name} for c in rubric.criteria],
        }  # fmt: skip

    def _typed(self) -> list[tuple[Exercise, int]]:
        """Return the exercises in which the learner has typed something that is still there, with how many tries."""
        counts: dict[str, int] = {}
        for attempt in self.store.attempts(self.person.id, self.session):
            exercise = self.course.exercises.get(attempt.ref)
            if exercise is not None and _is_typed(exercise, attempt) and attempt.response != kinds.blank(exercise).model_dump():
                counts[attempt.ref] = counts.get(attempt.ref, 0) + 1
        return [(self.course.exercises[ref], count) for ref, count in counts.items()]

    def _told(self) -> list[Attempt]:
        """Return the attempts whose outcome this person may know."""
        session = self.store.session(self.session)
        revealed = {lesson for lesson, setting in session.lessons.items() if setting.revealed} if session else set()
        found = self.store.attempts(self.person.id, self.session)
        return [attempt for attempt in found if attempt.mode is Mode.PRACTICE or attempt.ref.split("/")[0] in revealed]

    def _coming_back(self) -> dict[tuple[str, str], datetime]:
        return coming_back(self.course, self._told())


def goal(log: Log, about: str) -> dict[str, Any] | None:
    """Return a learner's goal now with its five levels and where it has been rated, or None. `about` is session/learner."""
    goals = log.read("goal", about=about)
    if not goals:
        return None
    ratings = [{"level": entry.data["level"], "at": entry.at.isoformat()} for entry in log.read("rating", about=str(goals[-1].id))]
    return {"id": goals[-1].id, **goals[-1].data, "at": goals[-1].at.isoformat(), "ratings": ratings}


def notes(log: Log, kind: EntryKind, about: str, by: str | None = None) -> list[dict[str, str]]:
    """Return notes on a learner, the newest first."""
    return [{"at": entry.at.isoformat(), "text": entry.data["text"]} for entry in reversed(log.read(kind, by=by, about=about))]


def coming_back(course: Course, attempts: Iterable[Attempt]) -> dict[tuple[str, str], datetime]:
    """Return when each card that was mixed up comes back, by (exercise, card)."""
    tries: dict[tuple[str, str], list[tuple[datetime, bool]]] = {}
    for attempt in attempts:
        exercise = course.exercises.get(attempt.ref)
        state = attempt.score.parts.get(attempt.item)
        deck = exercise.body if exercise is not None and isinstance(exercise.body, classify.Deck) else None
        if deck is not None and state in ("fits", "not-quite") and attempt.item in {item.id for item in deck.items}:
            tries.setdefault((attempt.ref, attempt.item), []).append((attempt.at, state == "fits"))
    found = {place: due_at(made) for place, made in tries.items()}
    return {place: when for place, when in found.items() if when is not None}


def _is_typed(exercise: Exercise, attempt: Attempt) -> bool:
    return exercise.body.kind in TYPED or (isinstance(exercise.body, classify.Deck) and attempt.item == classify.SCALE)


def _text(exercise: Exercise, attempt: Attempt) -> str:
    try:
        response = kinds.parse(exercise, attempt.response)
    except ResponseError:
        return "<p>This answer belongs to an older form of the exercise.</p>"
    if isinstance(response, kinds.reflect.Response):
        return f"<p>{_lines(response.text)}</p>"
    return "".join(f"<p><b>{escape(words)}</b><br>{_lines(said)}</p>" for words, said, _ in kinds.rows(exercise, response, {}) if said)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
