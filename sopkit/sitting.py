"""A sitting: one person, one exercise, wherever it runs. It decides what the player may see, and keeps what it sends."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sopkit import hints, kinds, responses
from sopkit.content import Course
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import Exercise, Reply, reflect, write
from sopkit.kinds.base import Telling
from sopkit.kinds.rubric import LEVELS
from sopkit.marks import Marks, Writing
from sopkit.model import Attempt, Mode, Option, Person, Profile, Setting
from sopkit.store import Graded, Store

LONGEST = 64_000
"""Characters of JSON that one message may hold."""


class Keep(Protocol):
    """Where one person's work on one exercise is kept."""

    def setting(self) -> Setting:
        """Return how the exercise runs now."""

    def history(self, mode: Mode) -> list[tuple[dict[str, Any], str]]:
        """Return (raw response, content version) of all that was answered in this mode, oldest first."""

    def add(self, exercise: Exercise, key: str, response: Reply, mode: Mode, *, again: bool = False) -> None:
        """Keep a response given in this mode; `again`: a coach asked for another try."""

    def writings(self) -> list[Writing]:
        """Return what was written here so far with the coaches' readings, oldest first."""

    def draft(self) -> tuple[int, Any]:
        """Return (revision, draft)."""

    def save_draft(self, revision: int, draft: Any) -> int:
        """Keep a draft made on top of `revision`; return the new revision."""


@dataclass(frozen=True)
class InStore:
    """Work kept in the academy's store, graded at once."""

    store: Store
    person: str
    session: str
    ref: str

    def setting(self) -> Setting:
        session = self.store.session(self.session)
        if session is None:
            return Setting(open=False)
        setting = session.lessons.get(self.ref.split("/")[0], Setting(open=False))
        return setting if session.open else Setting(setting.mode, False, setting.revealed)

    def history(self, mode: Mode) -> list[tuple[dict[str, Any], str]]:
        found = self.store.attempts(self.person, self.session, ref=self.ref)
        return [(attempt.response, attempt.version) for attempt in found if attempt.mode is mode]

    def add(self, exercise: Exercise, key: str, response: Reply, mode: Mode, *, again: bool = False) -> None:
        graded = [Graded(item, part.model_dump(), score) for item, (part, score) in kinds.attempts(exercise, response).items()]
        self.store.add(self.person, self.session, self.ref, mode, exercise.version, key, graded, again=again)

    def writings(self) -> list[Writing]:
        return Marks(self.store).writings([self.ref], self.session, self.person)

    def draft(self) -> tuple[int, Any]:
        return self.store.draft(self.person, self.session, self.ref)

    def save_draft(self, revision: int, draft: Any) -> int:
        return self.store.save_draft(self.person, self.session, self.ref, revision, draft)


@dataclass(frozen=True)
class Again(InStore):
    """Cards that come back for practice, from `since` on: whatever the lesson's mode, and after it has closed."""

    since: datetime

    def setting(self) -> Setting:
        session = self.store.session(self.session)
        return Setting(Mode.PRACTICE, open=session is not None and session.open)

    def history(self, mode: Mode) -> list[tuple[dict[str, Any], str]]:
        found = self.store.attempts(self.person, self.session, ref=self.ref)
        return [(attempt.response, attempt.version) for attempt in found if attempt.mode is mode and attempt.at >= self.since]


@dataclass(frozen=True)
class InFile:
    """Work kept in a response file beside the notebook, graded when it is handed in.

    What is private is kept in a file of its own under the learner's home, which is never handed in.
    """

    folder: Path
    lesson: str
    name: str
    private: Path | None = None

    def setting(self) -> Setting:
        return Setting(Mode.PRACTICE)

    def history(self, mode: Mode) -> list[tuple[dict[str, Any], str]]:
        places = [self.private, self.folder] if self.private else [self.folder]
        entries = [responses.read(place, self.lesson).responses.get(self.name) for place in places]
        entry = next((entry for entry in entries if entry), None)
        return [(part, entry.version) for part in _cards_of(entry.response)] if entry else []

    def add(self, exercise: Exercise, key: str, response: Reply, mode: Mode, *, again: bool = False) -> None:
        earlier = _merged(exercise, [raw for raw, _ in self.history(mode)])
        merged = kinds.merge(exercise, earlier, response)
        if self.private:
            self._put(self.private, responses.Entry(version=exercise.version, response=merged.model_dump()))
            if _is_private(merged):
                return self._put(self.folder, None)
        return self._put(self.folder, responses.Entry(version=exercise.version, response=merged.model_dump()))

    def _put(self, folder: Path, entry: responses.Entry | None) -> None:
        file = responses.read(folder, self.lesson)
        others = {name: other for name, other in file.responses.items() if name != self.name}
        responses.write(folder, file.model_copy(update={"responses": {**others, self.name: entry} if entry else others}))

    def writings(self) -> list[Writing]:
        return []

    def draft(self) -> tuple[int, Any]:
        return 0, responses.read(self.private or self.folder, self.lesson).drafts.get(self.name)

    def save_draft(self, revision: int, draft: Any) -> int:
        folder = self.private or self.folder
        file = responses.read(folder, self.lesson)
        responses.write(folder, file.model_copy(update={"drafts": {**file.drafts, self.name: draft}}))
        return revision + 1


