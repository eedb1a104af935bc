"""A writing on its way: sent, read by a coach, returned, tried again. What each mode allows, and what hints may say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from keys import names, texts
from kinds_course import EVERY
from sample import ANA, KOFI
from test_sitting import ONCE, answer, refused, released

from sopkit import kinds
from sopkit.content import Course
from sopkit.kinds import write
from sopkit.marks import Decision, Mark, Marks, Reading
from sopkit.model import Mode, Person
from sopkit.sitting import LONGEST, InStore, Sitting
from sopkit.store import Store

WRITE = f"{EVERY}/statement"
GOOD = dict.fromkeys(("H1", "H2", "H3", "H4", "H5", "H6"), 2)
Sit = Callable[..., Sitting]
Read = Callable[..., int]


@pytest.fixture
def sit(small: Course, store: Store, set_lesson: Callable[..., object]) -> Sit:
    """A function that seats a person at a writing; the lesson is open for practice."""
    set_lesson()

    def seat(ref: str = WRITE, person: Person = ANA) -> Sitting:
        return Sitting(small, small.exercises[ref], InStore(store, person.id, "s1", ref), person, small.profile("standard"))

    return seat


@pytest.fixture
def read(store: Store) -> Read:
    """A function with which a coach reads Ana's newest writing; it returns the mark's id."""

    def mark(
        decision: Decision = "accept", marks: dict[str, int] = GOOD, reading: Reading = "first", coach: str = "c1", **more: Any
    ) -> int:
        newest = Marks(store).writings([WRITE], "s1", ANA.id)[-1]
        said = {"strength": "You begin with who saw it.", "step": "What did Petra do?"}
        return Marks(store).add(Mark(newest.attempt, coach, reading, marks, decision, **{**said, **more}), 12.0)

    return mark


def own(text: str) -> dict[str, Any]:
    return {"boxes": {"notes": "a thought", "statement": text}}


def parts(shown: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    """Return (number, text, decision) of each try."""
    return [(t["number"], t["response"]["boxes"]["statement"], t["mark"] and t["mark"]["decision"]) for t in shown["tries"]]


# ---- sent, returned, tried again ----


def test_a_writing_is_sent_and_waits(sit: Sit) -> None:
    before = sit().view()
    assert (before["tries"], before["waiting"], before["can_send"], before["sent"]) == ([], False, True, None)
    told = answer(sit(), own("Marek left Petra alone."))
    for shown in (told, sit().view()):
        assert shown["sent"]["boxes"]["statement"] == "Marek left Petra alone."
        assert parts(shown) == [(1, "Marek left Petra alone.", None)]
        assert shown["waiting"] and shown["can_send"], "in practice a better one may be sent while the first waits"


def test_the_same_message_twice_is_one_writing(sit: Sit) -> None:
    for _ in range(2):
        told = answer(sit(), own("Once."))
    assert parts(told) == [(1, "Once.", None)]


def test_what_a_coach_says_comes_back(sit: Sit, read: Read) -> None:
    answer(sit(), own("Once."))
    read("discuss", {**GOOD, "H4": 0})
    shown = sit().view()
    (one,) = shown["tries"]
    assert not shown["waiting"]
    assert one["mark"]["marks"] == {**GOOD, "H4": 0}
    assert (one["mark"]["strength"], one["mark"]["step"]) == ("You begin with who saw it.", "What did Petra do?")
    assert (one["mark"]["level"], one["mark"]["level_name"], one["mark"]["decision"]) == (1, "Emerging", "discuss")


def test_points_without_lines_have_no_level(sit: Sit, read: Read) -> None:
    """A mark that came from nbgrader's own pages is one number."""
    answer(sit(), own("Once."))
    read(marks={}, points=7.5)
    mark = sit().view()["tries"][0]["mark"]
    assert (mark["points"], mark["level"], mark["level_name"], mark["marks"]) == (7.5, None, None, {})


def test_a_second_try_waits_for_its_own_mark(sit: Sit, read: Read) -> None:
    answer(sit(), own("One."), "key-0001")
    read("again", {**GOOD, "H1": 0})
    told = answer(sit(), own("Two."), "key-0002")
    assert parts(told) == [(1, "One.", "again"), (2, "Two.", None)] and told["waiting"]
    read("accept")
    assert parts(sit().view()) == [(1, "One.", "again"), (2, "Two.", "accept")]


