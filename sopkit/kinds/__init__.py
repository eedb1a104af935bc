"""The exercise kinds, and the one place that tells them apart.

Each kind is a module with: its type with keys and its released type, `Response`, `parse` (through here), `grade` (pure),
`keyed_response`, `wrong_response`, `malformed`, `feedback`, `strip`, `content_faults`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from pydantic import ValidationError

from sopkit.errors import ResponseError
from sopkit.kinds import classify, tag
from sopkit.kinds.explain import Fault
from sopkit.model import Family, Profile, Score, version

Body = classify.Classify | tag.Tag
Released = classify.Deck | tag.Story
Response = classify.Response | tag.Response

WITH_KEYS: dict[str, type[Body]] = {"classify": classify.Classify, "tag": tag.Tag}
WITHOUT_KEYS: dict[str, type[Released]] = {"classify": classify.Deck, "tag": tag.Story}


@dataclass(frozen=True)
class Exercise:
    """One exercise where it stands in the course. `body` has keys only on the academy's own side."""

    ref: str  # lesson/exercise
    number: str  # 1.4: the fourth exercise of lesson 1
    body: Body | Released
    version: str
    family: Family | None = None

    @property
    def lesson(self) -> str:
        """The lesson's id."""
        return self.ref.split("/")[0]

    @property
    def name(self) -> str:
        """The exercise's own name, which is its file's."""
        return self.ref.split("/")[1]

    @property
    def keyed(self) -> Body:
        """The body with keys; raises ResponseError on a release, where there is none."""
        if isinstance(self.body, classify.Classify | tag.Tag):
            return self.body
        raise ResponseError(self.ref, ["This copy of the course has no answer keys, so it cannot be graded here."])

    @property
    def has_key(self) -> bool:
        """Whether this copy can grade."""
        return isinstance(self.body, classify.Classify | tag.Tag)

    @property
    def size(self) -> int:
        """How many answers make it complete: cards of a deck; 1 for a story."""
        return len(self.body.items) if isinstance(self.body, classify.Deck) else 1

    @property
    def story(self) -> Family:
        """The family whose story this exercise tags."""
        assert self.family is not None, self.ref
        return self.family


def content_version(body: Body, family: Family | None) -> str:
    """Return the hash of all that decides what a learner saw and how it was graded."""
    return version([body.model_dump(mode="json", exclude={"status"}), family.story if family else None])


def parse(exercise: Exercise, raw: Any) -> Response:
    """Return `raw` as a response to `exercise`.

    Raises:
        ResponseError: `raw` has another form, or names items, options or words that are not in the exercise.
    """
    try:
        match exercise.body:
            case classify.Deck():
                answers = classify.Response.model_validate(raw)
                found = classify.problems(exercise.body, answers)
                if not found:
                    return answers
            case tag.Story():
                marks = tag.Response.model_validate(raw)
                found = tag.problems(exercise.body, marks, exercise.story)
                if not found:
                    return marks
            case _:
                assert_never(exercise.body)
    except ValidationError as error:
        found = [f"{'.'.join(map(str, e['loc'])) or 'the response'}: {e['msg']}" for e in error.errors()]
    raise ResponseError(exercise.ref, found)


def grade(exercise: Exercise, response: Response) -> Score:
    """Return the score of `response`. Pure: the same exercise and response give the same score, always."""
    match exercise.keyed, response:
        case classify.Classify() as deck, classify.Response():
            return classify.grade(deck, response)
        case tag.Tag() as story, tag.Response():
            return tag.grade(story, response, exercise.story)
    raise ResponseError(exercise.ref, ["This is a response to another kind of exercise."])


def out_of(exercise: Exercise) -> float:
    """Return the most points that can be earned (0 where nothing is scored)."""
    body = exercise.keyed
    return classify.out_of(body) if isinstance(body, classify.Classify) else tag.out_of(body)


def blank(exercise: Exercise) -> Response:
    """Return the response in which nothing was done."""
    return classify.Response(answers={}) if isinstance(exercise.body, classify.Deck) else tag.Response(marks=[])


def merge(earlier: Response | None, later: Response) -> Response:
    """Return the response in force after `later` follows `earlier`."""
    if isinstance(later, classify.Response) and isinstance(earlier, classify.Response):
        return classify.merge(earlier, later)
    return later


def attempts(exercise: Exercise, response: Response) -> dict[str, tuple[Response, Score]]:
    """Return the parts of `response` that are attempts of their own, each with its score, by item id ("" for the whole)."""
    if not isinstance(response, classify.Response):
        return {"": (response, grade(exercise, response))}
    found: dict[str, tuple[Response, Score]] = {}
    for item, answer in response.answers.items():
        part = classify.Response(answers={item: answer})
        score = grade(exercise, part)
        state = score.parts[item]
        found[item] = part, Score(score.points, float(state != "talk"), {item: state})
    return found


def strip(body: Body) -> Released:
    """Return `body` as it is released, without keys."""
    return classify.strip(body) if isinstance(body, classify.Classify) else tag.strip(body)


def keyed_response(exercise: Exercise) -> Response:
    """Return the response that earns every point."""
    body = exercise.keyed
    return classify.keyed_response(body) if isinstance(body, classify.Classify) else tag.keyed_response(body, exercise.story)


def wrong_response(exercise: Exercise, rng: random.Random) -> Response:
    """Return a well-formed response that earns nothing."""
    body = exercise.keyed
    if isinstance(body, classify.Classify):
        return classify.wrong_response(body, rng)
    return tag.wrong_response(body, exercise.story, rng)


def malformed(exercise: Exercise) -> list[Any]:
    """Return raw values that `parse` must refuse."""
    body = exercise.body
    return classify.malformed(body) if isinstance(body, classify.Deck) else tag.malformed(body)


def feedback(exercise: Exercise, response: Response, questions: Mapping[str, str], profile: Profile) -> dict[str, Any]:
    """Return what the learner is told: for a deck, by item id; for a story, the whole result."""
    match exercise.keyed, response:
        case classify.Classify() as deck, classify.Response():
            return {item: classify.feedback(deck, item, a, questions, profile) for item, a in response.answers.items()}
        case tag.Tag() as story, tag.Response():
            return tag.feedback(story, exercise.story, response, questions, profile)
    raise ResponseError(exercise.ref, ["This is a response to another kind of exercise."])


def content_faults(body: Body, questions: Mapping[str, str], family: Family | None) -> Iterator[Fault]:
    """Yield the faults of one exercise that its types do not already refuse."""
    if isinstance(body, classify.Classify):
        yield from classify.content_faults(body, questions)
    elif family is not None:
        yield from tag.content_faults(body, questions, family)
