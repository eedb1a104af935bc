"""Reflect: the learner writes privately. Never scored, and seen by nobody unless the learner shares it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, Writing, whole
from sopkit.kinds.explain import Fault
from sopkit.model import Score, Text

UNIT = "reflections"
PRIVATE = True


class Response(Reply):
    """What was written, and whether the learner shares it with the coach."""

    text: Writing = ""
    shared: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def private(self) -> bool:
        """Whether nobody but the learner may see it."""
        return not self.shared


class Reflect(Body):
    """A private writing prompt. It has no keys: what is released is the whole."""

    kind: Literal["reflect"]
    prompts: list[Text]
    afterwards: Text | None = None


KEYED, RELEASED, RESPONSE = Reflect, Reflect, Response
merge = whole


def size(released: Reflect) -> int:
    return 1


def minutes(released: Reflect) -> int:
    return 4


def show(released: Reflect, around: Around, seed: str) -> dict[str, Any]:
    return {"prompts": released.prompts}


def problems(released: Reflect, response: Response, around: Around) -> list[str]:
    return []


def grade(body: Reflect, response: Response, around: Around) -> Score:
    """Return no points of none: a reflection is never scored."""
    return Score(0.0, 0.0, {"": "blank" if response.blank else "written"})


def out_of(body: Reflect, around: Around) -> float:
    return 0.0


def blank(released: Reflect) -> Response:
    return Response()


def attempts(body: Reflect, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    return {"": (response, grade(body, response, around))}


def strip(body: Reflect) -> Reflect:
    return body


def keyed_response(body: Reflect, around: Around) -> Response:
    return Response(text="I noticed what I took for granted, and who I could ask.", shared=True)


def wrong_response(body: Reflect, around: Around, rng: random.Random) -> Response:
    return Response(text="pass", shared=rng.random() < 0.5)


def malformed(released: Reflect, around: Around) -> list[Any]:
    return [
        None,
        [],
        "text",
        3,
        {"text": 3},
        {"text": None},
        {"text": "a", "shared": "no"},
        {"text": "a", "score": 1},
        {"text": "x" * 7000},
    ]


def feedback(body: Reflect, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    return {"afterwards": body.afterwards}


def rows(body: Reflect, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    text = "" if response.private else response.text
    return [(" ".join(body.prompts), text, "private, never scored" if response.private else "shared by the learner, never scored")]


def content_faults(body: Reflect, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    if not body.prompts:
        yield "prompts", "none", "one or more questions"
