"""Classify: the learner gives each statement one of 2-6 options."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, story_view, twice
from sopkit.kinds.explain import Contested, Fault, Keyed, NotThis, contested_faults, contested_view, faults, view
from sopkit.kinds.scale import Asked
from sopkit.kinds.scale import Response as ScaleAnswer
from sopkit.model import Score, Slug, Strict, Text

UNIT = "cards"
PRIVATE = False
SCALE = "scale"
"""The item under which a board's 0-10 scale is kept. It is never right or wrong."""


class Card(Strict):
    """What a learner sees of an item before answering."""

    id: Slug
    danger: Text | None = None
    text: Text


class Item(Card):
    """A statement with its key and explanations, or, if `contested`, with the views on it."""

    topic: Text
    difficulty: Literal["easy", "medium", "hard"] = "medium"
    key: str | None = None
    near: str | None = None
    question: str | None = None
    asks: Text | None = None
    words: Text | None = None
    answer: Text | None = None
    wrong: dict[str, NotThis] = {}
    contested: Contested | None = None

    @model_validator(mode="after")
    def _whole(self) -> Item:
        keyed = [name for name in ("key", "near", "question", "words", "answer") if getattr(self, name) is not None]
        if self.contested is not None and (keyed or self.wrong):
            raise ValueError("a contested item has no key, near, question, words, answer or wrong")
        if self.contested is None and len(keyed) < 5:
            raise ValueError("an item needs key, near, question, words and answer (or contested)")
        return self

    @property
    def keyed(self) -> Keyed | None:
        """The key and its explanations; None for a contested item."""
        if self.contested is not None:
            return None
        return Keyed.model_construct(
            key=self.key, near=self.near, question=self.question, asks=self.asks, words=self.words,
            answer=self.answer, wrong=self.wrong,
        )  # fmt: skip


