"""What every exercise kind is made of. The kinds themselves are modules; `Kind` says what each of them offers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import StringConstraints

from sopkit.kinds.explain import Fault
from sopkit.kinds.rubric import Rubric
from sopkit.model import Family, Profile, Score, Strict, Text

LONGEST_WRITING = 6_000
"""Characters that one text box holds."""

Writing = Annotated[str, StringConstraints(max_length=LONGEST_WRITING)]
"""What a learner types into one box; it may be empty."""

Row = tuple[str, str, str]
"""Words of the exercise, the response to them, and how it came out: one line of a printed response."""


class Body(Strict):
    """An exercise as it is released. Each kind adds its own fields, and a type with keys that is never released."""

    kind: str
    title: Text
    status: Literal["draft", "panel", "approved"]
    instructions: Text

    @property
    def option_ids(self) -> list[str]:
        """The course's options that a learner chooses from here."""
        return []

    @property
    def family_id(self) -> str | None:
        """The practice family whose story belongs to it."""
        return None

    @property
    def rubric_id(self) -> str | None:
        """The rubric it is judged by."""
        return None


class Reply(Strict):
    """A learner's response to an exercise."""

    @property
    def blank(self) -> bool:
        """Whether nothing was done."""
        raise NotImplementedError


@dataclass(frozen=True)
class Around:
    """What an exercise stands on: the family and the rubric that it names."""

    family: Family | None = None
    rubric: Rubric | None = None

    @property
    def story(self) -> Family:
        """The family, where a kind always has one."""
        assert self.family is not None
        return self.family

    @property
    def criteria(self) -> Rubric:
        """The rubric, where a kind always has one."""
        assert self.rubric is not None
        return self.rubric


@dataclass(frozen=True)
class Telling:
    """What explanations are worded with: the deciding questions by id, and the agency's profile."""

    questions: Mapping[str, str]
    profile: Profile


class Kind(Protocol):
    """What each kind's module offers. `body` has keys, `released` has none."""

    KEYED: Any
    RELEASED: Any
    RESPONSE: Any
    UNIT: str
    PRIVATE: bool

    def size(self, released: Any) -> int:
        """Return how many answers make the exercise complete."""

    def minutes(self, released: Any) -> int:
        """Return about how many minutes it takes."""

    def show(self, released: Any, around: Around, seed: str) -> dict[str, Any]:
        """Return what the player needs beside title and options; `seed` fixes a learner's own order."""

    def problems(self, released: Any, response: Any, around: Around) -> list[str]:
        """Return what in a response cannot belong to the exercise, in words for the learner."""

    def grade(self, body: Any, response: Any, around: Around) -> Score:
        """Return the score: pure, and for a writing 0 until a coach has marked it."""

    def out_of(self, body: Any, around: Around) -> float:
        """Return the most points that can be earned; 0 where nothing is scored."""

    def blank(self, released: Any) -> Any:
        """Return the response in which nothing was done."""

    def merge(self, earlier: Any, later: Any) -> Any:
        """Return the response in force after `later` follows `earlier`."""

    def attempts(self, body: Any, response: Any, around: Around) -> dict[str, tuple[Any, Score]]:
        """Return the parts that are attempts of their own, each with its score, by item id ("" for the whole)."""

    def strip(self, body: Any) -> Any:
        """Return the exercise as it is released."""

    def keyed_response(self, body: Any, around: Around) -> Any:
        """Return the response that earns every point that the machine can give."""

    def wrong_response(self, body: Any, around: Around, rng: random.Random) -> Any:
        """Return a well-formed response that earns nothing."""

    def malformed(self, released: Any, around: Around) -> list[Any]:
        """Return raw values that must be refused."""

    def feedback(self, body: Any, response: Any, around: Around, telling: Telling) -> dict[str, Any]:
        """Return what the learner is told: by item id where items are attempts of their own, else the whole."""

    def rows(self, body: Any, response: Any, around: Around, labels: Mapping[str, str]) -> list[Row]:
        """Return the response line by line, for print; `labels` are the options' words."""

    def content_faults(self, body: Any, around: Around, questions: Mapping[str, str]) -> Iterator[Fault]:
        """Yield the faults that the types do not already refuse."""


def whole(earlier: Any, later: Any) -> Any:
    """The merge of kinds whose response is one piece: the later one stands."""
    return later


def story_view(family: Family | None) -> dict[str, Any] | None:
    """Return a family's story for the player, or None where there is none."""
    if family is None:
        return None
    sentences = [{"paragraph": s.paragraph, "first": s.first, "words": list(s.words)} for s in family.sentences]
    return {"title": family.title, "content_note": family.content_note, "sentences": sentences}


def twice(ids: list[str], what: str) -> Iterator[Fault]:
    """Yield a fault for each id that is there more than once."""
    for name in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"{what} {name}", "the id twice", f"an id of its own for each {what}"
