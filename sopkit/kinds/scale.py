"""Scale: the learner picks a number from 0 to 10, says why it is not lower, and what one step up looks like. Never right or wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, Writing, story_view, whole
from sopkit.kinds.explain import Fault
from sopkit.model import Score, Slug, Strict, Text

UNIT = "scales"
PRIVATE = False


class Asked(Strict):
    """A 0-10 question: what 0 and 10 mean, and the two questions that follow the number."""

    question: Text
    low: Text
    high: Text
    not_lower: Text = "What makes it this number and not lower?"
    one_up: Text = "What would one step up look like?"


class Response(Reply):
    """The number and the two answers. None: no number chosen yet."""

    value: Annotated[int, Field(ge=0, le=10)] | None = None
    not_lower: Writing = ""
    one_up: Writing = ""

    @property
    def blank(self) -> bool:
        return self.value is None and not self.not_lower.strip() and not self.one_up.strip()

    @property
    def complete(self) -> bool:
        """Whether all three are there."""
        return self.value is not None and bool(self.not_lower.strip()) and bool(self.one_up.strip())

    @property
    def state(self) -> str:
        """How far it is: done, begun or blank."""
        return "done" if self.complete else "blank" if self.blank else "begun"


class Scale(Body):
    """A scaling exercise as it is released."""

    kind: Literal["scale"]
    family: Slug | None = None
    given: Text | None = None
    scale: Asked

    @property
    def family_id(self) -> str | None:
        return self.family


class ScaleKeyed(Scale):
    """A scaling exercise with what others would think about, shown afterwards."""

    consider: Annotated[list[Text], Field(min_length=2)]


KEYED, RELEASED, RESPONSE = ScaleKeyed, Scale, Response
merge = whole


def size(released: Scale) -> int:
    return 1


def minutes(released: Scale) -> int:
    return 4


def show(released: Scale, around: Around, seed: str) -> dict[str, Any]:
    return {"scale": released.scale.model_dump(), "given": released.given, "story": story_view(around.family)}


def problems(released: Scale, response: Response, around: Around) -> list[str]:
    return []


def grade(body: Scale, response: Response, around: Around) -> Score:
    """Return one point for a number with both answers, whatever the number is."""
    return Score(float(response.complete), 1.0, {"": response.state})


def out_of(body: Scale, around: Around) -> float:
    return 1.0


def blank(released: Scale) -> Response:
    return Response()


def attempts(body: Scale, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    return {"": (response, grade(body, response, around))}


def strip(body: ScaleKeyed) -> Scale:
    return Scale(**{name: getattr(body, name) for name in Scale.model_fields})


def keyed_response(body: ScaleKeyed, around: Around) -> Response:
    return Response(value=5, not_lower="Somebody has already done something that helped.", one_up="It happens again, and somebody sees it.")


def wrong_response(body: ScaleKeyed, around: Around, rng: random.Random) -> Response:
    return Response(value=rng.randrange(11))


def malformed(released: Scale, around: Around) -> list[Any]:
    return [
        None, [], "5", 5, {"value": 11}, {"value": -1}, {"value": "5"}, {"value": 5.5}, {"value": True},
        {"value": 5, "not_lower": None}, {"value": 5, "one_up": 3}, {"value": 5, "points": 1}, {"value": 5, "not_lower": "x" * 7000},
    ]  # fmt: skip


def feedback(body: ScaleKeyed, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    return {"state": response.state, "consider": body.consider}


def rows(body: Scale, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    asked, number = body.scale, "" if response.value is None else str(response.value)
    return [
        (asked.question, number, "talked about, never right or wrong"),
        (asked.not_lower, response.not_lower, ""),
        (asked.one_up, response.one_up, ""),
    ]


def content_faults(body: ScaleKeyed, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    yield from ()
