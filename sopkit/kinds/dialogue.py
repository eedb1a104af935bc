"""Dialogue: the learner chooses what to say next in a branching conversation. Choices carry labels and consequences, no points."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from sopkit.kinds.base import Around, Body, Reply, Row, Telling, story_view, twice
from sopkit.kinds.explain import Fault
from sopkit.model import Score, Slug, Strict, Text

UNIT = "conversations"
PRIVATE = False


class Choice(Strict):
    """Something to say, what the other person answers, and the turn it leads to (None: the conversation ends)."""

    id: Slug
    text: Text
    reply: Text
    next: Slug | None = None


class ChoiceKeyed(Choice):
    """A choice with what kind of move it is, whether it fits here, and why."""

    label: Text
    fits: Literal["yes", "partly", "no"]
    why: Text


class Turn(Strict):
    """A moment of the conversation: what is said or done, and what the learner can say."""

    id: Slug
    who: Text
    says: Text
    choices: Annotated[list[Choice], Field(min_length=2, max_length=5)]

    @property
    def last(self) -> bool:
        """Whether the conversation ends here, whatever is chosen."""
        return all(choice.next is None for choice in self.choices)


class TurnKeyed(Turn):
    """A turn with its keys."""

    choices: Annotated[list[ChoiceKeyed], Field(min_length=2, max_length=5)]  # type: ignore[assignment]


class Talk(Body):
    """A conversation as it is released; it begins with the first turn."""

    kind: Literal["dialogue"]
    family: Slug | None = None
    scene: Text
    turns: Annotated[list[Turn], Field(min_length=1)]

    @property
    def family_id(self) -> str | None:
        return self.family


class Dialogue(Talk):
    """A conversation with its keys, and what to take from it."""

    turns: Annotated[list[TurnKeyed], Field(min_length=1)]  # type: ignore[assignment]
    take_away: Text


class Chosen(Strict):
    """What the learner said at one turn."""

    choice: str


class Response(Reply):
    """What was said at each turn, by turn."""

    answers: dict[str, Chosen]

    @property
    def blank(self) -> bool:
        return not self.answers


KEYED, RELEASED, RESPONSE = Dialogue, Talk, Response
_STATES = {"yes": "fits", "partly": "partly", "no": "not-quite"}


def path(released: Talk, response: Response) -> list[tuple[Turn, Choice]]:
    """Return the turns and choices from the first turn on, as far as the learner went."""
    turns = {turn.id: turn for turn in released.turns}
    found: list[tuple[Turn, Choice]] = []
    at: Turn | None = released.turns[0]
    while at is not None and at.id in response.answers and len(found) < len(turns):
        choice = next(choice for choice in at.choices if choice.id == response.answers[at.id].choice)
        found.append((at, choice))
        at = turns[choice.next] if choice.next else None
    return found


def grade(body: Dialogue, response: Response, around: Around) -> Score:
    """Return no points: how each turn went is kept for the learner, not for the gradebook."""
    return Score(0.0, 0.0, {turn.id: _STATES[_keyed(body, turn.id, choice.id).fits] for turn, choice in path(body, response)})


def _keyed(body: Dialogue, turn: str, choice: str) -> ChoiceKeyed:
    return next(c for t in body.turns if t.id == turn for c in t.choices if c.id == choice)


def out_of(body: Dialogue, around: Around) -> float:
    return 0.0


def size(released: Talk) -> int:
    return 1


def minutes(released: Talk) -> int:
    return 5


def show(released: Talk, around: Around, seed: str) -> dict[str, Any]:
    turns = []
    for turn in released.turns:
        choices = [{"id": c.id, "text": c.text, "reply": c.reply, "next": c.next} for c in turn.choices]
        random.Random(f"{seed} {turn.id}").shuffle(choices)  # noqa: S311 (an order, no secret)
        turns.append({"id": turn.id, "who": turn.who, "says": turn.says, "choices": choices})
    return {"scene": released.scene, "turns": turns, "story": story_view(around.family)}


def problems(released: Talk, response: Response, around: Around) -> list[str]:
    turns = {turn.id: {choice.id for choice in turn.choices} for turn in released.turns}
    return [
        f"{chosen.choice!r} cannot be said at {turn!r}."
        for turn, chosen in response.answers.items()
        if chosen.choice not in turns.get(turn, ())
    ]


def blank(released: Talk) -> Response:
    return Response(answers={})


def merge(earlier: Response | None, later: Response) -> Response:
    return Response(answers={**(earlier.answers if earlier else {}), **later.answers})


def attempts(body: Dialogue, response: Response, around: Around) -> dict[str, tuple[Response, Score]]:
    found = {}
    for turn, chosen in response.answers.items():
        state = _STATES[_keyed(body, turn, chosen.choice).fits]
        found[turn] = Response(answers={turn: chosen}), Score(0.0, 0.0, {turn: state})
    return found


def strip(body: Dialogue) -> Talk:
    turns = [
        Turn(id=t.id, who=t.who, says=t.says, choices=[Choice(id=c.id, text=c.text, reply=c.reply, next=c.next) for c in t.choices])
        for t in body.turns
    ]
    return Talk(**{name: getattr(body, name) for name in Talk.model_fields if name != "turns"}, turns=turns)


def _every(body: Dialogue, wanted: str) -> Response:
    """Return the response that says, at each turn, what comes nearest to `wanted`."""
    order = ["yes", "partly", "no"] if wanted == "yes" else ["no", "partly", "yes"]
    return Response(answers={t.id: Chosen(choice=min(t.choices, key=lambda c: order.index(c.fits)).id) for t in body.turns})


def keyed_response(body: Dialogue, around: Around) -> Response:
    return _every(body, "yes")


def wrong_response(body: Dialogue, around: Around, rng: random.Random) -> Response:
    return _every(body, "no")


def malformed(released: Talk, around: Around) -> list[Any]:
    turn = released.turns[0]
    return [
        None, [], "text", 4, {}, {"answers": None}, {"answers": {turn.id: turn.choices[0].id}}, {"answers": {turn.id: {"choice": "no-such"}}},
        {"answers": {"no-such-turn": {"choice": turn.choices[0].id}}}, {"answers": {turn.id: {"choice": 1}}},
        {"answers": {turn.id: {"choice": turn.choices[0].id, "fits": "yes"}}}, {"answers": {}, "points": 1},
    ]  # fmt: skip


def feedback(body: Dialogue, response: Response, around: Around, telling: Telling) -> dict[str, Any]:
    """Return, for each turn answered, what kind of move it was, whether it fits, why, and which choice fits best."""
    told: dict[str, Any] = {}
    for turn in body.turns:
        chosen = response.answers.get(turn.id)
        if chosen is not None:
            said = _keyed(body, turn.id, chosen.choice)
            best = [{"id": c.id, "text": c.text, "label": c.label, "why": c.why} for c in turn.choices if c.fits == "yes"]
            told[turn.id] = {
                "verdict": _STATES[said.fits], "label": said.label, "why": said.why,
                "best": [one for one in best if one["id"] != said.id], "take_away": body.take_away if said.next is None else None,
            }  # fmt: skip
    return told


def rows(body: Dialogue, response: Response, around: Around, labels: Mapping[str, str]) -> list[Row]:
    words = {"yes": "fits", "partly": "partly fits", "no": "not quite"}
    found = []
    for turn, choice in path(body, response):
        keyed = _keyed(body, turn.id, choice.id)
        found.append((f"{turn.who}: {turn.says}", choice.text, f"{keyed.label}, {words[keyed.fits]}"))
    return found


def content_faults(body: Dialogue, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
    ids = [turn.id for turn in body.turns]
    yield from twice(ids, "turn")
    reached, todo = {ids[0]}, [body.turns[0]]
    turns = {turn.id: turn for turn in body.turns}
    for turn in body.turns:
        place = f"turn {turn.id}"
        yield from ((f"{place}, {at}", found, expected) for at, found, expected in twice([c.id for c in turn.choices], "choice"))
        if not any(choice.fits == "yes" for choice in turn.choices) or all(choice.fits == "yes" for choice in turn.choices):
            yield f"{place}, choices", "all alike", "one that fits and one that does not"
        for choice in turn.choices:
            if (
                choice.next is not None and ids.index(choice.next) <= ids.index(turn.id)
                if choice.next in turns
                else choice.next is not None
            ):
                yield f"{place}, choice {choice.id}, next", repr(choice.next), "a turn further down, or none at the end"
        if not turn.last and any(choice.next is None for choice in turn.choices):
            yield f"{place}, choices", "some that end and some that go on", "all of them one or the other"
    while todo:
        for choice in todo.pop().choices:
            if choice.next in turns and choice.next not in reached:
                reached.add(choice.next)
                todo.append(turns[choice.next])
    for name in ids:
        if name not in reached:
            yield f"turn {name}", "a turn that nothing leads to", "a choice whose next is this turn"