class Deck(Body):
    """A deck as it is released: no keys. Shown as cards one by one, or placed on a board."""

    kind: Literal["classify"]
    layout: Literal["cards", "map", "houses", "circles"] = "cards"
    family: Slug | None = None
    scale: Asked | None = None
    options: Annotated[list[str], Field(min_length=2, max_length=9)]
    order: Literal["fixed", "shuffled"] = "shuffled"
    ask_question: bool = False
    items: Annotated[list[Card], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_its_layout(self) -> Deck:
        if self.layout == "cards" and len(self.options) > 6:
            raise ValueError("6 options or fewer on cards")
        if self.layout == "cards" and self.scale is not None:
            raise ValueError("no scale, which belongs to a board")
        return self

    @property
    def option_ids(self) -> list[str]:
        return self.options

    @property
    def family_id(self) -> str | None:
        return self.family


class Classify(Deck):
    """A deck with its keys."""

    items: Annotated[list[Item], Field(min_length=1)]  # type: ignore[assignment]


class Answer(Strict):
    """One answered card. `choice` None means that the learner passed."""

    choice: str | None
    sure: bool | None = None
    question: str | None = None


class Response(Reply):
    """The answered cards, by item id, and a board's scale. Cards not answered yet are not in it."""

    answers: dict[str, Answer]
    scale: ScaleAnswer | None = None

    @property
    def blank(self) -> bool:
        return not self.answers and (self.scale is None or self.scale.blank)


KEYED, RELEASED, RESPONSE = Classify, Deck, Response


def grade(exercise: Classify, response: Response, around: Around) -> Score:
    """Return one point for each scored item that has its key. Contested items, and the scale, are out of the count."""
    parts: dict[str, str] = {}
    for item in exercise.items:
        answer = response.answers.get(item.id)
        if answer is None:
            parts[item.id] = "blank"
        elif item.contested is not None:
            parts[item.id] = "talk"
        elif answer.choice is None:
            parts[item.id] = "passed"
        else:
            parts[item.id] = "fits" if answer.choice == item.key else "not-quite"
    scored = [item.id for item in exercise.items if item.contested is None]
    return Score(float(sum(parts[i] == "fits" for i in scored)), float(len(scored)), parts)


def size(released: Deck) -> int:
    return len(released.items)


def minutes(released: Deck) -> int:
    """Return about how many minutes it takes, at 25 seconds a card."""
    return max(2, round(len(released.items) * 25 / 60) + (3 if released.scale else 0))


def show(released: Deck, around: Around, seed: str) -> dict[str, Any]:
    cards = [{"id": item.id, "danger": item.danger, "text": item.text} for item in released.items]
    if released.order == "shuffled":
        random.Random(seed).shuffle(cards)  # noqa: S311 (an order, no secret)
    asked = released.scale.model_dump() if released.scale else None
    story = story_view(around.family)
    return {"ask_question": released.ask_question, "items": cards, "layout": released.layout, "scale": asked, "story": story}


def out_of(exercise: Classify, around: Around) -> float:
    """Return the most points that can be earned."""
    return float(sum(item.contested is None for item in exercise.items))


def problems(exercise: Deck, response: Response, around: Around) -> list[str]:
    """Return what in `response` cannot belong to `exercise`, in words for the learner."""
    ids = {item.id for item in exercise.items}
    found = [f"There is no card named {item!r} here." for item in response.answers if item not in ids]
    for item, answer in response.answers.items():
        if answer.choice is not None and answer.choice not in exercise.options:
            found.append(f"Card {item!r} has {answer.choice!r}, which is not one of the choices.")
    if response.scale is not None and exercise.scale is None:
        found.append("There is no scale here.")
    return found


def blank(released: Deck) -> Response:
    return Response(answers={})


def merge(earlier: Response | None, later: Response) -> Response:
    """Return `earlier` with the answers of `later` over it."""
    answers = {**(earlier.answers if earlier else {}), **later.answers}
    return Response(answers=answers, scale=later.scale or (earlier.scale if earlier else None))


def attempts(exercise: Classify, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    """Return each card as an attempt of its own, and a board's scale as one."""
    found: dict[str, tuple[Response, Score]] = {}
    parts = grade(exercise, response, around).parts
    for item, answer in response.answers.items():
        state = parts[item]
        found[item] = Response(answers={item: answer}), Score(float(state == "fits"), float(state != "talk"), {item: state})
    if response.scale is not None and not response.scale.blank:
        found[SCALE] = Response(answers={}, scale=response.scale), Score(0.0, 0.0, {SCALE: response.scale.state})
    return found


def strip(exercise: Classify) -> Deck:
    """Return the exercise as it is released: no key, topic, explanation or sign of being contested."""
    cards = [Card(id=item.id, danger=item.danger, text=item.text) for item in exercise.items]
    return Deck(**{name: getattr(exercise, name) for name in Deck.model_fields if name != "items"}, items=cards)


def keyed_response(exercise: Classify, around: Around) -> Response:
    """Return the response that earns every point (contested items get their first view)."""
    return Response(
        answers={
            item.id: Answer(choice=item.key or next(iter(item.contested.views)) if item.contested else item.key, sure=True)
            for item in exercise.items
        }
    )


def wrong_response(exercise: Classify, around: Around, rng: random.Random) -> Response:
    """Return a well-formed response that earns nothing."""
    return Response(answers={item.id: Answer(choice=rng.choice([o for o in exercise.options if o != item.key])) for item in exercise.items})


def malformed(exercise: Deck, around: Around) -> list[Any]:
    """Return raw values that must be refused: wrong types, unknown items, unknown options, unknown keys."""
    item = exercise.items[0].id
    return [
        None, [], "text", 7, {}, {"answers": None}, {"answers": [1]}, {"answers": {item: "harm"}},
        {"answers": {item: {}}}, {"answers": {item: {"choice": 3}}}, {"answers": {item: {"choice": "no-such-option"}}},
        {"answers": {"no-such-item": {"choice": exercise.options[0]}}},
        {"answers": {item: {"choice": exercise.options[0], "score": 1}}}, {"answers": {}, "points": 99},
    ]  # fmt: skip


def feedback(exercise: Classify, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    """Return the explanation for each answered card, by item id."""
    return {item.id: _told(item, response.answers[item.id], telling) for item in exercise.items if item.id in response.answers}


def _told(item: Item, answer: Answer, telling: Telling) -> dict[str, Any]:
    if item.contested is not None:
        return contested_view(item.contested, answer.choice, telling.profile)
    keyed = item.keyed
    assert keyed is not None
    shown = view(keyed, answer.choice, telling.questions, answer.question)
    return shown | {"verdict": "passed"} if answer.choice is None else shown


_WORDS = {"fits": "fits", "not-quite": "not quite", "passed": "passed", "blank": "not answered", "talk": "to talk about, not scored"}


def rows(exercise: Classify, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    parts = grade(exercise, response, around).parts
    chosen = {item: answer.choice for item, answer in response.answers.items() if answer.choice is not None}
    found = [(item.text, labels.get(chosen.get(item.id, ""), ""), _WORDS[parts[item.id]]) for item in exercise.items]
    if exercise.scale is not None:
        asked = response.scale or ScaleAnswer()
        number = "" if asked.value is None else str(asked.value)
        found += [
            (exercise.scale.question, number, "never right or wrong"),
            (exercise.scale.not_lower, asked.not_lower, ""),
            (exercise.scale.one_up, asked.one_up, ""),
        ]
    return found


def content_faults(exercise: Classify, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    """Yield every fault of the deck that its types do not already refuse."""
    yield from twice([item.id for item in exercise.items] + ([SCALE] if exercise.scale else []), "item")
    for item in exercise.items:
        place = f"item {item.id}"
        keyed = item.keyed
        inner = contested_faults(item.contested, exercise.options) if item.contested else iter(())
        if keyed is not None:
            inner = faults(keyed, item.text, exercise.options, questions)
        for at, found, expected in inner:
            yield f"{place}, {at}", found, expected