class Sitting:
    """One person at one exercise, or at some of its items."""

    def __init__(
        self, course: Course, exercise: Exercise, keep: Keep, person: Person | None, profile: Profile, items: Collection[str] | None = None
    ) -> None:
        self.course, self.exercise, self.keep, self.person, self.profile = course, exercise, keep, person, profile
        self.items = items
        self.telling = Telling(course.questions, profile)

    def view(self) -> dict[str, Any]:
        """Return all that the player shows now, and nothing that the mode does not allow yet."""
        body, setting = self.exercise.body, self.keep.setting()
        history, notice = self._history(setting.mode)
        revision, draft = self.keep.draft()
        options = [self.option(option) for option in body.option_ids]
        common = {
            "ref": self.exercise.ref,
            "kind": body.kind,
            "number": self.exercise.number,
            "title": body.title,
            "instructions": body.instructions,
            "version": self.exercise.version,
            "mode": str(setting.mode),
            "open": setting.open,
            "notice": notice,
            "options": [option.model_dump() for option in options],
            "group": setting.mode is Mode.PRACTICE and {o.side for o in options} == {"worry", "well"} and len(options) > 2,
            "revision": revision,
            "draft": draft,
            "graded_later": not self.exercise.has_key,
        }
        shown = kinds.show(self.exercise, self.person.id if self.person else "")
        if self.items is not None:
            shown["items"] = [item for item in shown["items"] if item["id"] in self.items]
        if self.exercise.by_item:
            return common | shown | self._answers(history, setting)
        told = self._whole(history, setting)
        common["draft"] = None if draft == told["sent"] else draft
        return common | shown | told | (self._writing(setting) if self.exercise.marked_by_hand else {})

    def answer(self, seen_version: Any, key: Any, raw: Any) -> dict[str, Any]:
        """Keep what the learner answered and return what may be told about it.

        Raises:
            Refusal: closed, version, answered, nothing_due, blank, malformed or too_long, with a text for the learner.
        """
        setting = self._open()
        if seen_version != self.exercise.version:
            raise Refusal("version", "This exercise was updated since you opened it. Open it again to go on. What you did is kept.")
        if not isinstance(key, str) or not 8 <= len(key) <= 80:
            raise Refusal("malformed", "This answer did not arrive whole. Please try again.")
        response = self._parsed(raw)
        if self.items is not None and set(getattr(response, "answers", {})) - set(self.items):
            raise Refusal("nothing_due", "This card is not due today. Open this practice again from your start page.")
        if response.blank:
            raise Refusal("blank", "Nothing to check yet. Choose first." if self.exercise.by_item else "Nothing to send yet. Begin first.")
        again = self.exercise.marked_by_hand and _asked_again(self._tries(setting))
        self.keep.add(self.exercise, key, response, setting.mode, again=again)
        history, _ = self._history(setting.mode)
        if self.exercise.by_item:
            found = self._answers(history, setting)
            answered = getattr(response, "answers", {})
            return found | {"answers": {item: found["answers"][item] for item in answered}}
        return self._whole(history, setting) | (self._writing(setting) if self.exercise.marked_by_hand else {})

    def hints(self, raw: Any) -> dict[str, Any]:
        """Return questions about a draft, likely identifiers, and how long it is. Never a score.

        Raises:
            Refusal: malformed or too_long; "unknown" where the exercise is no writing.
        """
        response, body = self._parsed(raw), self.exercise.body
        if not isinstance(body, write.Write) or not isinstance(response, write.Response):
            raise Refusal("unknown", "There are no hints for this exercise.")
        text, people = write.text(body, response), self.exercise.family.people if self.exercise.family else ()
        typed = " \n".join([*response.boxes.values(), *(cell for row in response.rows for cell in row.values())])
        words = sum(len(box.split()) for box in self._counted(body, response))
        told: dict[str, Any] = {"words": words, "say": f"{words} {'word' if words == 1 else 'words'}.", "hints": [], "found": {}}
        if self._hints_on(self.keep.setting()) and text:
            found = hints.hints(body.rubric, text, people)
            told["hints"] = [{"criterion": h.criterion, "defect": h.defect, "question": h.question, "words": h.words} for h in found]
            told["found"] = hints.found(body.rubric, text, people)
        told["identifiers"] = [{"kind": i.kind, "words": i.words, "question": i.question} for i in hints.identifiers(typed, people)]
        return told

    def save_draft(self, revision: Any, draft: Any) -> dict[str, Any]:
        """Keep unfinished work; return its new revision. Raises Refusal: closed, stale or too_long."""
        self._open()
        _not_too_long(draft)
        if not isinstance(revision, int) or isinstance(revision, bool):
            raise Refusal("malformed", "This did not arrive whole. Please try again.")
        return {"revision": self.keep.save_draft(revision, draft)}

    def option(self, option: str) -> Option:
        """Return an option in the words of the learner's agency."""
        return self.profile.word(self.course.options[option])

    def _open(self) -> Setting:
        setting = self.keep.setting()
        if not setting.open:
            raise Refusal("closed", "Your trainer has closed this lesson. What you did before is saved.")
        return setting

    def _history(self, mode: Mode) -> tuple[list[Reply], str | None]:
        """Return what was answered and still belongs to the exercise, and a notice when something does not."""
        kept, lost, older = [], 0, False
        for raw, made_under in self.keep.history(mode):
            older = older or made_under != self.exercise.version
            try:
                kept.append(kinds.parse(self.exercise, raw))
            except ResponseError:
                lost += 1
        if lost:
            return (
                kept,
                "This exercise was updated after you worked on it. Some of your answers no longer match it. They are kept in your record.",
            )
        return kept, "This exercise was updated after you worked on it. Your answers are kept." if older else None

    def _parsed(self, raw: Any) -> Reply:
        _not_too_long(raw)
        try:
            return kinds.parse(self.exercise, raw)
        except ResponseError as error:
            raise Refusal("malformed", "This answer did not arrive whole. Please try again.", problems=error.problems) from error

    def _answers(self, history: Iterable[Reply], setting: Setting) -> dict[str, Any]:
        """Return each answered item with its feedback, and how far the learner is."""
        kind, first, latest = self.exercise.kind, kinds.blank(self.exercise), kinds.blank(self.exercise)
        for response in history:
            first, latest = kind.merge(response, first), kind.merge(latest, response)
        answers: dict[str, Any] = {item: answer.model_dump() for item, answer in getattr(latest, "answers", {}).items()}
        told = setting.feedback and self.exercise.has_key
        feedback, fit_first = {}, 0
        if told:
            feedback = kinds.feedback(self.exercise, latest, self.telling)
            at_first = kinds.feedback(self.exercise, first, self.telling)
            fit_first = sum(shown["verdict"] == "fits" for shown in at_first.values())
        back = [item for item, shown in feedback.items() if shown["verdict"] in ("not-quite", "passed")]
        scaled = getattr(latest, "scale", None)
        return {
            "answers": {item: {**answer, "feedback": feedback.get(item)} for item, answer in answers.items()},
            "scale_answer": scaled.model_dump() if scaled else None,
            "summary": {
                "total": self.exercise.size if self.items is None else len(self.items),
                "answered": self.exercise.done(set(answers)),
                "fit_first": fit_first,
                "come_back": sorted(back, key=lambda item: answers[item].get("sure") is not True),
                "revealed": told,
            },
        }

    def _whole(self, history: list[Reply], setting: Setting) -> dict[str, Any]:
        """Return the response in force of an exercise that is answered whole, with what may be told about it."""
        sent = history[-1] if history else None
        result = None
        if sent is not None and setting.feedback and self.exercise.has_key:
            result = kinds.feedback(self.exercise, sent, self.telling)
            first = kinds.grade(self.exercise, history[0])
            result |= {"retry": setting.mode is Mode.PRACTICE and setting.open, "tries": len(history), "first_points": first.points}
        return {"sent": sent.model_dump() if sent else None, "result": result, "tries_made": len(history)}

    def _writing(self, setting: Setting) -> dict[str, Any]:
        """Return each try at a writing with what a coach said of it."""
        writings = self._tries(setting)
        rubric = self.exercise.around.criteria
        tries = []
        for writing in writings:
            mark, shown = writing.first, None
            if mark is not None:
                whole = set(rubric.ids) <= set(mark.marks)
                level = rubric.level(mark.marks) if whole else None
                shown = {
                    "id": mark.id, "marks": dict(mark.marks), "strength": mark.strength, "step": mark.step, "decision": mark.decision,
                    "level": level, "level_name": None if level is None else LEVELS[level], "points": mark.points,
                    "at": mark.at and mark.at.isoformat(), "coach": mark.coach,
                }  # fmt: skip
            tries.append({"number": writing.number, "at": writing.at.isoformat(), "response": writing.response, "mark": shown})
        return {
            "tries": tries,
            "waiting": bool(writings) and writings[-1].first is None and writings[-1].response != kinds.blank(self.exercise).model_dump(),
            "can_send": setting.open and (not setting.mode.once or not writings or _asked_again(writings)),
            "hints_on": self._hints_on(setting),
        }

    def _tries(self, setting: Setting) -> list[Writing]:
        """Return what was written in this mode: a check knows nothing of practice."""
        return [writing for writing in self.keep.writings() if writing.mode is setting.mode]

    def _hints_on(self, setting: Setting) -> bool:
        return setting.mode is Mode.PRACTICE or _asked_again(self._tries(setting))

    def _counted(self, body: write.Write, response: write.Response) -> list[str]:
        counting = {box.id for box in (body.table.columns if body.table else body.boxes) if box.counts}
        return [text for row in (response.boxes, *response.rows) for box, text in row.items() if box in counting]


