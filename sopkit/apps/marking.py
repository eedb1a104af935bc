"""A coach's queue and marking: what waits, one writing with its hints, the mark that goes back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from sopkit import hints, kinds
from sopkit.coaching import Log
from sopkit.content import Course
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import Exercise, write
from sopkit.kinds.base import story_view
from sopkit.kinds.rubric import LEVELS, TOP, Rubric
from sopkit.marks import Decision, Mark, Marks, Reading, Writing, newest
from sopkit.model import OWN_PRACTICE, Person
from sopkit.store import Store

RECENT = 10
"""How many of the writings marked last are listed for mending."""

LONGEST_COMMENT = 2_000
"""Characters of one comment to a learner."""


class Marking:
    """One coach at the queue."""

    def __init__(self, course: Course, store: Store, person: Person) -> None:
        self.course, self.store, self.person = course, store, person
        self.marks, self.log = Marks(store), Log(store)

    # ---- the queue ----

    def queue(self, session: Any = None, ref: Any = None, names: bool = False, oldest: bool = False) -> dict[str, Any]:
        """Return what waits for this coach: first readings, second readings of others' marks, differences to settle."""
        me, locked = self.person.id, self.marks.locked()
        rows: list[dict[str, Any]] = []
        for writing in self.writings(session, ref):
            reading = self.wanted(writing)
            holder = locked.get((writing.attempt, reading)) if reading else None
            if reading is None or (holder is not None and holder != me):
                continue
            exercise = self.course.exercises[writing.ref]
            rows.append({
                "attempt": writing.attempt, "reading": reading, "label": writing.name if names else pseudonym(writing), "ref": writing.ref,
                "title": exercise.body.title, "skill": exercise.around.criteria.title, "family": exercise.family.title if exercise.family else None,
                "at": writing.at.isoformat(), "number": writing.number, "mine": holder == me, "place": writing.place(me),
            })  # fmt: skip
        rows.sort(key=lambda row: row["at"] if oldest else row["place"])
        return {
            "items": [{name: value for name, value in row.items() if name != "place"} for row in rows],
            "left": len(rows),
            "done": self.done(names),
        }

    def done(self, names: bool = False) -> list[dict[str, Any]]:
        """Return what this coach marked last, the newest first: it can be opened again and mended until the learner revises it."""
        mine = [(mark, writing) for writing in self.writings() for mark in writing.readings if mark.grader == self.person.id]
        mine.sort(key=lambda pair: -pair[0].id)
        latest = {(writing.attempt, mark.reading): (mark, writing) for mark, writing in reversed(mine)}
        shown = sorted(latest.values(), key=lambda pair: -pair[0].id)[:RECENT]
        return [
            {
                "attempt": writing.attempt, "reading": mark.reading, "label": writing.name if names else pseudonym(writing),
                "title": self.course.exercises[writing.ref].body.title, "decision": mark.decision, "at": mark.at and mark.at.isoformat(),
            }
            for mark, writing in shown
        ]  # fmt: skip

    def wanted(self, writing: Writing) -> Reading | None:
        """Return the reading that this coach could give a writing now, or None."""
        first, second = writing.first, writing.second
        if first is None:
            return "first"
        if not first.marks:  # a mark from formgrader has no lines to compare
            return None
        by_me = self.person.id in {mark.grader for mark in writing.readings}
        if second is None:
            return "second" if writing.wants_second and not by_me else None
        settled = any(mark.reading == "final" for mark in writing.readings)
        return "final" if not settled and dict(first.marks) != dict(second.marks) else None

    def writings(self, session: Any = None, ref: Any = None) -> list[Writing]:
        """Return the newest writing of each learner and exercise that has words, in all classes or in one."""
        refs = [exercise.ref for exercise in self.course.exercises.values() if exercise.marked_by_hand and ref in (None, exercise.ref)]
        found = newest(self.marks.writings(refs, session if isinstance(session, str) else None))
        return [writing for writing in found if writing.session != OWN_PRACTICE and self.text(writing)]

    def text(self, writing: Writing) -> str:
        """Return a writing's words as a coach reads them; "" when they were deleted or no longer fit the exercise."""
        exercise = self.course.exercises[writing.ref]
        try:
            response = kinds.parse(exercise, writing.response)
        except ResponseError:
            return ""
        assert isinstance(exercise.body, write.Write)
        assert isinstance(response, write.Response)
        return write.text(exercise.body, response)

    # ---- one writing ----

    def take(self, attempt: Any, reading: Any, names: bool = False) -> dict[str, Any]:
        """Open a writing for marking and keep it from others for a while.

        Raises:
            Refusal: locked, read, unknown; warm_up, while this coach has not warmed up on the rubric.
        """
        writing, reading = self.one(attempt), _reading(reading)
        exercise = self.course.exercises[writing.ref]
        rubric = exercise.around.criteria
        if not self.warmed(rubric.id):
            raise Refusal("warm_up", f"Warm up on samples first: {rubric.title}.", rubric=rubric.id)
        mine = [mark for mark in writing.readings if mark.grader == self.person.id and mark.reading == reading]
        if self.wanted(writing) != reading and not mine:
            raise Refusal("read", "Another coach has marked this one meanwhile.")
        until = self.marks.lock(writing.attempt, self.person.id, reading)
        earlier = self.marks.writings([writing.ref], writing.session, writing.person)
        people = exercise.family.people if exercise.family else ()
        return {
            "attempt": writing.attempt, "reading": reading, "until": until.isoformat(), "label": writing.name if names else pseudonym(writing),
            "title": exercise.body.title, "instructions": exercise.body.instructions, "given": getattr(exercise.body, "given", None),
            "number": writing.number, "at": writing.at.isoformat(), "text": self.text(writing), "story": story_view(exercise.family),
            "rubric": rubric_view(rubric), "suggestions": suggestions(rubric, self.text(writing), people),
            "earlier": [self._try(one, reading) for one in earlier if one.attempt < writing.attempt and self.text(one)],
            "readings": [_shown(mark) for mark in writing.readings] if reading == "final" else [],
            "comments": self.comments(rubric), "yours": _shown(mine[-1]) if mine else None,
        }  # fmt: skip

    def mark(self, message: Mapping[str, Any]) -> None:
        """Add this coach's reading of a writing.

        Raises:
            Refusal: locked or read, when another coach was there first; malformed, when a line has no mark.
        """
        writing, reading = self.one(message.get("attempt")), _reading(message.get("reading"))
        rubric = self.course.exercises[writing.ref].around.criteria
        given, own = message.get("marks"), rubric.coach_only.id if rubric.coach_only else None
        if (
            not isinstance(given, dict)
            or set(given) - {own} != set(rubric.ids)
            or any(type(m) is not int or not 0 <= m <= TOP for m in given.values())
        ):
            raise Refusal("malformed", "Each line needs a mark of 0, 1 or 2 before you send.")
        decision, seconds = _decision(message.get("decision")), message.get("seconds")
        strength, step = _words(message.get("strength")), _words(message.get("step"))
        people = writing_people(self.course.exercises[writing.ref])
        suggested = {line: found["score"] for line, found in suggestions(rubric, self.text(writing), people).items()}
        counted = {line: given[line] for line in rubric.ids}
        self.marks.add(
            Mark(
                attempt=writing.attempt, grader=self.person.id, reading=reading, marks=given, decision=decision, strength=strength, step=step,
                suggested=suggested, points=float(sum(counted.values())), seconds=min(max(seconds, 0), 3600) if type(seconds) is int else 0,
            ),
            rubric.out_of,
        )  # fmt: skip

    def release(self, attempt: Any, reading: Any) -> None:
        """Give a writing back unmarked."""
        self.marks.release(self.one(attempt).attempt, self.person.id, _reading(reading))

    def one(self, attempt: Any) -> Writing:
        """Return one writing of the course's exercises; raises Refusal when there is none."""
        refs = [exercise.ref for exercise in self.course.exercises.values() if exercise.marked_by_hand]
        found = self.marks.writings(refs, attempt=attempt) if type(attempt) is int else []
        if not found:
            raise Refusal("unknown", "This writing is no longer here. Go back to the queue.")
        return found[0]

    def minutes_today(self) -> int:
        """Return how many minutes this coach has marked today (UTC)."""
        today = datetime.now(UTC).date()
        readings = [mark for writing in self.writings() for mark in writing.readings]
        return round(sum(m.seconds for m in readings if m.grader == self.person.id and m.at and m.at.date() == today) / 60)

    def warmed(self, rubric: str) -> bool:
        """Return whether this coach has done the warm-up for a rubric, or there is none to do."""
        samples = {exemplar.id for exemplar in self.course.rubrics[rubric].exemplars}
        done = {entry.data["exemplar"] for entry in self.log.read("warm-up", by=self.person.id, about=rubric)}
        return len(samples & done) >= min(len(samples), 3)

    # ---- the comment bank ----

    def comments(self, rubric: Rubric) -> list[dict[str, Any]]:
        """Return the ready comments for a rubric: its own, and those that coaches added and nobody took out."""
        found = [{"line": c.id, "for": one.for_, "text": one.text, "id": None} for c in rubric.criteria for one in c.comments]
        found += [{"line": None, "for": None, "text": text, "id": None} for text in rubric.strengths]
        gone = {entry.data["of"] for entry in self.log.read("comment", about=rubric.id) if "of" in entry.data}
        for entry in self.log.read("comment", about=rubric.id):
            if "of" not in entry.data and entry.id not in gone:
                found.append({"line": entry.data["line"], "for": None, "text": entry.data["text"], "id": entry.id})
        return found

    def add_comment(self, rubric: Any, line: Any, text: Any) -> list[dict[str, Any]]:
        """Put a comment into the bank, for all coaches of the academy."""
        found = self._rubric(rubric)
        words = _words(text)
        if not words or (line is not None and line not in found.ids):
            raise Refusal("malformed", "Write the comment first.")
        self.log.add("comment", self.person.id, found.id, line=line, text=words)
        return self.comments(found)

    def drop_comment(self, rubric: Any, id: Any) -> list[dict[str, Any]]:
        """Take a comment that a coach added out of the bank."""
        found = self._rubric(rubric)
        if any(entry.id == id for entry in self.log.read("comment", about=found.id)):
            self.log.add("comment", self.person.id, found.id, of=id)
        return self.comments(found)

    def _rubric(self, rubric: Any) -> Rubric:
        if not isinstance(rubric, str) or rubric not in self.course.rubrics:
            raise Refusal("unknown", "There is no such kind of writing here.")
        return self.course.rubrics[rubric]

    def _try(self, writing: Writing, reading: Reading) -> dict[str, Any]:
        mark = writing.first if reading == "first" else None  # a second reader sees nobody's marks
        return {"number": writing.number, "at": writing.at.isoformat(), "text": self.text(writing), "mark": _shown(mark) if mark else None}


