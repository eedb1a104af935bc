"""What tries show: first tries only, mix-ups, confidence, options. Exact cases on the small course's four cards."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from kinds_course import EVERY

from sopkit import kinds
from sopkit.content import Course
from sopkit.model import Attempt, Mode
from sopkit.record import Tried, by_option, calibration, mix_ups, record, tried

CARDS = f"{EVERY}/cards"  # alone: harm, again: danger, stays: safety, bath: to talk about
numbers = itertools.count(1)


def attempt(course: Course, item: str, choice: str | None, ref: str = CARDS, **more: Any) -> Attempt:
    """An attempt at one card, as the store gives it back."""
    exercise = course.exercises[ref]
    ((_, (part, score)),) = kinds.attempts(exercise, kinds.parse(exercise, {"answers": {item: {"choice": choice, **more}}})).items()
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Attempt(next(numbers), ref, item, part.model_dump(), exercise.version, Mode.PRACTICE, 1, at, score)


@pytest.fixture
def attempts(small: Course) -> list[Attempt]:
    return [
        attempt(small, "alone", "danger", sure=True, question="time"),
        attempt(small, "alone", "danger", sure=False, question="effect"),
        attempt(small, "alone", "harm", sure=True),
        attempt(small, "again", "harm", sure=True, question="effect"),
        attempt(small, "stays", "safety", sure=False, question="effect"),
        attempt(small, "stays", None, sure=True),  # passed: says nothing
        attempt(small, "bath", "harm", sure=True),  # to talk about: says nothing
    ]


def test_tries_that_say_something(small: Course, attempts: list[Attempt]) -> None:
    cards = list(tried(small, attempts))
    assert [(card.chose, card.best, card.fits) for card in cards] == [
        ("danger", "harm", False), ("danger", "harm", False), ("harm", "harm", True), ("harm", "danger", False), ("safety", "safety", True),
    ]  # fmt: skip
    assert [card.named for card in cards] == [False, True, None, True, True]


def test_what_is_not_a_scored_card_says_nothing(small: Course, attempts: list[Attempt]) -> None:
    gone = [Attempt(**{**vars(attempts[0]), **change}) for change in ({"ref": f"{EVERY}/gone"}, {"item": "gone"}, {"ref": f"{EVERY}/talk"})]
    assert list(tried(small, gone)) == []
    nothing = {"named": [0, 0], "mixed": None, "sure_missed": 0, "answered": 0}
    assert record(small, []) == record(small, gone) == nothing
    assert mix_ups([]) == [] and by_option([]) == [] and calibration([]) == {"sure": [0, 0], "not_sure": [0, 0]}


def test_the_record(small: Course, attempts: list[Attempt]) -> None:
    assert record(small, attempts) == {
        "named": [3, 4],
        "mixed": {"chose": "danger", "best": "harm", "count": 2},
        "sure_missed": 2,
        "answered": 5,
    }


def test_mix_ups_have_two_sides(small: Course, attempts: list[Attempt]) -> None:
    """Harm called danger is another mix-up than danger called harm; `of` counts the cards whose key was passed over."""
    assert mix_ups(tried(small, attempts)) == [
        {"chose": "danger", "best": "harm", "count": 2, "of": 3},
        {"chose": "harm", "best": "danger", "count": 1, "of": 1},
    ]


def test_calibration(small: Course, attempts: list[Attempt]) -> None:
    assert calibration(tried(small, attempts)) == {"sure": [1, 3], "not_sure": [1, 2]}


def test_options(small: Course, attempts: list[Attempt]) -> None:
    assert by_option(tried(small, attempts)) == [
        {"option": "harm", "fit": 1, "of": 3},
        {"option": "danger", "fit": 0, "of": 1},
        {"option": "safety", "fit": 1, "of": 1},
    ]


def test_a_card_without_confidence_is_in_no_calibration(small: Course) -> None:
    cards: list[Tried] = list(tried(small, [attempt(small, "alone", "harm"), attempt(small, "dark", "house-worries", f"{EVERY}/houses")]))
    assert len(cards) == 2 and calibration(cards) == {"sure": [0, 0], "not_sure": [0, 0]}