def _asked_again(writings: list[Writing]) -> bool:
    """Return whether a coach asked for another try at the newest writing."""
    mark = writings[-1].first if writings else None
    return mark is not None and mark.decision == "again"


def _is_private(response: Reply) -> bool:
    return isinstance(response, reflect.Response) and response.private


def wording(course: Course, profile: Profile) -> dict[str, Any]:
    """Return the words that a page uses throughout: the profile's sign-off, options as it says them, deciding questions."""
    by, on = (profile.approved.by, profile.approved.on) if profile.approved else (None, None)
    return {
        "profile": {"title": profile.title, "version": profile.version, "approved_by": by, "approved_on": on, "note": profile.note},
        "options": {option.id: profile.word(option).model_dump() for option in course.options.values() if option.term},
        "questions": [{"id": id, "text": text} for id, text in course.questions.items() if id in course.asked],
    }


def in_force(exercise: Exercise, attempts: Iterable[Attempt]) -> responses.Entry | None:
    """Return the response that counts after `attempts`, for handing in; None when none fits, or it is private."""
    merged = _merged(exercise, [attempt.response for attempt in attempts])
    return None if merged is None or _is_private(merged) else responses.Entry(version=exercise.version, response=merged.model_dump())


def work(course: Course, store: Store, person: str, session: str, lesson: str, mode: Mode) -> dict[str, Any]:
    """Return the responses in force in a lesson, by exercise name, as they are handed in."""
    found = [attempt for attempt in store.attempts(person, session, lesson=lesson) if attempt.mode is mode]
    entries = {exercise.name: in_force(exercise, [a for a in found if a.ref == exercise.ref]) for exercise in course.of(lesson)}
    return {name: entry.model_dump() for name, entry in entries.items() if entry is not None}


def _merged(exercise: Exercise, raws: Iterable[Any]) -> Reply | None:
    """Return the response in force after all of `raws` that still fit the exercise."""
    merged: Reply | None = None
    for raw in raws:
        with suppress(ResponseError):
            merged = kinds.merge(exercise, merged, kinds.parse(exercise, raw))
    return merged


def _cards_of(raw: Any) -> list[Any]:
    """Return a deck's raw response card by card, and its scale, so that one card that is gone does not take the others with it."""
    if not isinstance(raw, dict) or not isinstance(raw.get("answers"), dict):
        return [raw]
    others = {name: value for name, value in raw.items() if name != "answers" and value is not None}
    cards = [{"answers": {item: answer}} for item, answer in raw["answers"].items()]
    return [*cards, {"answers": {}, **others}] if others else cards


def _not_too_long(value: Any) -> None:
    if len(json.dumps(value, default=str)) > LONGEST:
        raise Refusal("too_long", "This is too long to save. Please make it shorter.")
