"""What a learner's tries show: mix-ups, deciding questions named, confidence. First tries only, and never a grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sopkit.content import Course
from sopkit.kinds import classify
from sopkit.model import Attempt


@dataclass(frozen=True)
class Tried:
    """One answered card: what was chosen, what fits, and whether the learner was sure and named the deciding question."""

    attempt: Attempt
    chose: str
    best: str
    sure: bool | None
    named: bool | None

    @property
    def fits(self) -> bool:
        """Whether the choice fits."""
        return self.chose == self.best


def tried(course: Course, attempts: Iterable[Attempt]) -> Iterator[Tried]:
    """Yield the attempts at scored cards in which something was chosen; the others say nothing here."""
    for attempt in attempts:
        exercise = course.exercises.get(attempt.ref)
        if exercise is None or not isinstance(exercise.body, classify.Classify):
            continue
        item = next((item for item in exercise.body.items if item.id == attempt.item), None)
        answer = attempt.response.get("answers", {}).get(attempt.item)
        if item is None or item.key is None or answer is None or answer["choice"] is None:
            continue
        named = None if answer["question"] is None else answer["question"] == item.question
        yield Tried(attempt, answer["choice"], item.key, answer["sure"], named)


def record(course: Course, firsts: Iterable[Attempt]) -> dict[str, Any]:
    """Return what first attempts at cards show: deciding questions named, the commonest mix-up, sure and not quite."""
    cards = list(tried(course, firsts))
    asked = [card.named for card in cards if card.named is not None]
    top = mix_ups(cards)[:1]
    return {
        "named": [sum(asked), len(asked)],
        "mixed": {"chose": top[0]["chose"], "best": top[0]["best"], "count": top[0]["count"]} if top else None,
        "sure_missed": sum(card.sure is True and not card.fits for card in cards),
        "answered": len(cards),
    }


def mix_ups(cards: Iterable[Tried]) -> list[dict[str, Any]]:
    """Return each pair that was mixed up, the commonest first: what was chosen for what, how often, of how many such cards."""
    cards = list(cards)
    of = Counter(card.best for card in cards)
    pairs = Counter((card.chose, card.best) for card in cards if not card.fits)
    return [{"chose": chose, "best": best, "count": count, "of": of[best]} for (chose, best), count in pairs.most_common()]


def calibration(cards: Iterable[Tried]) -> dict[str, list[int]]:
    """Return [how many fit, of how many] when the learner was sure, and when not."""
    cards = list(cards)
    return {
        name: [sum(card.fits for card in cards if card.sure is said), sum(card.sure is said for card in cards)]
        for name, said in (("sure", True), ("not_sure", False))
    }


def by_option(cards: Iterable[Tried]) -> list[dict[str, Any]]:
    """Return, for each option, how many of its cards fit at first, of how many."""
    cards = list(cards)
    options = dict.fromkeys(card.best for card in cards)
    return [
        {"option": option, "fit": sum(card.fits for card in cards if card.best == option), "of": sum(card.best == option for card in cards)}
        for option in options
    ]
