"""Classify: the learner gives each statement one of 2-6 options."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sopkit.kinds.explain import Contested, Fault, Keyed, NotThis, contested_faults, contested_view, faults, view
from sopkit.model import Profile, Score, Slug, Strict, Text


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


class Deck(Strict):
    """A deck as it is released: no keys."""

    kind: Literal["classify"]
    title: Text
    status: Literal["draft", "panel", "approved"]
    instructions: Text
    options: Annotated[list[str], Field(min_length=2, max_length=6)]
    order: Literal["fixed", "shuffled"] = "shuffled"
    ask_question: bool = False
    items: Annotated[list[Card], Field(min_length=1)]

    @property
    def words(self) -> str:
        """All the words a learner meets here, for reading and searching."""
        return " ".join(item.text for item in self.items)


class Classify(Deck):
    """A deck with its keys."""

    items: Annotated[list[Item], Field(min_length=1)]  # type: ignore[assignment]


class Answer(Strict):
    """One answered card. `choice` None means that the learner passed."""

    choice: str | None
    sure: bool | None = None
    question: str | None = None


class Response(Strict):
    """The answered cards, by item id. Cards not answered yet are not in it."""

    answers: dict[str, Answer]

    @property
    def blank(self) -> bool:
        """Whether nothing was answered."""
        return not self.answers


def grade(exercise: Classify, response: Response) -> Score:
    """Return one point for each scored item that has its key. Contested items are out of the count.

    >>> grade(deck, Response(answers={}))            # doctest: +SKIP
    Score(points=0.0, out_of=20.0, parts={...}, grader='')
    """
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


def out_of(exercise: Classify) -> float:
    """Return the most points that can be earned."""
    return float(sum(item.contested is None for item in exercise.items))


def problems(exercise: Deck, response: Response) -> list[str]:
    """Return what in `response` cannot belong to `exercise`, in words for the learner."""
    ids = {item.id for item in exercise.items}
    found = [f"There is no card named {item!r} here." for item in response.answers if item not in ids]
    for item, answer in response.answers.items():
        if answer.choice is not None and answer.choice not in exercise.options:
            found.append(f"Card {item!r} has {answer.choice!r}, which is not one of the choices.")
    return found


def merge(earlier: Response | None, later: Response) -> Response:
    """Return `earlier` with the answers of `later` over it."""
    return Response(answers={**(earlier.answers if earlier else {}), **later.answers})


def strip(exercise: Classify) -> Deck:
    """Return the exercise as it is released: no key, topic, explanation or sign of being contested."""
    cards = [Card(id=item.id, danger=item.danger, text=item.text) for item in exercise.items]
    return Deck(**{name: getattr(exercise, name) for name in Deck.model_fields if name != "items"}, items=cards)


def keyed_response(exercise: Classify) -> Response:
    """Return the response that earns every point (contested items get their first view)."""
    return Response(
        answers={
            item.id: Answer(choice=item.key or next(iter(item.contested.views)) if item.contested else item.key, sure=True)
            for item in exercise.items
        }
    )


def wrong_response(exercise: Classify, rng: random.Random) -> Response:
    """Return a well-formed response that earns nothing."""
    return Response(answers={item.id: Answer(choice=rng.choice([o for o in exercise.options if o != item.key])) for item in exercise.items})


def malformed(exercise: Deck) -> list[Any]:
    """Return raw values that must be refused: wrong types, unknown items, unknown options, unknown keys."""
    item = exercise.items[0].id
    return [
        None, [], "text", 7, {}, {"answers": None}, {"answers": [1]}, {"answers": {item: "harm"}},
        {"answers": {item: {}}}, {"answers": {item: {"choice": 3}}}, {"answers": {item: {"choice": "no-such-option"}}},
        {"answers": {"no-such-item": {"choice": exercise.options[0]}}},
        {"answers": {item: {"choice": exercise.options[0], "score": 1}}}, {"answers": {}, "points": 99},
    ]  # fmt: skip


def feedback(exercise: Classify, item_id: str, answer: Answer, questions: Mapping[str, str], profile: Profile) -> dict[str, Any]:
    """Return the explanation for one answered card, as the player shows it."""
    item = next(item for item in exercise.items if item.id == item_id)
    if item.contested is not None:
        return contested_view(item.contested, answer.choice, profile)
    keyed = item.keyed
    assert keyed is not None
    shown = view(keyed, answer.choice, questions, answer.question)
    if answer.choice is None:
        shown["verdict"] = "passed"
    return shown


def content_faults(exercise: Classify, questions: Mapping[str, str]) -> Iterator[Fault]:
    """Yield every fault of the deck that its types do not already refuse."""
    seen: set[str] = set()
    for item in exercise.items:
        place = f"item {item.id}"
        if item.id in seen:
            yield place, "the id twice", "an id of its own for each item"
        seen.add(item.id)
        keyed = item.keyed
        inner = contested_faults(item.contested, exercise.options) if item.contested else iter(())
        if keyed is not None:
            inner = faults(keyed, item.text, exercise.options, questions)
        for at, found, expected in inner:
            yield f"{place}, {at}", found, expected
