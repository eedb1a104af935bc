"""Explanations: the deciding question, the words that answer it, and what would change the label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sopkit.model import Profile, Settings, Strict, Text

Fault = tuple[str, str, str]
"""Place, found, expected."""


class Why(Strict):
    """Why an option fits: the deciding question, and how words of the item answer it."""

    question: str
    asks: Text | None = None
    words: Text
    answer: Text


class NotThis(Why):
    """Why another option is tempting and does not fit, and a statement that would carry it."""

    tempting: Text
    change: Text


class Contested(Strict):
    """Why agencies or experts differ on an item. It is talked about, never scored right or wrong."""

    setting: str
    by_setting: dict[str, str] = {}
    discuss: Text
    views: dict[str, Text]

    def said_by(self, profile: Profile) -> str | None:
        """Return the option that `profile` gives this item, or None where it is open."""
        if self.setting == "open":
            return None
        return self.by_setting.get(str(getattr(profile.settings, self.setting)))


class Keyed(Strict):
    """What a scored item or passage says about its own key."""

    key: str
    near: str
    question: str
    asks: Text | None = None
    words: Text
    answer: Text
    wrong: dict[str, NotThis]


def view(
    keyed: Keyed, chosen: str | None, questions: Mapping[str, str], named: str | None = None, also: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the feedback on `chosen` (None: nothing chosen) as the player shows it.

    Args:
        questions: text of each deciding question, by id.
        named: the deciding question that the learner named, or None.
        also: further options that are accepted here.
    """
    fits = chosen == keyed.key or chosen in also
    other = keyed.near if fits or chosen not in keyed.wrong else str(chosen)
    why: Why | Keyed = keyed if fits or chosen not in keyed.wrong else keyed.wrong[str(chosen)]
    contrast = keyed.wrong.get(other)
    return {
        "verdict": "fits" if fits else "not-quite",
        "best": keyed.key,
        "tempting": contrast.tempting if contrast and not fits and chosen == other else None,
        "question": why.asks or questions.get(why.question),
        "words": why.words,
        "answer": why.answer,
        "change": {"text": contrast.change, "option": other} if contrast else None,
        "pair": [other, keyed.key],
        "named": None if named is None else named == why.question or named == keyed.question,
        "also": list(also),
        "discuss": None,
        "views": [],
        "profile_says": None,
    }


def contested_view(contested: Contested, chosen: str | None, profile: Profile) -> dict[str, Any]:
    """Return what is shown for a contested item: every view, the learner's own first, and the profile's rule."""
    views = sorted(contested.views.items(), key=lambda pair: pair[0] != chosen)
    said = contested.said_by(profile)
    return {
        "verdict": "talk",
        "best": None,
        "tempting": None,
        "question": None,
        "words": None,
        "answer": None,
        "change": None,
        "pair": None,
        "named": None,
        "also": [],
        "discuss": contested.discuss,
        "views": [{"option": option, "text": text} for option, text in views],
        "profile_says": said and {"option": said, "text": contested.views.get(said, "")},
    }


def faults(keyed: Keyed, text: str, options: list[str], questions: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is missing or misquoted in the explanations of an item whose words are `text`."""
    others = [option for option in options if option != keyed.key]
    if keyed.key not in options:
        yield "key", repr(keyed.key), f"one of {', '.join(options)}"
    if keyed.near not in others:
        yield "near", repr(keyed.near), f"another option than the key: {', '.join(others)}"
    if set(keyed.wrong) != set(others):
        yield "wrong", ", ".join(sorted(keyed.wrong)) or "nothing", f"one explanation for each of {', '.join(others)}"
    whys: list[tuple[str, Why | Keyed]] = [("", keyed), *((f"wrong.{option}.", why) for option, why in keyed.wrong.items())]
    for place, why in whys:
        if why.question not in questions:
            yield f"{place}question", repr(why.question), f"one of {', '.join(questions)}"
        count = text.count(why.words)
        if count != 1:
            yield f"{place}words", f"{why.words!r} {count} times in the text", "words that stand there exactly once"


def contested_faults(contested: Contested, options: list[str]) -> Iterator[Fault]:
    """Yield what does not hold together in a contested item."""
    if len(contested.views) < 2:
        yield "contested.views", f"{len(contested.views)} views", "two or more"
    for option in [*contested.views, *contested.by_setting.values()]:
        if option not in options:
            yield "contested", repr(option), f"one of {', '.join(options)}"
    if contested.setting == "open":
        if contested.by_setting:
            yield "contested.by_setting", "a rule", "none, since the setting is open"
        return
    field = Settings.model_fields.get(contested.setting)
    if field is None:
        yield "contested.setting", repr(contested.setting), f"open or one of {', '.join(Settings.model_fields)}"
        return
    allowed = getattr(field.annotation, "__args__", ())
    if set(contested.by_setting) != set(allowed):
        yield "contested.by_setting", ", ".join(contested.by_setting) or "nothing", f"one option for each of {', '.join(allowed)}"
