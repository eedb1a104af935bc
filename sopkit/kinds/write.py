"""Write: the learner fills boxes or rows. Hints are advice; a coach marks it by a rubric, and until then it waits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, Writing, story_view, twice, whole
from sopkit.kinds.explain import Fault
from sopkit.kinds.rubric import Rubric
from sopkit.model import Score, Slug, Strict, Text

UNIT = "statements"
PRIVATE = False


class Box(Strict):
    """One text box. What does not count is a step on the way: it is kept, and neither hinted at nor marked."""

    id: Slug
    label: Text
    help: Text | None = None
    counts: bool = True
    short: bool = False


class Table(Strict):
    """Rows of boxes: for each row, who, does what, when, backup."""

    name: Text  # what one row is: "Step"
    columns: Annotated[list[Box], Field(min_length=2, max_length=6)]
    least: Annotated[int, Field(ge=1)] = 1
    most: Annotated[int, Field(ge=1, le=8)] = 4


class Write(Body):
    """A writing exercise as it is released. `given` is what a reader must know beside the family's story."""

    kind: Literal["write"]
    rubric: Slug
    family: Slug | None = None
    given: Text | None = None
    boxes: list[Box] = []
    table: Table | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Write:
        if bool(self.boxes) == (self.table is not None):
            raise ValueError("either boxes or a table")
        return self

    @property
    def family_id(self) -> str | None:
        return self.family

    @property
    def rubric_id(self) -> str | None:
        return self.rubric


class Example(Strict):
    """A worked example shown after the first hand-in, and what to notice in it."""

    text: Text
    notice: Text


class WriteKeyed(Write):
    """A writing exercise with its worked examples."""

    examples: Annotated[list[Example], Field(min_length=1)]


class Response(Reply):
    """What stands in the boxes, by id, or in the rows."""

    boxes: dict[str, Writing] = {}
    rows: Annotated[list[dict[str, Writing]], Field(max_length=8)] = []

    @property
    def blank(self) -> bool:
        return not any(text.strip() for part in (self.boxes, *self.rows) for text in part.values())


KEYED, RELEASED, RESPONSE = WriteKeyed, Write, Response
merge = whole


def text(released: Write, response: Response) -> str:
    """Return what counts, as one text: a lone box by itself, else a line "label: words" for each, rows apart.

    This is what hints read, what a coach marks, and what is counted in words.
    """
    counting = [box for box in (released.table.columns if released.table else released.boxes) if box.counts]
    if released.table is None and len(counting) == 1:
        return response.boxes.get(counting[0].id, "").strip()
    rows = response.rows if released.table else [response.boxes]
    filled = [[f"{box.label}: {row[box.id].strip()}" for box in counting if row.get(box.id, "").strip()] for row in rows]
    return "\n\n".join("\n".join(lines) for lines in filled if lines)


def grade(body: Write, response: Response, around: Around) -> Score:
    """Return no points yet: a person marks writing."""
    return Score(0.0, out_of(body, around), {"": "blank" if response.blank else "waiting"})


def out_of(body: Write, around: Around) -> float:
    return around.criteria.out_of


def size(released: Write) -> int:
    return 1


def minutes(released: Write) -> int:
    return 10


def show(released: Write, around: Around, seed: str) -> dict[str, Any]:
    return {
        "boxes": [box.model_dump() for box in released.boxes],
        "table": released.table.model_dump() if released.table else None,
        "given": released.given,
        "story": story_view(around.family),
        "rubric": rubric_view(around.criteria),
    }


def rubric_view(rubric: Rubric) -> dict[str, Any]:
    """Return what a learner sees of a rubric: its formula and its lines, without comments and warm-up samples."""
    return {
        "id": rubric.id, "title": rubric.title, "about": rubric.about, "words": rubric.words,
        "parts": [part.model_dump() for part in rubric.parts],
        "criteria": [{"id": c.id, "name": c.name, "core": c.core, "ask": c.ask, "anchors": c.anchors} for c in rubric.criteria],
    }  # fmt: skip


def problems(released: Write, response: Response, around: Around) -> list[str]:
    found = [f"There is no box named {name!r} here." for name in response.boxes if name not in {box.id for box in released.boxes}]
    columns = {box.id for box in released.table.columns} if released.table else set()
    if any(set(row) - columns for row in response.rows):
        found.append("A row has boxes that are not in this exercise.")
    if released.table and len(response.rows) > released.table.most:
        found.append(f"There is room for {released.table.most} rows.")
    return found


def blank(released: Write) -> Response:
    return Response()


def attempts(body: Write, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    return {"": (response, grade(body, response, around))}


def strip(body: WriteKeyed) -> Write:
    return Write(**{name: getattr(body, name) for name in Write.model_fields})


def _filled(body: Write, words: str) -> Response:
    if body.table is not None:
        return Response(rows=[{box.id: words for box in body.table.columns}])
    return Response(boxes={box.id: words for box in body.boxes})


def keyed_response(body: WriteKeyed, around: Around) -> Response:
    return _filled(body, body.examples[0].text)


def wrong_response(body: WriteKeyed, around: Around, rng: random.Random) -> Response:
    return _filled(body, rng.choice(["They were neglected.", "Complete services.", "It is a bad situation."]))


def malformed(released: Write, around: Around) -> list[Any]:
    return [
        None, [], "text", 3, {"boxes": None}, {"boxes": []}, {"boxes": {"no-such-box": "a"}}, {"rows": {}}, {"rows": ["a"]}, {"rows": [{"no-such": "a"}]},
        {"boxes": {}, "points": 12}, {"boxes": {(released.boxes or [Box(id="x", label="x")])[0].id: 3}},
        {"boxes": {(released.boxes or [Box(id="x", label="x")])[0].id: "x" * 7000}}, {"rows": [{}] * 9},
    ]  # fmt: skip


def feedback(body: WriteKeyed, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    """Return the worked examples. What a coach says is not of the machine, and comes from the store."""
    return {"examples": [example.model_dump() for example in body.examples]}


def rows(body: Write, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    if body.table is None:
        return [(box.label, response.boxes.get(box.id, ""), "a coach marks this" if box.counts else "") for box in body.boxes]
    return [
        (f"{body.table.name} {number}: {box.label}", row.get(box.id, ""), "a coach marks this" if box.counts else "")
        for number, row in enumerate(response.rows or [{}], 1)
        for box in body.table.columns
    ]


def content_faults(body: WriteKeyed, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    yield from twice([box.id for box in body.boxes], "box")
    if body.table is not None:
        yield from twice([box.id for box in body.table.columns], "column")
        if body.table.least > body.table.most:
            yield "table, least", str(body.table.least), f"at most {body.table.most}"
        if not any(box.counts for box in body.table.columns):
            yield "table, columns", "none that counts", "one column or more that the coach marks"
    elif not any(box.counts for box in body.boxes):
        yield "boxes", "none that counts", "one box or more that the coach marks"
    if body.family is None and body.given is None:
        yield "given", "nothing", "a family, or what a writer must know of the case"
