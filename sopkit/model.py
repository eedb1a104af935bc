"""The frozen types that every part shares. No input, no output."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words that people read: never empty, no space around them."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
"""A name in a file or an address: lower-case letters, digits and hyphens."""


OWN_PRACTICE = "lab"
"""The session of people who try exercises in JupyterLab; it is no class."""


class Strict(BaseModel):
    """A frozen type that refuses keys it does not know and values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Role(StrEnum):
    """What a person may open."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    COACH = "coach"


class Mode(StrEnum):
    """How a session runs a lesson. It belongs to the session, not to the items."""

    PRACTICE = "practice"  # feedback at once, as many tries as wanted
    CHECK = "check"  # one attempt, feedback when the trainer reveals
    PRE = "pre"  # a check before the lesson; reveal it after the post-test
    POST = "post"  # a check after the lesson; reveal it when it has closed

    @property
    def once(self) -> bool:
        """Whether only one attempt at each item is taken."""
        return self is not Mode.PRACTICE


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. `id` is the academy's own learner id, or one made for a walk-in."""

    id: str
    name: str
    role: Role = Role.TRAINEE


@dataclass(frozen=True)
class Setting:
    """How one session runs one lesson."""

    mode: Mode = Mode.PRACTICE
    open: bool = True
    revealed: bool = False

    @property
    def feedback(self) -> bool:
        """Whether explanations may leave the server now."""
        return self.mode is Mode.PRACTICE or self.revealed


@dataclass(frozen=True)
class Session:
    """One class: its join code, agency profile, and the lessons it runs."""

    id: str
    title: str
    code: str
    profile: str
    walk_ins: bool = False
    open: bool = True
    lessons: dict[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """Points for one response. `parts` says how each item or passage went, for feedback and statistics.

    `0 <= points <= out_of` always holds. `out_of` is 0 where nothing is scored.
    """

    points: float
    out_of: float
    parts: dict[str, str] = field(default_factory=dict)
    grader: str = ""  # empty: automatic


@dataclass(frozen=True)
class Attempt:
    """One response as it was handed over. Attempts are only ever added."""

    id: int
    ref: str  # lesson/exercise
    item: str  # the item answered, or "" for a response to the whole exercise
    response: dict[str, Any]
    version: str
    mode: Mode
    number: int  # 1 for the first try at this item in this mode
    at: datetime
    score: Score


class Option(Strict):
    """One thing an item can be called, as a course names it and an agency profile may rename it."""

    id: Slug
    label: Text
    definition: Text
    icon: str
    side: Literal["worry", "well", "next", "unknown", "none"]
    term: bool = False  # one of the five terms, which every page explains


class Question(Strict):
    """A deciding question: the one whose answer tells two options apart."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    text: Text
    terms: bool = True  # one of those that tell the five terms apart


class Wording(Strict):
    """An agency's own label and definition for an option."""

    label: Text | None = None
    definition: Text | None = None


class Settings(Strict):
    """Decision rules on which agencies differ."""

    near_miss: Literal["harm", "not_harm"] = "not_harm"
    impact: Literal["stated", "presumed"] = "stated"
    acts_by: Literal["caregiver", "anyone"] = "caregiver"
    over_time: Literal["required", "judged_later"] = "required"
    danger_and_risk: Literal["one_box", "two_ideas"] = "one_box"
    danger_word: Literal["danger", "worry"] = "danger"
    houses: Literal["routine", "when_needed"] = "routine"
    extra_boxes: list[str] = []


class Approval(Strict):
    """Who in an agency signed a profile or a key, and when (ISO date)."""

    by: Text
    on: Text


class Profile(Strict):
    """An agency's wording and decision rules."""

    id: Slug
    title: Text
    version: int
    note: Text
    approved: Approval | None = None
    options: dict[str, Wording] = {}
    settings: Settings = Settings()

    def word(self, option: Option) -> Option:
        """Return `option` as this agency says it."""
        own = self.options.get(option.id)
        if own is None:
            return option
        return option.model_copy(update={"label": own.label or option.label, "definition": own.definition or option.definition})


_SENTENCE_END = re.compile(r"""[.?!]["')]*$""")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a story: its paragraph, the number of its first word, and its words."""

    paragraph: int
    first: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """A practice family. Words of its story are numbered from 0 through the whole story."""

    id: str
    title: str
    people: tuple[str, ...]
    content_note: str | None
    story: str

    @property
    def sentences(self) -> list[Sentence]:
        """The story, sentence by sentence."""
        found: list[Sentence] = []
        first = 0
        for number, paragraph in enumerate(re.split(r"\n\s*\n", self.story.strip())):
            words: list[str] = []
            for word in paragraph.split():
                words.append(word)
                if _SENTENCE_END.search(word):
                    found.append(Sentence(number, first, tuple(words)))
                    first += len(words)
                    words = []
            if words:
                found.append(Sentence(number, first, tuple(words)))
                first += len(words)
        return found

    def places(self, quote: str) -> list[tuple[int, int]]:
        """Return (first, last) word numbers, inclusive, of every place where `quote` stands in the story."""
        words, wanted = self.story.split(), quote.split()
        span = len(wanted)
        return [(i, i + span - 1) for i in range(len(words) - span + 1) if words[i : i + span] == wanted] if span else []


def usable_id(text: str) -> bool:
    """Return whether a learner's id can be used everywhere: as a folder's name on every system, too.

    >>> usable_id("a.perez-7@county"), usable_id("../a"), usable_id("con"), usable_id("a-")
    (True, False, False, False)
    """
    reserved = re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", text, re.I)
    return bool(re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._@-]{0,62}[A-Za-z0-9])?", text)) and not reserved


def version(value: Any) -> str:
    """Return the first 16 hex digits of the SHA-256 of `value` as canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
