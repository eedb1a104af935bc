"""The exercise kinds, and the one place that tells them apart. What each kind's module offers is said in `base.Kind`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from sopkit.errors import ResponseError
from sopkit.kinds import classify, dialogue, judge, order, reflect, scale, tag, write
from sopkit.kinds.base import Around, Body, Kind, Reply, Row, Telling
from sopkit.kinds.explain import Fault
from sopkit.kinds.rubric import Rubric
from sopkit.model import Family, Score, version

KINDS: dict[str, Kind] = {
    "classify": classify, "tag": tag, "judge": judge, "order": order, "write": write, "scale": scale, "dialogue": dialogue, "reflect": reflect,
}  # fmt: skip


@dataclass(frozen=True)
class Exercise:
    """One exercise where it stands in the course. `body` has keys only on the academy's own side."""

    ref: str  # lesson/exercise
    number: str  # 1.4: the fourth exercise of lesson 1
    body: Body
    version: str
    family: Family | None = None
    rubric: Rubric | None = None

    @property
    def lesson(self) -> str:
        """The lesson's id."""
        return self.ref.split("/")[0]

    @property
    def name(self) -> str:
        """The exercise's own name, which is its file's."""
        return self.ref.split("/")[1]

    @property
    def kind(self) -> Kind:
        """The module of its kind."""
        return KINDS[self.body.kind]

    @property
    def around(self) -> Around:
        """The family and rubric it stands on."""
        return Around(self.family, self.rubric)

    @property
    def has_key(self) -> bool:
        """Whether this copy can grade."""
        return isinstance(self.body, self.kind.KEYED)

    @property
    def keyed(self) -> Body:
        """The body with keys; raises ResponseError on a release, where there is none."""
        if self.has_key:
            return self.body
        raise ResponseError(self.ref, ["This copy of the course has no answer keys, so it cannot be graded here."])

    @property
    def size(self) -> int:
        """How many answers make it complete: cards of a deck; 1 for a story."""
        return self.kind.size(self.body)

    def done(self, items: set[str]) -> int:
        """Return how many of `size` answers there are, when these items have been answered. Items that are gone do not count."""
        match self.body:
            case dialogue.Talk(turns=turns):
                return int(any(turn.last and turn.id in items for turn in turns))
            case classify.Deck(items=cards):
                return len(items & {card.id for card in cards})
            case judge.Samples(samples=samples):
                return len(items & {sample.id for sample in samples})
        return int(bool(items))

    @property
    def by_item(self) -> bool:
        """Whether its items are attempts of their own, each answered and explained by itself."""
        return "answers" in self.kind.RESPONSE.model_fields

    @property
    def marked_by_hand(self) -> bool:
        """Whether a coach marks it."""
        return self.kind is write


def content_version(body: Body, around: Around) -> str:
    """Return the hash of all that decides what a learner saw and how it was graded."""
    parts: list[Any] = [
        body.model_dump(mode="json", exclude={"status"}, exclude_defaults=True),
        around.family.story if around.family else None,
    ]
    if around.rubric is not None:
        parts.append([criterion.model_dump(mode="json", include={"id", "anchors"}) for criterion in around.rubric.criteria])
    return version(parts)


def parse(exercise: Exercise, raw: Any) -> Reply:
    """Return `raw` as a response to `exercise`.

    Raises:
        ResponseError: `raw` has another form, or names items, options or words that are not in the exercise.
    """
    try:
        response: Reply = exercise.kind.RESPONSE.model_validate(raw)
        found = exercise.kind.problems(exercise.body, response, exercise.around)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, e['loc'])) or 'the response'}: {e['msg']}" for e in error.errors()]
    if found:
        raise ResponseError(exercise.ref, found)
    return response


def grade(exercise: Exercise, response: Reply) -> Score:
    """Return the score of `response`. Pure: the same exercise and response give the same score, always."""
    return exercise.kind.grade(exercise.keyed, _own(exercise, response), exercise.around)


def out_of(exercise: Exercise) -> float:
    """Return the most points that can be earned (0 where nothing is scored)."""
    return exercise.kind.out_of(exercise.keyed, exercise.around)


def blank(exercise: Exercise) -> Reply:
    """Return the response in which nothing was done."""
    response: Reply = exercise.kind.blank(exercise.body)
    return response


def merge(exercise: Exercise, earlier: Reply | None, later: Reply) -> Reply:
    """Return the response in force after `later` follows `earlier`."""
    merged: Reply = exercise.kind.merge(earlier, later)
    return merged


def attempts(exercise: Exercise, response: Reply) -> dict[str, tuple[Reply, Score]]:
    """Return the parts of `response` that are attempts of their own, each with its score, by item id ("" for the whole)."""
    return exercise.kind.attempts(exercise.keyed, _own(exercise, response), exercise.around)


def show(exercise: Exercise, seed: str) -> dict[str, Any]:
    """Return what the player needs beside title and options, without keys; `seed` fixes a learner's own order."""
    return exercise.kind.show(exercise.body, exercise.around, f"{seed}:{exercise.ref}")


def strip(body: Body) -> Body:
    """Return `body` as it is released, without keys."""
    released: Body = KINDS[body.kind].strip(body)
    return released


def keyed_response(exercise: Exercise) -> Reply:
    """Return the response that earns every point that the machine can give."""
    response: Reply = exercise.kind.keyed_response(exercise.keyed, exercise.around)
    return response


def wrong_response(exercise: Exercise, rng: random.Random) -> Reply:
    """Return a well-formed response that earns nothing."""
    response: Reply = exercise.kind.wrong_response(exercise.keyed, exercise.around, rng)
    return response


def malformed(exercise: Exercise) -> list[Any]:
    """Return raw values that `parse` must refuse."""
    return exercise.kind.malformed(exercise.body, exercise.around)


def feedback(exercise: Exercise, response: Reply, telling: Telling) -> dict[str, Any]:
    """Return what the learner is told: by item id where items are attempts of their own, else the whole result."""
    return exercise.kind.feedback(exercise.keyed, _own(exercise, response), exercise.around, telling)


def rows(exercise: Exercise, response: Reply, labels: dict[str, str]) -> list[Row]:
    """Return the response line by line, for print."""
    return exercise.kind.rows(exercise.keyed, _own(exercise, response), exercise.around, labels)


def content_faults(body: Body, around: Around, questions: dict[str, str]) -> Iterator[Fault]:
    """Yield the faults of one exercise that its types do not already refuse."""
    yield from KINDS[body.kind].content_faults(body, around, questions)


def _own(exercise: Exercise, response: Reply) -> Any:
    if isinstance(response, exercise.kind.RESPONSE):
        return response
    raise ResponseError(exercise.ref, ["This is a response to another kind of exercise."])


__all__ = [
    "KINDS", "Around", "Body", "Exercise", "Fault", "Kind", "Reply", "Row", "Rubric", "Telling",
    "attempts", "blank", "content_faults", "content_version", "feedback", "grade", "keyed_response", "malformed", "merge", "out_of", "parse",
    "rows", "show", "strip", "wrong_response",
]  # fmt: skip
