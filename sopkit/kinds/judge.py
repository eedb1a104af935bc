"""Judge: the learner rates sample writing 0, 1 or 2 on each criterion of a rubric, then sees the key's marks and reasons."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, story_view, twice
from sopkit.kinds.explain import Fault
from sopkit.kinds.rubric import TOP, Criterion, Mark
from sopkit.model import Score, Slug, Strict, Text

UNIT = "samples"
PRIVATE = False


class Sample(Strict):
    """Sample writing as a learner sees it; `given` is what a reader must know of the case."""

    id: Slug
    given: Text | None = None
    text: Text


class KeyMark(Strict):
    """The key's mark on one criterion, why, and the words of the sample that decide (none when something is missing)."""

    mark: Mark
    why: Text
    words: Text | None = None


class SampleKeyed(Sample):
    """Sample writing with its key; criteria on which careful readers differ are talked about and not scored."""

    key: dict[str, KeyMark]
    differ: dict[str, Text] = {}


class Samples(Body):
    """A rating exercise as it is released."""

    kind: Literal["judge"]
    rubric: Slug
    family: Slug | None = None
    criteria: list[str] = []  # empty: all of the rubric
    samples: Annotated[list[Sample], Field(min_length=1)]

    @property
    def family_id(self) -> str | None:
        return self.family

    @property
    def rubric_id(self) -> str | None:
        return self.rubric


class Judge(Samples):
    """A rating exercise with its keys."""

    samples: Annotated[list[SampleKeyed], Field(min_length=1)]  # type: ignore[assignment]


class Rating(Strict):
    """A learner's marks on one sample, by criterion."""

    marks: dict[str, Mark]


class Response(Reply):
    """The rated samples, by id."""

    answers: dict[str, Rating]

    @property
    def blank(self) -> bool:
        return not any(rating.marks for rating in self.answers.values())


KEYED, RELEASED, RESPONSE = Judge, Samples, Response


def asked(released: Samples, around: Around) -> list[Criterion]:
    """Return the criteria that this exercise asks about."""
    return [criterion for criterion in around.criteria.criteria if not released.criteria or criterion.id in released.criteria]


def credit(key: int, mark: int) -> float:
    """Return 1 for the key's mark, 0 for the mark furthest from it, and in between by distance.

    >>> credit(2, 1), credit(2, 0), credit(1, 2)
    (0.5, 0.0, 0.0)
    """
    return 1 - abs(key - mark) / max(key, TOP - key)


def grade(body: Judge, response: Response, around: Around) -> Score:
    """Return up to a point for each criterion of each sample, by how near the mark is to the key's."""
    points, parts = 0.0, {}
    for sample in body.samples:
        rating = response.answers.get(sample.id)
        for criterion in asked(body, around):
            name = f"{sample.id} {criterion.id}"
            mark = rating.marks.get(criterion.id) if rating else None
            if criterion.id in sample.differ:
                parts[name] = "talk" if mark is not None else "blank"
            elif mark is None:
                parts[name] = "blank"
            else:
                key = sample.key[criterion.id].mark
                points += credit(key, mark)
                parts[name] = ("same", "one-off", "two-off")[abs(key - mark)]
    return Score(points, out_of(body, around), parts)


def out_of(body: Judge, around: Around) -> float:
    return float(sum(criterion.id not in sample.differ for sample in body.samples for criterion in asked(body, around)))


def size(released: Samples) -> int:
    return len(released.samples)


def minutes(released: Samples) -> int:
    return max(2, round(1.5 * len(released.samples)))


def show(released: Samples, around: Around, seed: str) -> dict[str, Any]:
    samples = [{"id": sample.id, "given": sample.given, "text": sample.text} for sample in released.samples]
    random.Random(seed).shuffle(samples)  # noqa: S311 (an order, no secret)
    criteria = [{"id": c.id, "name": c.name, "ask": c.ask, "anchors": c.anchors} for c in asked(released, around)]
    return {"items": samples, "criteria": criteria, "story": story_view(around.family), "rubric": around.criteria.title}


def problems(released: Samples, response: Response, around: Around) -> list[str]:
    ids, criteria = {sample.id for sample in released.samples}, {criterion.id for criterion in asked(released, around)}
    found = [f"There is no sample named {sample!r} here." for sample in response.answers if sample not in ids]
    for sample, rating in response.answers.items():
        if set(rating.marks) - criteria:
            found.append(f"Sample {sample!r} has marks for lines that are not asked about.")
    return found


def blank(released: Samples) -> Response:
    return Response(answers={})


