"""What a coach sees and keeps of one learner, and of a group."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sopkit import kinds
from sopkit.apps.marking import Marking
from sopkit.apps.own import DECISIONS, goal, notes
from sopkit.content import Course
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import reflect
from sopkit.kinds.rubric import LEVELS, TOP
from sopkit.marks import Writing
from sopkit.model import Mode, Person, Session
from sopkit.record import Tried, by_option, calibration, mix_ups, tried
from sopkit.store import Store

LONGEST_NOTE = 4_000
FEW = 5
"""Statements below which a group's commonest line says little."""


class Learners:
    """The learners of the academy, as one coach knows them."""

    def __init__(self, course: Course, store: Store, person: Person, marking: Marking) -> None:
        self.course, self.store, self.person, self.marking = course, store, person, marking
        self.log = marking.log

    def classes(self) -> dict[str, Any]:
        """Return the learners of each class, with what waits and when they last wrote."""
        waiting = Counter((w.session, w.person) for w in self.marking.writings() if w.first is None)
        classes = []
        for session in self.store.sessions():
            rows = [{"id": one.id, "name": one.name, "waiting": waiting[session.id, one.id]} for one in self.store.roster(session.id)]
            classes.append({"id": session.id, "title": session.title, "learners": rows})
        return {"classes": classes}

    # ---- one learner ----

    def one(self, session: Any, person: Any) -> dict[str, Any]:
        """Return all that this coach may know of a learner in a class.

        Raises:
            Refusal: "unknown", when the learner is not in that class.
        """
        here, learner = self._found(session, person)
        cards = self._cards(here, learner)
        writings = self._writings(here, learner)
        about = f"{here.id}/{learner.id}"
        minutes = [
            {"at": e.at.isoformat(), "minutes": e.data["minutes"], "what": e.data["what"]} for e in self.log.read("minutes", about=about)
        ]
        aim = goal(self.log, about)
        return {
            "person": {"id": learner.id, "name": learner.name}, "session": {"id": here.id, "title": here.title},
            "goal": aim, "options": by_option(cards), "mixed": mix_ups(cards), "calibration": calibration(cards),
            "writings": [self._row(writing) for writing in reversed(writings)], "waiting": sum(w.first is None for w in writings),
            "questions": self._questions(cards, writings, aim),
            "minutes": {"total": sum(one["minutes"] for one in minutes), "log": minutes[::-1]},
            "notes": notes(self.log, "note", about, by=self.person.id),
            "shared_notes": notes(self.log, "shared-note", about),
            "reflections": self._reflections(here, learner),
        }  # fmt: skip

    def set_goal(self, session: Any, person: Any, text: Any, levels: Any, review: Any) -> dict[str, Any]:
        """Keep a goal on a five-level scale, from much less (-2) to much more (+2) than expected. It takes the place of the one before."""
        here, learner = self._found(session, person)
        if not isinstance(levels, list) or len(levels) != 5 or not all(_said(level) for level in levels) or not _said(text):
            raise Refusal("malformed", "A goal needs one sentence, and words for each of its five levels.")
        self.log.add(
            "goal", self.person.id, f"{here.id}/{learner.id}", text=_said(text), levels=[_said(one) for one in levels], review=_said(review)
        )
        return self.one(session, person)

    def rate_goal(self, session: Any, person: Any, goal: Any, level: Any) -> dict[str, Any]:
        """Note where the learner stands on the goal now, from -2 to 2."""
        here, learner = self._found(session, person)
        if (
            type(level) is not int
            or not -2 <= level <= 2
            or goal not in {e.id for e in self.log.read("goal", about=f"{here.id}/{learner.id}")}
        ):
            raise Refusal("malformed", "Choose one of the five levels.")
        self.log.add("rating", self.person.id, str(goal), level=level)
        return self.one(session, person)

    def add_minutes(self, session: Any, person: Any, minutes: Any, what: Any) -> dict[str, Any]:
        """Note minutes of coaching."""
        here, learner = self._found(session, person)
        if type(minutes) is not int or not 1 <= minutes <= 480:
            raise Refusal("malformed", "Write the minutes as a number from 1 to 480.")
        self.log.add("minutes", self.person.id, f"{here.id}/{learner.id}", minutes=minutes, what=_said(what))
        return self.one(session, person)

    def add_note(self, session: Any, person: Any, text: Any, shared: Any) -> dict[str, Any]:
        """Keep a note: private to this coach, or for the learner too."""
        here, learner = self._found(session, person)
        if not _said(text):
            raise Refusal("malformed", "Write the note first.")
        self.log.add("shared-note" if shared is True else "note", self.person.id, f"{here.id}/{learner.id}", text=_said(text))
        return self.one(session, person)

    # ---- a group ----

    def group(self, session: Any) -> dict[str, Any]:
        """Return what a class could work on together: the lines most often not there yet, and samples to choose, without names."""
        here = self._session(session)
        marked = [writing for writing in self.marking.writings(here.id) if writing.first is not None and writing.first.marks]
        lines: dict[tuple[str, str], list[int]] = {}
        for writing in marked:
            rubric = self.course.exercises[writing.ref].around.criteria
            for criterion in rubric.criteria:
                if writing.first is not None and criterion.id in writing.first.marks:
                    lines.setdefault((rubric.id, criterion.id), []).append(writing.first.marks[criterion.id])
        common: list[dict[str, Any]] = []
        for (rubric_id, line), given in lines.items():
            criterion = next(c for c in self.course.rubrics[rubric_id].criteria if c.id == line)
            below = sum(mark < TOP for mark in given)
            if len(given) >= FEW and below:
                common.append(
                    {
                        "skill": self.course.rubrics[rubric_id].title,
                        "line": line,
                        "name": criterion.name,
                        "ask": criterion.ask,
                        "below": below,
                        "of": len(given),
                    }
                )
        common.sort(key=lambda one: -one["below"] / one["of"])
        chosen = {entry.about: entry.data["on"] for entry in self.log.read("pick", by=self.person.id)}
        samples = [
            {
                "attempt": writing.attempt, "skill": self.course.exercises[writing.ref].around.criteria.title,
                "title": self.course.exercises[writing.ref].body.title, "text": self.marking.text(writing),
                "marks": dict(writing.first.marks) if writing.first else {}, "picked": chosen.get(str(writing.attempt), False),
            }
            for writing in sorted(marked, key=lambda writing: writing.place(self.person.id))
        ]  # fmt: skip
        tries = self.log.read("next-try", about=here.id)
        return {
            "session": {"id": here.id, "title": here.title}, "marked": len(marked), "needed": FEW, "common": common[:5], "samples": samples,
            "next_try": tries[-1].data["text"] if tries else "",
        }  # fmt: skip

    def pick(self, attempt: Any, on: Any) -> dict[str, Any]:
        """Choose a sample for the group's session, or put it back."""
        writing = self.marking.one(attempt)
        self.log.add("pick", self.person.id, str(writing.attempt), on=on is True)
        return self.group(writing.session)

    def next_try(self, session: Any, text: Any) -> dict[str, Any]:
        """Keep what the group agreed to try next."""
        here = self._session(session)
        self.log.add("next-try", self.person.id, here.id, text=_said(text))
        return self.group(session)

    # ---- parts ----

    def _session(self, session: Any) -> Session:
        found = self.store.session(session) if isinstance(session, str) else None
        if found is None:
            raise Refusal("unknown", "This class is no longer here.")
        return found

    def _found(self, session: Any, person: Any) -> tuple[Session, Person]:
        here = self._session(session)
        learner = next((one for one in self.store.roster(here.id) if one.id == person), None)
        if learner is None:
            raise Refusal("unknown", "This learner is not in that class.")
        return here, learner

    def _cards(self, session: Session, learner: Person) -> list[Tried]:
        firsts = [a for a in self.store.attempts(learner.id, session.id) if a.number == 1 and a.mode in (Mode.PRACTICE, Mode.CHECK)]
        return [*tried(self.course, firsts)]

    def _writings(self, session: Session, learner: Person) -> list[Writing]:
        refs = [exercise.ref for exercise in self.course.exercises.values() if exercise.marked_by_hand]
        return [one for one in self.marking.marks.writings(refs, session.id, learner.id) if self.marking.text(one)]

    def _row(self, writing: Writing) -> dict[str, Any]:
        exercise, mark = self.course.exercises[writing.ref], writing.first
        rubric = exercise.around.criteria
        whole = mark is not None and set(rubric.ids) <= set(mark.marks)
        return {
            "attempt": writing.attempt, "title": exercise.body.title, "skill": rubric.title, "number": writing.number, "at": writing.at.isoformat(),
            "text": self.marking.text(writing), "criteria": [{"id": c.id, "name": c.name} for c in rubric.criteria],
            "marks": dict(mark.marks) if mark else None, "decision": DECISIONS[mark.decision] if mark else None,
            "level": LEVELS[rubric.level(mark.marks)] if mark is not None and whole else None,
        }  # fmt: skip

    def _reflections(self, session: Session, learner: Person) -> list[dict[str, Any]]:
        """Return the reflections that the learner shares now; the others are nobody's."""
        newest: dict[str, reflect.Response] = {}
        for attempt in self.store.attempts(learner.id, session.id):
            exercise = self.course.exercises.get(attempt.ref)
            if exercise is not None and isinstance(exercise.body, reflect.Reflect):
                try:
                    response = kinds.parse(exercise, attempt.response)
                except ResponseError:
                    continue
                assert isinstance(response, reflect.Response)
                newest[attempt.ref] = response
        return [
            {"title": self.course.exercises[ref].body.title, "text": one.text}
            for ref, one in newest.items()
            if one.shared and not one.blank
        ]

    def _questions(self, cards: list[Tried], writings: list[Writing], aim: dict[str, Any] | None) -> list[dict[str, str]]:
        """Return questions to choose from for the next conversation; the learner reflects first (domain: coaching cycle)."""
        labels = {option.id: option.label.lower() for option in self.course.options.values()}
        marked = [writing for writing in writings if writing.first is not None and writing.first.marks]
        found: list[tuple[str, str]] = []
        if marked:
            last = marked[-1]
            exercise = self.course.exercises[last.ref]
            found.append(
                ("Start with what works", f"Which words in “{exercise.body.title}” are you most pleased with, and how did you find them?")
            )
            given = last.first.marks if last.first else {}
            weak = min(exercise.around.criteria.criteria, key=lambda c: (given.get(c.id, TOP), not c.core))
            if given.get(weak.id, TOP) < TOP:
                found.append(
                    ("Scale", f"“{weak.ask}” From 0 to 10, how sure are you that your next one will say it? What makes it not lower?")
                )
        if aim is not None:
            found.append(("Your goal", f"You set out to: “{aim['text']}” What is different since then, and who would notice?"))
        for pair in mix_ups(cards)[:1]:
            best, chose = labels[pair["best"]], labels[pair["chose"]]
            found.append(
                ("The mix-up", f"On {pair['count']} cards {best} looked like {chose}. What could you ask yourself to tell them apart?")
            )
        sure, of = calibration(cards)["sure"]
        if of - sure >= 2:
            found.append(("Sure and not quite", f"On {of - sure} cards you were sure and it was not quite. What made you sure?"))
        found.append(("Next try", "What one thing will you try before we meet again? Who will notice?"))
        return [{"kind": kind, "text": text} for kind, text in found]


def _said(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_NOTE:
        raise Refusal("too_long", "This is too long. Please make it shorter.")
    return value.strip()
