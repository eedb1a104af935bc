"""One person's work on one exercise of the course, watched for explanations that come too early."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from hands import Hand, Keys
from playwright.sync_api import Locator
from sample import ROOT
from serving import holds
from visiting import Visit

from sopkit import content
from sopkit.kinds import Exercise

COURSE = content.load(ROOT)
# The fields of an exercise whose words nobody may have before answering.
TOLD_LATER = {
    "answer", "tempting", "change", "discuss", "views", "why", "early", "late", "differ", "consider", "take_away", "examples", "afterwards",
}  # fmt: skip


def told_later(value: Any, inside: bool = False) -> set[str]:
    """Return every explanation in a part of an exercise."""
    if isinstance(value, str):
        return {value} if inside else set()
    if isinstance(value, dict):
        return {text for name, inner in value.items() for text in told_later(inner, inside or name in TOLD_LATER)}
    return {text for inner in value for text in told_later(inner, inside)} if isinstance(value, list) else set()


def begin(hand: Hand, name: str, wanted: Callable[[Any], bool]) -> Work:
    """Open the first exercise of the course that is wanted; nothing of its explanations comes with it."""
    exercise = next((one for one in COURSE.exercises.values() if wanted(one.body)), None)
    if exercise is None:
        pytest.skip("the course has none")
    hand.visit.received.clear()
    hand.visit.open(exercise.lesson, exercise.name)
    work = Work(hand, exercise, name)
    work.begun()
    work.assert_untold()
    work.seen("before")
    return work


@dataclass
class Work:
    """One person at one exercise."""

    hand: Hand
    exercise: Exercise
    name: str

    @property
    def visit(self) -> Visit:
        return self.hand.visit

    @property
    def by_keys(self) -> bool:
        return isinstance(self.hand, Keys)

    @property
    def body(self) -> Any:
        return self.exercise.keyed

    def find(self, css: str, text: str | re.Pattern[str] | None = None) -> Locator:
        """Return what stands in the exercise on the page."""
        return self.visit.page.locator(f".ex {css}").filter(has_text=text)

    def button(self, name: str) -> Locator:
        return self.find("").get_by_role("button", name=name, exact=True)

    def use(self, name: str) -> None:
        self.hand.use(self.button(name))

    def seen(self, state: str) -> None:
        self.visit.seen(f"{self.name}-{state}")

    def again(self) -> None:
        """Load the page anew, at once: what was just done must not be lost."""
        self.visit.page.reload()
        self.begun()

    def begun(self) -> None:
        """Wait until the exercise is there."""
        self.find(".ex__foot").wait_for(state="attached", timeout=30_000)

    def told(self) -> set[str]:
        """Return the exercise's explanations that have arrived so far."""
        received = "\n".join(self.visit.received)
        return {text for text in told_later(self.body.model_dump()) if holds(received, text)}

    def assert_untold(self) -> None:
        assert not self.told(), "before anything is answered"

    def assert_told(self, parts: Iterable[Any] | None = None) -> None:
        """Explanations are there now: of some parts only, or of all that was asked."""
        told = self.told()
        assert told, "the same search finds what was told after answering"
        if parts is not None:
            assert told <= {text for part in parts for text in told_later(part.model_dump())}, "and nothing of the other parts"
