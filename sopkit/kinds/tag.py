"""Tag: the learner marks passages of a family's story with options.

Words of the story are numbered from 0. The story falls into segments: the keyed passages, and the sentences to leave
alone. Each segment is judged by itself, so that the order of marks never matters and mending one mark never costs a point.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, story_view, twice, whole
from sopkit.kinds.explain import Contested, Fault, Keyed, contested_faults, contested_view, faults, view
from sopkit.model import Family, Score, Slug, Strict, Text

UNIT = "stories"
PRIVATE = False
NONE = "none"
EXTRA_COST = 0.25


class Passage(Keyed):
    """A passage that carries a tag. `accept` lists other options that are as good."""

    id: Slug
    quote: Text
    accept: list[str] = []


class Leave(Strict):
    """Words that need no tag: a plain fact, something not known yet, or what the system did."""

    id: Slug
    quote: Text
    reason: Literal["fact", "unknown", "system"]
    answer: Text
    optional: str | None = None


class Discuss(Strict):
    """A passage on which agencies differ. Not scored."""

    id: Slug
    quote: Text
    contested: Contested


class Story(Body):
    """A tagging exercise as it is released: the family, no keys."""

    kind: Literal["tag"]
    family: Slug
    options: Annotated[list[str], Field(min_length=2, max_length=6)]

    @property
    def option_ids(self) -> list[str]:
        return self.options

    @property
    def family_id(self) -> str | None:
        return self.family


class Tag(Story):
    """A tagging exercise with its keys."""

    passages: Annotated[list[Passage], Field(min_length=1)]
    leave: list[Leave] = []
    discuss: list[Discuss] = []

    @property
    def parts(self) -> list[Passage | Leave | Discuss]:
        """All that the words of the story fall into."""
        return [*self.passages, *self.leave, *self.discuss]


class Mark(Strict):
    """Words `first` to `last`, inclusive, and the tag put on them (an option, or `none`: no tag needed)."""

    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=0)]
    tag: str


class Response(Reply):
    """The marks a learner made. They do not overlap."""

    marks: Annotated[list[Mark], Field(max_length=400)]

    @property
    def blank(self) -> bool:
        return not any(mark.tag != NONE for mark in self.marks)


KEYED, RELEASED, RESPONSE = Tag, Story, Response
merge = whole


@dataclass(frozen=True)
class Segment:
    """How the learner treated one passage or sentence."""

    part: Passage | Leave | Discuss
    first: int
    last: int
    state: str  # found, partial, different, missed; left, extra, either; talk
    yours: str | None
    credit: float


def segments(exercise: Tag, family: Family, response: Response) -> list[Segment]:
    """Return every passage and sentence of the story in order, each with how it was tagged.

    A passage is found when half or more of its words carry a fitting tag, partial when fewer do. Half or more of the
    words of a sentence that needs no tag must carry one for it to count as extra.
    """
    tags: dict[int, str] = {}
    for mark in response.marks:
        tags.update(dict.fromkeys(range(mark.first, mark.last + 1), mark.tag))
    found: list[Segment] = []
    for part in exercise.parts:
        for first, last in family.places(part.quote)[:1]:
            span = [tags[i] for i in range(first, last + 1) if i in tags and tags[i] != NONE]
            length = last - first + 1
            yours = max(sorted(set(span)), key=span.count) if span else None
            found.append(_segment(part, first, last, span, length, yours))
    return sorted(found, key=lambda segment: segment.first)


def _segment(part: Passage | Leave | Discuss, first: int, last: int, span: list[str], length: int, yours: str | None) -> Segment:
    match part:
        case Discuss():
            return Segment(part, first, last, "talk", yours, 0.0)
        case Leave():
            tagged = [tag for tag in span if tag != part.optional]
            if 2 * len(tagged) >= length:
                return Segment(part, first, last, "extra", max(sorted(set(tagged)), key=tagged.count), -EXTRA_COST)
            return Segment(part, first, last, "either" if span and not tagged else "left", None, 0.0)
        case Passage():
            good = [tag for tag in span if tag == part.key or tag in part.accept]
            if good:
                whole = 2 * len(good) >= length
                return Segment(part, first, last, "found" if whole else "partial", good[0], 1.0 if whole else 0.5)
            return Segment(part, first, last, "different" if span else "missed", yours, 0.0)


def grade(exercise: Tag, response: Response, around: Around) -> Score:
    """Return a point for each passage found, half for one partly found, less a quarter for each extra; never below 0."""
    judged = segments(exercise, around.story, response)
    points = max(0.0, sum(segment.credit for segment in judged))
    return Score(points, out_of(exercise, around), {segment.part.id: segment.state for segment in judged})


def size(released: Story) -> int:
    return 1


def minutes(released: Story) -> int:
    return 8


def show(released: Story, around: Around, seed: str) -> dict[str, Any]:
    return {"story": story_view(around.story)}


def out_of(exercise: Tag, around: Around) -> float:
    """Return the most points that can be earned."""
    return float(len(exercise.passages))


def problems(exercise: Story, response: Response, around: Around) -> list[str]:
    """Return what in `response` cannot belong to `exercise`, in words for the learner."""
    length = len(around.story.story.split())
    found: list[str] = []
    used: set[int] = set()
    for mark in response.marks:
        if mark.tag != NONE and mark.tag not in exercise.options:
            found.append(f"{mark.tag!r} is not one of the tags.")
        if not mark.first <= mark.last < length:
            found.append(f"Words {mark.first} to {mark.last} are not in the story.")
            continue
        span = set(range(mark.first, mark.last + 1))
        if used & span:
            found.append(f"Two tags lie on the same words ({mark.first} to {mark.last}).")
        used |= span
    return found


def blank(released: Story) -> Response:
    return Response(marks=[])


def attempts(exercise: Tag, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    return {"": (response, grade(exercise, response, around))}


def strip(exercise: Tag) -> Story:
    """Return the exercise as it is released."""
    return Story(**{name: getattr(exercise, name) for name in Story.model_fields})


def keyed_response(exercise: Tag, around: Around) -> Response:
    """Return the response that earns every point."""
    places = [(around.story.places(passage.quote)[0], passage.key) for passage in exercise.passages]
    return Response(marks=[Mark(first=first, last=last, tag=key) for (first, last), key in places])


def wrong_response(exercise: Tag, around: Around, rng: random.Random) -> Response:
    """Return a well-formed response that earns nothing: another tag on every passage."""
    marks = []
    for passage in exercise.passages:
        others = [option for option in exercise.options if option != passage.key and option not in passage.accept]
        first, last = around.story.places(passage.quote)[0]
        marks.append(Mark(first=first, last=last, tag=rng.choice(others)))
    return Response(marks=marks)


def malformed(exercise: Story, around: Around) -> list[Any]:
    """Return raw values that must be refused: wrong types, words outside the story, overlaps, unknown tags."""
    tag = exercise.options[0]
    return [
        None, [], 3, "marks", {}, {"marks": None}, {"marks": {}}, {"marks": [3]}, {"marks": [{"first": 0, "last": 1}]},
        {"marks": [{"first": -1, "last": 1, "tag": tag}]}, {"marks": [{"first": 2, "last": 1, "tag": tag}]},
        {"marks": [{"first": 0, "last": 10**6, "tag": tag}]}, {"marks": [{"first": 0, "last": 1, "tag": "no-such-tag"}]},
        {"marks": [{"first": 0, "last": 3, "tag": tag}, {"first": 2, "last": 5, "tag": tag}]},
        {"marks": [{"first": 0.5, "last": 1, "tag": tag}]}, {"marks": [], "points": 99},
    ]  # fmt: skip


def feedback(exercise: Tag, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    """Return the whole after-check view: counts, and each part with its state and reason."""
    judged = segments(exercise, around.story, response)
    states = [segment.state for segment in judged]
    score = grade(exercise, response, around)
    return {
        "found": states.count("found") + states.count("partial"),
        "different": states.count("different"),
        "missed": states.count("missed"),
        "extra": states.count("extra"),
        "left": states.count("left") + states.count("either"),
        "total": len(exercise.passages),
        "points": score.points,
        "out_of": score.out_of,
        "parts": [_part_view(segment, telling) for segment in judged],
    }


def _part_view(segment: Segment, telling: Telling) -> dict[str, Any]:
    part = segment.part
    match part:
        case Passage():
            shown = view(part, segment.yours, telling.questions, also=tuple(part.accept))
        case Discuss():
            shown = contested_view(part.contested, segment.yours, telling.profile)
        case Leave():
            shown = {
                "verdict": "not-quite" if segment.state == "extra" else "fits",
                "best": None, "tempting": None, "question": telling.questions.get(_LEAVE_QUESTION[part.reason]), "words": None,
                "answer": part.answer, "change": None, "pair": None, "named": None, "also": [part.optional] if part.optional else [],
                "discuss": None, "views": [], "profile_says": None,
            }  # fmt: skip
    return {"id": part.id, "first": segment.first, "last": segment.last, "state": segment.state, "yours": segment.yours, "feedback": shown}


_LEAVE_QUESTION = {"fact": "side", "unknown": "known", "system": "caregiver"}


_WORDS = {
    "found": "found", "partial": "partly found", "different": "different tag", "missed": "missed", "extra": "no tag needed",
    "left": "left alone", "either": "either way is fine", "talk": "to talk about, not scored",
}  # fmt: skip


def rows(exercise: Tag, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    judged = segments(exercise, around.story, response)
    return [(segment.part.quote, labels.get(segment.yours or "", ""), _WORDS[segment.state]) for segment in judged]


def content_faults(exercise: Tag, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    """Yield every fault that the types do not already refuse: quotations, coverage of the story, explanations."""
    family = around.story
    covered: dict[int, str] = {}
    yield from twice([part.id for part in exercise.parts], "part")
    for part in exercise.parts:
        place = f"part {part.id}"
        places = family.places(part.quote)
        if len(places) != 1:
            yield f"{place}, quote", f"{part.quote[:60]!r} {len(places)} times in the story", "words of the story, there exactly once"
        for first, last in places[:1]:
            clash = {covered[i] for i in range(first, last + 1) if i in covered}
            if clash:
                yield f"{place}, quote", f"words that are also in part {', '.join(sorted(clash))}", "parts that do not overlap"
            covered.update(dict.fromkeys(range(first, last + 1), part.id))
        inner: Iterator[Fault] = iter(())
        if isinstance(part, Passage):
            inner = faults(part, part.quote, exercise.options, questions)
        elif isinstance(part, Discuss):
            inner = contested_faults(part.contested, exercise.options)
        elif part.optional is not None and part.optional not in exercise.options:
            yield f"{place}, optional", repr(part.optional), f"one of {', '.join(exercise.options)}"
        for at, found, expected in inner:
            yield f"{place}, {at}", found, expected
    words = family.story.split()
    bare = [words[i] for i in range(len(words)) if i not in covered]
    if bare:
        yield "passages and leave", f"{len(bare)} words in no part ({' '.join(bare[:8])} ...)", "every word of the story in one part"