def merge(earlier: Response | None, later: Response) -> Response:
    return Response(answers={**(earlier.answers if earlier else {}), **later.answers})


def attempts(body: Judge, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    found: dict[str, tuple[Response, Score]] = {}
    for sample in body.samples:
        if sample.id in response.answers:
            part = Response(answers={sample.id: response.answers[sample.id]})
            found[sample.id] = part, grade(body.model_copy(update={"samples": [sample]}), part, around)
    return found


def strip(body: Judge) -> Samples:
    samples = [Sample(id=sample.id, given=sample.given, text=sample.text) for sample in body.samples]
    return Samples(**{name: getattr(body, name) for name in Samples.model_fields if name != "samples"}, samples=samples)


def keyed_response(body: Judge, around: Around) -> Response:
    ids = [criterion.id for criterion in asked(body, around)]
    marks = {s.id: {c: s.key[c].mark if c in s.key else 1 for c in ids} for s in body.samples}
    return Response(answers={sample: Rating(marks=given) for sample, given in marks.items()})


def wrong_response(body: Judge, around: Around, rng: random.Random) -> Response:
    right = keyed_response(body, around)
    furthest = {0: [TOP], 1: [0, TOP], TOP: [0]}
    return Response(
        answers={s: Rating(marks={c: rng.choice(furthest[m]) for c, m in rating.marks.items()}) for s, rating in right.answers.items()}
    )


def malformed(released: Samples, around: Around) -> list[Any]:
    sample, criterion = released.samples[0].id, asked(released, around)[0].id
    return [
        None, [], "text", 7, {}, {"answers": None}, {"answers": {sample: {}}}, {"answers": {sample: 2}}, {"answers": {sample: {"marks": []}}},
        {"answers": {sample: {"marks": {criterion: 3}}}}, {"answers": {sample: {"marks": {criterion: -1}}}},
        {"answers": {sample: {"marks": {criterion: "2"}}}}, {"answers": {sample: {"marks": {criterion: True}}}},
        {"answers": {sample: {"marks": {"Z9": 1}}}}, {"answers": {"no-such-sample": {"marks": {criterion: 1}}}}, {"answers": {}, "points": 9},
    ]  # fmt: skip


def feedback(body: Judge, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    """Return, for each rated sample, each criterion with the learner's mark, the key's, and why."""
    parts, told = grade(body, response, around).parts, {}
    for sample in body.samples:
        rating = response.answers.get(sample.id)
        if rating is None:
            continue
        lines = []
        for criterion in asked(body, around):
            differ, key = sample.differ.get(criterion.id), sample.key.get(criterion.id)
            lines.append({
                "criterion": criterion.id, "yours": rating.marks.get(criterion.id), "state": parts[f"{sample.id} {criterion.id}"],
                "key": None if differ or key is None else key.mark, "why": differ or (key and key.why),
                "words": None if differ or key is None else key.words,
            })  # fmt: skip
        fits = all(line["state"] in ("same", "talk") for line in lines)
        told[sample.id] = {"verdict": "fits" if fits else "not-quite", "lines": lines}
    return told


def rows(body: Judge, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    parts = grade(body, response, around).parts
    words = {
        "same": "same as the key",
        "one-off": "one step away",
        "two-off": "two steps away",
        "blank": "not answered",
        "talk": "to talk about, not scored",
    }
    found = []
    for sample in body.samples:
        rating = response.answers.get(sample.id)
        for criterion in asked(body, around):
            mark = rating.marks.get(criterion.id) if rating else None
            found.append(
                (f"{sample.text} ({criterion.name})", "" if mark is None else str(mark), words[parts[f"{sample.id} {criterion.id}"]])
            )
    return found


def content_faults(body: Judge, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    known = around.criteria.ids
    for name in body.criteria:
        if name not in known:
            yield "criteria", repr(name), f"some of {', '.join(known)}"
    yield from twice([sample.id for sample in body.samples], "sample")
    wanted = {criterion.id for criterion in asked(body, around)}
    for sample in body.samples:
        place = f"sample {sample.id}"
        if set(sample.key) | set(sample.differ) != wanted or set(sample.key) & set(sample.differ):
            has = ", ".join(sorted([*sample.key, *sample.differ])) or "nothing"
            yield f"{place}, key", has, f"{', '.join(sorted(wanted))}, each once in key or in differ"
        for name, key in sample.key.items():
            if key.words is not None and sample.text.count(key.words) != 1:
                yield (
                    f"{place}, key.{name}.words",
                    f"{key.words!r} {sample.text.count(key.words)} times",
                    "words that stand there exactly once",
                )