def test_a_second_reading_is_not_seen_and_a_final_one_counts(sit: Sit, read: Read) -> None:
    answer(sit(), own("Once."))
    read(reading="second", coach="c2", marks={**GOOD, "H2": 0})
    assert sit().view()["waiting"] and sit().view()["tries"][0]["mark"] is None
    read("accept", {**GOOD, "H2": 1})
    assert sit().view()["tries"][0]["mark"]["marks"]["H2"] == 1
    read("discuss", GOOD, reading="final", coach="c3")
    assert sit().view()["tries"][0]["mark"]["marks"]["H2"] == 2


def test_only_the_writer_sees_it(sit: Sit, read: Read) -> None:
    answer(sit(), own("A kingfisher."))
    read()
    shown = sit(person=KOFI).view()
    assert shown["tries"] == [] and "kingfisher" not in json.dumps(shown)


def test_a_closed_lesson_shows_what_came_back(sit: Sit, read: Read, set_lesson: Callable[..., object]) -> None:
    answer(sit(), own("Once."))
    read("again")
    set_lesson(open=False)
    shown = sit().view()
    assert parts(shown) == [(1, "Once.", "again")] and not shown["can_send"]
    refused("closed", answer, sit(), own("Two."), "key-0002")


# ---- a check takes one, unless a coach asks for another ----


@pytest.mark.parametrize("mode", ONCE)
def test_a_check_takes_another_try_only_when_a_coach_asks(mode: Mode, sit: Sit, read: Read, set_lesson: Callable[..., object]) -> None:
    set_lesson(mode)
    assert sit().view()["can_send"] and not sit().view()["hints_on"]
    assert not answer(sit(), own("One."), "key-0001")["can_send"]
    refused("answered", answer, sit(), own("Two."), "key-0002")
    for decision in ("accept", "discuss"):
        read(decision, reading="final")
        assert not sit().view()["can_send"] and not sit().view()["hints_on"]
        refused("answered", answer, sit(), own("Two."), "key-0002")
    read("again", reading="final")
    assert sit().view()["can_send"] and sit().view()["hints_on"]
    told = answer(sit(), own("Two."), "key-0002")
    assert parts(told) == [(1, "One.", "again"), (2, "Two.", None)]
    assert told["waiting"] and not told["can_send"] and not told["hints_on"]
    refused("answered", answer, sit(), own("Three."), "key-0003")


def test_a_check_knows_nothing_of_practice(sit: Sit, read: Read, set_lesson: Callable[..., object]) -> None:
    answer(sit(), own("In practice."), "key-0001")
    read("again")
    set_lesson(Mode.CHECK)
    shown = sit().view()
    assert (shown["tries"], shown["waiting"], shown["can_send"], shown["hints_on"]) == ([], False, True, False)
    told = answer(sit(), own("In the check."), "key-0002")
    assert parts(told) == [(1, "In the check.", None)] and not told["can_send"]
    refused("answered", answer, sit(), own("Again."), "key-0003")
    set_lesson()
    assert parts(sit().view()) == [(1, "In practice.", "again")]


# ---- worked examples ----


def examples(shown: dict[str, Any], course: Course) -> bool:
    """Return whether `shown` has the worked example of the exercise."""
    body = course.exercises[WRITE].keyed
    assert isinstance(body, write.WriteKeyed)
    return body.examples[0].text in set(texts(shown)) or body.examples[0].notice in set(texts(shown))


def test_examples_come_after_sending(sit: Sit, small: Course) -> None:
    sit().save_draft(0, own("Not yet sent."))
    assert not examples(sit().view(), small) and not examples(sit().hints(own("Not yet sent.")), small)
    told = answer(sit(), own("Sent."))
    assert examples(told, small) and examples(sit().view(), small)
    assert not examples(sit(person=KOFI).view(), small)


@pytest.mark.parametrize("mode", ONCE)
def test_in_a_check_examples_come_when_it_is_revealed(
    mode: Mode, sit: Sit, read: Read, small: Course, set_lesson: Callable[..., object]
) -> None:
    set_lesson(mode)
    assert not examples(answer(sit(), own("Sent.")), small)
    read("again")
    assert not examples(sit().view(), small), "who tries again has not seen them"
    set_lesson(mode, revealed=True)
    assert examples(sit().view(), small)