def pseudonym(writing: Writing) -> str:
    """Return the name that stands for a learner while names are hidden: always the same in one class."""
    return f"LN-{hashlib.sha256(f'{writing.session} {writing.person}'.encode()).hexdigest()[:4].upper()}"


def writing_people(exercise: Exercise) -> tuple[str, ...]:
    """Return the names of the family that a writing is about."""
    return exercise.family.people if exercise.family else ()


def rubric_view(rubric: Rubric) -> dict[str, Any]:
    """Return a rubric as a coach marks by it."""
    lines = [*rubric.criteria, *([rubric.coach_only] if rubric.coach_only else [])]
    criteria = [
        {"id": c.id, "name": c.name, "ask": c.ask, "anchors": c.anchors, "core": c.core, "counts": c in rubric.criteria} for c in lines
    ]
    return {
        "id": rubric.id,
        "title": rubric.title,
        "criteria": criteria,
        "wrong_type": rubric.wrong_type,
        "levels": list(LEVELS),
        "out_of": rubric.out_of,
    }


def suggestions(rubric: Rubric, text: str, people: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return what the hints suggest for each line, with the words that made them."""
    found = hints.suggest(rubric.id, text, people) if rubric.id in hints.SKILLS else {}
    return {line: {"score": s.score, "evidence": list(s.evidence), "why": s.why} for line, s in found.items() if line in rubric.ids}


def _shown(mark: Mark) -> dict[str, Any]:
    return {
        "grader": mark.grader, "reading": mark.reading, "marks": dict(mark.marks), "points": mark.points, "decision": mark.decision,
        "strength": mark.strength, "step": mark.step, "at": mark.at and mark.at.isoformat(),
    }  # fmt: skip


def _reading(value: Any) -> Reading:
    if value in get_args(Reading):
        found: Reading = value
        return found
    raise Refusal("malformed", "This did not arrive whole. Please try again.")


def _decision(value: Any) -> Decision:
    if value in get_args(Decision):
        found: Decision = value
        return found
    raise Refusal("malformed", "Choose what comes then: accept, try again or talk.")


def _words(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_COMMENT:
        raise Refusal("too_long", "This is too long. Please make it shorter.")
    return value.strip()
