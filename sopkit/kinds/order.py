"""Order: the learner puts steps in order. Steps of one stage may stand in any order among themselves."""

from __future__ import annotations

import bisect
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, twice, whole
from sopkit.kinds.explain import Fault
from sopkit.model import Score, Slug, Strict, Text

UNIT = "steps"
PRIVATE = False


class Step(Strict):
    """A step as a learner sees it."""

    id: Slug
    text: Text


class StepKeyed(Step):
    """A step with its stage (1 comes first), why it stands there, and what is lost when it comes too early or too late."""

    stage: Annotated[int, Field(ge=1)]
    why: Text
    early: Text | None = None
    late: Text | None = None


class Steps(Body):
    """An ordering exercise as it is released."""

    kind: Literal["order"]
    steps: Annotated[list[Step], Field(min_length=3, max_length=12)]


class Order(Steps):
    """An ordering exercise with its keys."""

    steps: Annotated[list[StepKeyed], Field(min_length=3, max_length=12)]  # type: ignore[assignment]


class Response(Reply):
    """All steps, in the learner's order."""

    order: list[str]

    @property
    def blank(self) -> bool:
        return not self.order


KEYED, RELEASED, RESPONSE = Order, Steps, Response
merge = whole


def kept(body: Order, response: Response) -> list[str]:
    """Return the most steps that already stand in the right order among themselves: the others are the ones to move.

    The longest run of stages that never falls (patience sorting; Fredman 1975); of several as long, the one that stands latest.
    """
    stage = {step.id: step.stage for step in body.steps}
    tails: list[int] = []  # the smallest stage that ends a run of each length
    lengths: list[int] = []
    for step in response.order:
        at = bisect.bisect_right(tails, stage[step])
        tails[at : at + 1] = [stage[step]]
        lengths.append(at + 1)
    run: list[str] = []
    wanted, last = len(tails), None
    for step, length in zip(reversed(response.order), reversed(lengths), strict=True):
        if length == wanted and (last is None or stage[step] <= last):
            run.append(step)
            wanted, last = wanted - 1, stage[step]
    return run[::-1]


def grade(body: Order, response: Response, around: Around) -> Score:
    """Return how many steps stand in order, beyond those that any order keeps (the largest stage)."""
    most = out_of(body, around)
    if response.blank:
        return Score(0.0, most, {step.id: "blank" for step in body.steps})
    stay = set(kept(body, response))
    parts = {step.id: "in-place" if step.id in stay else "move" for step in body.steps}
    return Score(most - (len(body.steps) - len(stay)), most, parts)


def out_of(body: Order, around: Around) -> float:
    return float(len(body.steps) - max(Counter(step.stage for step in body.steps).values()))


def size(released: Steps) -> int:
    return 1


def minutes(released: Steps) -> int:
    return max(2, round(len(released.steps) * 0.5))


def show(released: Steps, around: Around, seed: str) -> dict[str, Any]:
    steps = sorted(({"id": step.id, "text": step.text} for step in released.steps), key=lambda step: step["text"])
    random.Random(seed).shuffle(steps)  # noqa: S311 (an order, no secret)
    return {"steps": steps}


def problems(released: Steps, response: Response, around: Around) -> list[str]:
    if response.order and sorted(response.order) != sorted(step.id for step in released.steps):
        return ["Each step must be there once."]
    return []


def blank(released: Steps) -> Response:
    return Response(order=[])


def attempts(body: Order, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    return {"": (response, grade(body, response, around))}


def strip(body: Order) -> Steps:
    """Return the exercise as it is released: the steps by their text, which says nothing of their order."""
    steps = sorted((Step(id=step.id, text=step.text) for step in body.steps), key=lambda step: step.text)
    return Steps(**{name: getattr(body, name) for name in Steps.model_fields if name != "steps"}, steps=steps)


def keyed_response(body: Order, around: Around) -> Response:
    return Response(order=[step.id for step in sorted(body.steps, key=lambda step: step.stage)])


def wrong_response(body: Order, around: Around, rng: random.Random) -> Response:
    return Response(order=[step.id for step in sorted(body.steps, key=lambda step: -step.stage)])


def malformed(released: Steps, around: Around) -> list[Any]:
    ids = [step.id for step in released.steps]
    return [
        None, [], "order", 3, {}, {"order": None}, {"order": ids[:-1]}, {"order": [*ids, ids[0]]}, {"order": [*ids[:-1], "no-such-step"]},
        {"order": [*ids[:-1], ids[0]]}, {"order": [1, 2]}, {"order": ids, "points": 9}, {"order": {"0": ids[0]}},
    ]  # fmt: skip


def feedback(body: Order, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    """Return each step with its state and reason, and the trainer's order stage by stage.

    A step to move goes past steps that stay: later, when one of an earlier stage stands behind it, else earlier.
    """
    score = grade(body, response, around)
    stage = {step.id: step.stage for step in body.steps}
    place = {step: n for n, step in enumerate(response.order)}
    stay = kept(body, response)
    told = []
    for step in body.steps:
        moved = score.parts[step.id] == "move"
        early = moved and any(place[other] > place[step.id] and stage[other] < step.stage for other in stay)
        told.append({
            "id": step.id, "state": score.parts[step.id], "stage": step.stage, "why": step.why,
            "direction": ("later" if early else "earlier") if moved else None, "cost": (step.early if early else step.late) if moved else None,
        })  # fmt: skip
    return {"points": score.points, "out_of": score.out_of, "steps": told, "best": _nearest(body, response)}


def _nearest(body: Order, response: Response) -> list[str]:
    """Return a right order that keeps the learner's own order within each stage."""
    place = {step: n for n, step in enumerate(response.order)}
    return [step.id for step in sorted(body.steps, key=lambda step: (step.stage, place.get(step.id, 0)))]


def rows(body: Order, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    place = {step: str(n) for n, step in enumerate(response.order, 1)}
    parts = grade(body, response, around).parts
    words = {"in-place": "in order", "move": "to move", "blank": "not answered"}
    return [(step.text, place.get(step.id, ""), words[parts[step.id]]) for step in sorted(body.steps, key=lambda s: s.stage)]


def content_faults(body: Order, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    yield from twice([step.id for step in body.steps], "step")
    stages = sorted({step.stage for step in body.steps})
    if stages != list(range(1, len(stages) + 1)) or len(stages) < 2:
        yield "steps", f"stages {', '.join(map(str, stages))}", "stages 1, 2, 3 ... with none left out, and two or more"
    for step in body.steps:
        if step.early is None and step.stage > 1:
            yield f"step {step.id}, early", "nothing", "what is lost when this step comes too early"
        if step.late is None and step.stage < stages[-1]:
            yield f"step {step.id}, late", "nothing", "what is lost when this step comes too late"