# ---- hints ----

DRAFTS = [
    "", "x", "Dad neglected him.", "It is a bad situation, and she needs a class.", "Petra cried.", "Marek left Petra alone for three hours.",
    "A neighbor reported that on Tuesday Marek left Petra (6) alone for three hours, and that Petra cried and could not sleep.",
    "Case 1234567, call 555-0100 or write to a.b@example.org about Petra Linden, born 3/4/2019.", "\x00 <b>½ 🙂</b>", "word " * 900,
]  # fmt: skip


@pytest.mark.parametrize("name", ["statement", "parts", "plan"])
@pytest.mark.parametrize("draft", DRAFTS)
def test_hints_ask_and_never_score(sit: Sit, name: str, draft: str) -> None:
    sitting = sit(f"{EVERY}/{name}")
    body = sitting.exercise.body
    assert isinstance(body, write.Write)
    boxes = [box.id for box in (body.table.columns if body.table else body.boxes)]
    filled = dict.fromkeys(boxes, draft)
    told = sitting.hints({"rows": [filled]} if body.table else {"boxes": filled})
    assert set(told) == {"words", "say", "hints", "found", "identifiers"}
    assert all(set(hint) == {"criterion", "defect", "question", "words"} for hint in told["hints"]) and len(told["hints"]) <= 4
    assert all(set(one) == {"kind", "words", "question"} for one in told["identifiers"])
    assert not {"score", "marks", "points", "level", "suggested", "evidence", "why"} & set(names(told))
    assert all(isinstance(text, str) for hint in told["hints"] for text in hint.values())
    assert all(isinstance(text, str) for text in told["found"].values())
    assert json.loads(json.dumps(told)) == told


def test_what_does_not_count_is_not_hinted_at_and_not_counted(sit: Sit) -> None:
    told = sit().hints({"boxes": {"notes": "Dad neglected him again and again.", "statement": "Hello."}})
    assert (told["words"], told["say"]) == (1, "1 word.")
    assert sit().hints({"boxes": {"notes": "Dad neglected him."}}) == {
        "words": 0,
        "say": "0 words.",
        "hints": [],
        "found": {},
        "identifiers": [],
    }
    rows = [{"who": "Dana", "act": "Stays with Petra.", "aside": "ask her today"}]
    assert sit(f"{EVERY}/plan").hints({"rows": rows})["words"] == 4


@pytest.mark.parametrize("mode", ONCE)
def test_a_check_has_no_hints_and_still_looks_for_identifiers(mode: Mode, sit: Sit, set_lesson: Callable[..., object]) -> None:
    draft = own("Dad neglected him. Call 555-010-0199.")
    in_practice = sit().hints(draft)
    assert in_practice["hints"] and in_practice["identifiers"]
    set_lesson(mode)
    told = sit().hints(draft)
    assert (told["hints"], told["found"]) == ([], {})
    assert told["identifiers"] == in_practice["identifiers"] and told["words"] == 5


def test_identifiers_are_looked_for_in_every_box(sit: Sit) -> None:
    told = sit().hints({"boxes": {"notes": "Call 555-010-0199."}})
    assert [one["kind"] for one in told["identifiers"]] == ["phone"]


def test_a_release_gives_the_same_hints(sit: Sit, small: Course) -> None:
    sitting = sit()
    alone = Sitting(small, released(sitting.exercise), sitting.keep, None, small.profile("standard"))
    assert alone.hints(own(DRAFTS[2])) == sitting.hints(own(DRAFTS[2]))


def test_hints_are_for_writings_that_can_be_read(sit: Sit, small: Course) -> None:
    for raw in kinds.malformed(small.exercises[WRITE]):
        refused("malformed", sit().hints, raw)
    refused("too_long", sit().hints, own("x" * LONGEST))
    for name in ("alone", "number", "cards", "talk"):
        exercise = small.exercises[f"{EVERY}/{name}"]
        refused("unknown", sit(exercise.ref).hints, kinds.keyed_response(exercise).model_dump())
