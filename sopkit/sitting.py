"""A sitting: one person, one exercise, wherever it runs. It decides what the player may see, and keeps what it sends."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sopkit import kinds, responses
from sopkit.content import Course
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import Exercise, Response, classify, tag
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

    def add(self, exercise: Exercise, key: str, response: Response, mode: Mode) -> None:
        """Keep a response given in this mode."""

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

    def add(self, exercise: Exercise, key: str, response: Response, mode: Mode) -> None:
        graded = [Graded(item, part.model_dump(), score) for item, (part, score) in kinds.attempts(exercise, response).items()]
        self.store.add(self.person, self.session, self.ref, mode, exercise.version, key, graded)

    def draft(self) -> tuple[int, Any]:
        return self.store.draft(self.person, self.session, self.ref)

    def save_draft(self, revision: int, draft: Any) -> int:
        return self.store.save_draft(self.person, self.session, self.ref, revision, draft)


@dataclass(frozen=True)
class InFile:
    """Work kept in a response file beside the notebook, graded when it is handed in."""

    folder: Path
    lesson: str
    name: str

    def setting(self) -> Setting:
        return Setting(Mode.PRACTICE)

    def history(self, mode: Mode) -> list[tuple[dict[str, Any], str]]:
        entry = responses.read(self.folder, self.lesson).responses.get(self.name)
        return [(part, entry.version) for part in _cards_of(entry.response)] if entry else []

    def add(self, exercise: Exercise, key: str, response: Response, mode: Mode) -> None:
        file = responses.read(self.folder, self.lesson)
        earlier = _merged(exercise, [raw for raw, _ in self.history(mode)])
        new = responses.Entry(version=exercise.version, response=kinds.merge(earlier, response).model_dump())
        responses.write(self.folder, file.model_copy(update={"responses": {**file.responses, self.name: new}}))

    def draft(self) -> tuple[int, Any]:
        return 0, responses.read(self.folder, self.lesson).drafts.get(self.name)

    def save_draft(self, revision: int, draft: Any) -> int:
        file = responses.read(self.folder, self.lesson)
        responses.write(self.folder, file.model_copy(update={"drafts": {**file.drafts, self.name: draft}}))
        return revision + 1


class Sitting:
    """One person at one exercise."""

    def __init__(self, course: Course, exercise: Exercise, keep: Keep, person: Person | None, profile: Profile) -> None:
        self.course, self.exercise, self.keep, self.person, self.profile = course, exercise, keep, person, profile

    def view(self) -> dict[str, Any]:
        """Return all that the player shows now, and nothing that the mode does not allow yet."""
        body, setting = self.exercise.body, self.keep.setting()
        history, notice = self._history(setting.mode)
        revision, draft = self.keep.draft()
        options = [self.option(option) for option in body.options]
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
        if isinstance(body, classify.Deck):
            return common | {"ask_question": body.ask_question, "items": self._cards(body)} | self._answers(history, setting)
        marks = history[-1].model_dump() if history else None
        story = self.exercise.story
        sentences = [{"paragraph": s.paragraph, "first": s.first, "words": list(s.words)} for s in story.sentences]
        return common | {
            "story": {"title": story.title, "content_note": story.content_note, "sentences": sentences},
            "draft": None if draft == marks else draft,
            "sent": marks,
            "result": self._result(history, setting),
        }

    def answer(self, seen_version: Any, key: Any, raw: Any) -> dict[str, Any]:
        """Keep what the learner answered and return what may be told about it.

        Raises:
            Refusal: closed, version, answered, malformed or too_long, with a text for the learner.
        """
        setting = self._open()
        if seen_version != self.exercise.version:
            raise Refusal("version", "This exercise was updated since you opened it. Open it again to go on. What you did is kept.")
        if not isinstance(key, str) or not 8 <= len(key) <= 80:
            raise Refusal("malformed", "This answer did not arrive whole. Please try again.")
        _not_too_long(raw)
        try:
            response = kinds.parse(self.exercise, raw)
        except ResponseError as error:
            raise Refusal("malformed", "This answer did not arrive whole. Please try again.", problems=error.problems) from error
        if response.blank:
            raise Refusal("blank", "Nothing to check yet. Choose first.")
        self.keep.add(self.exercise, key, response, setting.mode)
        history, _ = self._history(setting.mode)
        if isinstance(response, classify.Response):
            found = self._answers(history, setting)
            return {"answers": {item: found["answers"][item] for item in response.answers}, "summary": found["summary"]}
        return {"sent": response.model_dump(), "result": self._result(history, setting)}

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

    def _history(self, mode: Mode) -> tuple[list[Response], str | None]:
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

    def _cards(self, deck: classify.Deck) -> list[dict[str, Any]]:
        cards = [{"id": item.id, "danger": item.danger, "text": item.text} for item in deck.items]
        if deck.order == "shuffled":
            random.Random(f"{self.person.id if self.person else ''}:{self.exercise.ref}").shuffle(cards)  # noqa: S311 (an order, no secret)
        return cards

    def _answers(self, history: Iterable[Response], setting: Setting) -> dict[str, Any]:
        first: dict[str, classify.Answer] = {}
        latest: dict[str, classify.Answer] = {}
        for response in history:
            if isinstance(response, classify.Response):
                first = {**response.answers, **first}
                latest = {**latest, **response.answers}
        told = setting.feedback and self.exercise.has_key
        feedback, fit_first = {}, 0
        if told:
            feedback = kinds.feedback(self.exercise, classify.Response(answers=latest), self.course.questions, self.profile)
            fit_first = int(kinds.grade(self.exercise, classify.Response(answers=first)).points)
        back = [item for item, shown in feedback.items() if shown["verdict"] in ("not-quite", "passed")]
        assert isinstance(self.exercise.body, classify.Deck)
        return {
            "answers": {item: {**answer.model_dump(), "feedback": feedback.get(item)} for item, answer in latest.items()},
            "summary": {
                "total": len(self.exercise.body.items),
                "answered": len(latest),
                "fit_first": fit_first,
                "come_back": sorted(back, key=lambda item: latest[item].sure is not True),
                "revealed": told,
            },
        }

    def _result(self, history: list[Response], setting: Setting) -> dict[str, Any] | None:
        if not history or not setting.feedback or not self.exercise.has_key:
            return None
        shown = kinds.feedback(self.exercise, history[-1], self.course.questions, self.profile)
        first = kinds.grade(self.exercise, history[0])
        assert isinstance(self.exercise.keyed, tag.Tag)
        return shown | {"retry": setting.mode is Mode.PRACTICE and setting.open, "tries": len(history), "first_points": first.points}


def wording(course: Course, profile: Profile) -> dict[str, Any]:
    """Return the words that a page uses throughout: the profile's sign-off, options as it says them, deciding questions."""
    by, on = (profile.approved.by, profile.approved.on) if profile.approved else (None, None)
    return {
        "profile": {"title": profile.title, "version": profile.version, "approved_by": by, "approved_on": on, "note": profile.note},
        "options": {option.id: profile.word(option).model_dump() for option in course.options.values()},
        "questions": [{"id": id, "text": text} for id, text in course.questions.items()],
    }


def in_force(exercise: Exercise, attempts: Iterable[Attempt]) -> responses.Entry | None:
    """Return the response that counts after `attempts`, for handing in; None when there is none that fits the exercise."""
    merged = _merged(exercise, [attempt.response for attempt in attempts])
    return None if merged is None else responses.Entry(version=exercise.version, response=merged.model_dump())


def _merged(exercise: Exercise, raws: Iterable[Any]) -> Response | None:
    """Return the response in force after all of `raws` that still fit the exercise."""
    merged: Response | None = None
    for raw in raws:
        with suppress(ResponseError):
            merged = kinds.merge(merged, kinds.parse(exercise, raw))
    return merged


def _cards_of(raw: Any) -> list[Any]:
    """Return a deck's raw response card by card, so that one card that is gone does not take the others with it."""
    answers = raw.get("answers") if isinstance(raw, dict) else None
    return [{"answers": {item: answer}} for item, answer in answers.items()] if isinstance(answers, dict) else [raw]


def _not_too_long(value: Any) -> None:
    if len(json.dumps(value, default=str)) > LONGEST:
        raise Refusal("too_long", "This is too long to save. Please make it shorter.")
