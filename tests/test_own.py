"""A trainee's own side, asked as the player asks it: feedback, practice that is due, the record, export, deletion, private words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from keys import names
from kinds_course import EVERY
from sample import ANA, KOFI
from test_sitting import card, key_of
from test_workbook import book, everything

from sopkit import kinds
from sopkit.apps.learner import Learners
from sopkit.apps.marking import Marking
from sopkit.apps.own import Own
from sopkit.content import Course
from sopkit.marks import Mark, Marks
from sopkit.model import Mode, Person, Role
from sopkit.store import Store
from sopkit.tables import attempts
from sopkit.widgets import reply

WRITE, ALONE, NUMBER, BOARD, CARDS = (f"{EVERY}/{name}" for name in ("statement", "alone", "number", "map", "cards"))
GOOD = dict.fromkeys(("H1", "H2", "H3", "H4", "H5", "H6"), 2)
Ask = Callable[..., dict[str, Any]]
SetLesson = Callable[..., object]


@pytest.fixture
def ask(small: Course, store: Store, set_lesson: SetLesson) -> Ask:
    """A function that sends requests as one page of Ana's does (`person` for another's), and returns what her browser gets."""
    set_lesson()
    pages = {person.id: book(small, store, person) for person in (ANA, KOFI)}

    def send(kind: str, *, person: Person = ANA, **body: Any) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(reply(pages[person.id], {"id": 1, "type": kind, **body})))
        return found

    return send


@pytest.fixture
def sends(ask: Ask, small: Course) -> Ask:
    """A function that answers one exercise; each answer has a key of its own."""
    made = 0

    def send(ref: str, raw: Any = None, kind: str = "answer", **more: Any) -> dict[str, Any]:
        nonlocal made
        made += 1
        exercise = small.exercises[ref]
        response = key_of(exercise) if raw is None else raw
        return ask(kind, ref=ref, version=exercise.version, key=f"key-{made:04}", response=response, **more)

    return send


def own(text: str) -> dict[str, Any]:
    return {"boxes": {"statement": text}}


def read(store: Store, person: Person = ANA, **more: Any) -> int:
    """Mark a person's newest writing, and return the mark's id."""
    newest = Marks(store).writings([WRITE], "s1", person.id)[-1]
    return Marks(store).add(Mark(newest.attempt, "c1", more.pop("reading", "first"), GOOD, **more), 12.0)


def days_pass(store: Store, days: float) -> None:
    """Move all attempts so far back in time."""
    with store.write() as db:
        for row in db.execute(sa.select(attempts.c.id, attempts.c.at)).all():
            db.execute(attempts.update().where(attempts.c.id == row.id).values(at=row.at - timedelta(days=days)))


# ---- every kind, from new to done ----


def test_a_lesson_of_every_kind(ask: Ask, sends: Ask, small: Course) -> None:
    for ref in small.lessons[EVERY].refs:
        assert ask("open", ref=ref)["ok"], ref
        assert sends(ref)["ok"], ref
    (lesson,) = ask("hello")["lessons"]
    assert (lesson["state"], lesson["done"]) == ("done", len(small.exercises))
    blocks = [block for block in ask("lesson", lesson=EVERY)["blocks"] if block["type"] == "exercise"]
    assert all(block["state"] == "done" and block["done"] == block["total"] for block in blocks)
    assert {block["layout"] for block in blocks} == {"cards", "map", "houses", "circles", None}
    scores = {s["ref"]: s for s in ask("hand_in", lesson=EVERY)["hand_in"]["scores"]}
    assert set(scores) == {e.ref for e in small.exercises.values() if kinds.out_of(e)}
    for ref, score in scores.items():
        by_hand = small.exercises[ref].marked_by_hand
        assert (score["state"], score["points"]) == (("waiting", 0) if by_hand else ("scored", score["out_of"])), ref


# ---- feedback that waits ----


def test_a_writing_goes_to_the_gradebook_when_it_is_sent(ask: Ask, sends: Ask, store: Store) -> None:
    sends(WRITE, own("Marek left."))
    (hand_in,) = store.unpublished()
    assert hand_in.responses["statement"]["response"]["boxes"] == {"statement": "Marek left."}
    (score,) = ask("lesson", lesson=EVERY)["hand_in"]["scores"]
    assert (score["state"], score["points"], score["out_of"]) == ("waiting", 0, 12)
    read(store)
    (score,) = ask("lesson", lesson=EVERY)["hand_in"]["scores"]
    assert (score["state"], score["points"]) == ("scored", 12)


def test_feedback_waits_until_it_is_seen(ask: Ask, sends: Ask, store: Store) -> None:
    sends(WRITE, own("Marek left."))
    assert ask("hello")["feedback"] == []
    mark = read(store, decision="again", strength="A kingfisher.")
    (row,) = ask("hello")["feedback"]
    assert (row["mark"], row["ref"], row["decision"]) == (mark, WRITE, "Try again")
    assert "kingfisher" not in json.dumps(row), "what the coach says is read beside the writing"
    for other in (mark + 1, None, str(mark), [mark], {}, True, float(mark)):
        assert len(ask("seen", mark=other)["feedback"]) == 1
    assert ask("seen", mark=mark)["feedback"] == [] == ask("hello")["feedback"]
    assert ask("seen", mark=mark)["feedback"] == []
    read(store, reading="final", decision="accept")
    assert ask("hello")["feedback"][0]["decision"] == "Accepted"


def test_another_s_feedback_is_not_mine(ask: Ask, sends: Ask, store: Store) -> None:
    sends(WRITE, own("Marek left."))
    mark = read(store)
    assert ask("hello", person=KOFI)["feedback"] == []
    ask("seen", mark=mark, person=KOFI)
    assert len(ask("hello")["feedback"]) == 1


def test_a_second_reading_is_no_feedback(ask: Ask, sends: Ask, store: Store) -> None:
    sends(WRITE, own("Marek left."))
    read(store, reading="second")
    assert ask("hello")["feedback"] == [] and ask("record")["writings"][0]["marks"] is None


# ---- practice that is due ----


def test_a_card_comes_back_when_it_is_due(ask: Ask, sends: Ask, store: Store) -> None:
    sends(CARDS, card("alone", "danger"))
    sends(CARDS, card("again", "danger"))
    sends(CARDS, card("bath", "danger"))
    sends(CARDS, card("alone", "harm"))  # after the explanation: it comes back all the same
    practice = ask("hello")["practice"]
    assert practice["due"] == [] and practice["next"]["cards"] == 1
    assert ask("practise", ref=CARDS)["error"]["code"] == "nothing_due"
    days_pass(store, 2)
    assert ask("hello")["practice"] == {"due": [{"ref": CARDS, "lesson": EVERY, "title": "Four cards", "cards": 1}], "next": None}
    assert ask("hello", person=KOFI)["practice"] == {"due": [], "next": None}
    shown = ask("practise", ref=CARDS)
    assert [item["id"] for item in shown["items"]] == ["alone"] and shown["answers"] == {} and shown["summary"]["total"] == 1
    told = sends(CARDS, card("alone", "harm"), kind="practised")
    assert told["answers"]["alone"]["feedback"]["verdict"] == "fits" and told["summary"]["answered"] == 1
    assert ask("hello")["practice"]["due"] == []
    left = datetime.fromisoformat(ask("hello")["practice"]["next"]["at"]) - datetime.now().astimezone()
    assert timedelta(days=11) < left <= timedelta(days=12)


def test_what_fits_three_times_stays_away(ask: Ask, sends: Ask, store: Store) -> None:
    sends(CARDS, card("alone", "danger"))
    for days in (2, 12, 28):
        days_pass(store, days)
        assert ask("practise", ref=CARDS)["ok"]
        assert sends(CARDS, card("alone", "harm"), kind="practised")["ok"]
    assert ask("hello")["practice"] == {"due": [], "next": None}


def test_practice_goes_on_when_the_lesson_is_closed(ask: Ask, sends: Ask, store: Store, set_lesson: SetLesson) -> None:
    sends(CARDS, card("alone", "danger"))
    days_pass(store, 2)
    set_lesson(open=False)
    assert ask("practise", ref=CARDS)["open"]
    assert sends(CARDS, card("alone", "danger"), kind="practised")["answers"]["alone"]["feedback"]["verdict"] == "not-quite"
    assert sends(CARDS, card("alone", "harm"))["error"]["code"] == "closed"


def test_practice_takes_only_the_cards_that_are_due(ask: Ask, sends: Ask, store: Store, set_lesson: SetLesson) -> None:
    """A crafted message must not get the key of another card, least of all while a check runs."""
    sends(CARDS, card("alone", "danger"))
    days_pass(store, 2)
    set_lesson(Mode.CHECK)
    assert sends(CARDS, card("alone", "harm"), kind="practised")["error"]["code"] == "nothing_due", "open it first"
    ask("practise", ref=CARDS)
    before = everything(store)
    refused = sends(CARDS, {"answers": {**card("alone", "harm")["answers"], **card("again", "harm")["answers"]}}, kind="practised")
    assert refused["error"]["code"] == "nothing_due"
    assert everything(store) == before


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PRE, Mode.POST])
def test_a_check_is_practised_only_after_it_is_revealed(ask: Ask, sends: Ask, store: Store, mode: Mode, set_lesson: SetLesson) -> None:
    set_lesson(mode)
    sends(CARDS, card("alone", "danger"))
    days_pass(store, 2)
    assert ask("hello")["practice"] == {"due": [], "next": None}
    set_lesson(mode, revealed=True)
    assert ask("hello")["practice"]["due"][0]["cards"] == 1


def test_own_due_knows_the_time(small: Course, sends: Ask, store: Store) -> None:
    sends(CARDS, card("alone", "danger"))
    mine, now = Own(small, store, ANA, "s1"), datetime.now().astimezone()
    assert mine.due(now + timedelta(days=1.9)) == {}
    assert mine.due(now + timedelta(days=2.1)) == {CARDS: {"alone"}}


# ---- the record ----


def test_the_record_says_how_writings_came_out(ask: Ask, sends: Ask, store: Store) -> None:
    sends(WRITE, own("Marek left."))
    (row,) = ask("record")["writings"]
    assert (row["number"], row["marks"], row["level"], row["decision"]) == (1, None, None, None)
    read(store)
    (row,) = ask("record")["writings"]
    assert (row["marks"], row["level"], row["decision"]) == (GOOD, "Strong", "Accepted")
    assert not {"attempt", "grader", "suggested", "seconds"} & set(names(ask("record")))


# ---- private words ----


def test_a_private_reflection_is_never_handed_in(ask: Ask, sends: Ask, store: Store, small: Course) -> None:
    staff = Person("c1", "Dana Wells", Role.COACH)
    store.add_people([staff])

    def handed_in() -> dict[str, Any]:
        assert ask("hand_in", lesson=EVERY)["ok"]
        last = store.last_hand_in(ANA.id, "s1", EVERY)
        assert last is not None
        return last.responses

    def coach_sees() -> list[dict[str, Any]]:
        learners = Learners(small, store, staff, Marking(small, store, staff))
        found: list[dict[str, Any]] = learners.one("s1", ANA.id)["reflections"]
        return found

    private = {"text": "My own kingfisher.", "shared": False}
    sends(ALONE, private)
    assert ask("hand_in", lesson=EVERY)["error"]["code"] == "blank", "there is nothing else"
    sends(CARDS, card("alone", "harm"))
    assert list(handed_in()) == ["cards"] and coach_sees() == []
    sends(ALONE, {**private, "shared": True})
    assert handed_in()["alone"]["response"]["text"] == "My own kingfisher."
    assert coach_sees() == [{"title": "Before you go on", "text": "My own kingfisher."}]
    sends(ALONE, private)
    assert list(handed_in()) == ["cards"] and coach_sees() == []
    assert ask("open", ref=ALONE)["sent"] == private
    assert ask("lesson", lesson=EVERY)["hand_in"]["state"] == "sent"


# ---- keeping and deleting one's own words ----


TYPED = {
    WRITE: own("A kingfisher came."),
    ALONE: {"text": "A kingfisher came.", "shared": True},
    NUMBER: {"value": 4, "not_lower": "A kingfisher came.", "one_up": "It stays."},
    BOARD: {"answers": {}, "scale": {"value": 4, "not_lower": "A kingfisher came.", "one_up": "It stays."}},
}


@pytest.mark.parametrize("ref", TYPED)
def test_erasing_takes_the_words_everywhere(ask: Ask, sends: Ask, store: Store, ref: str) -> None:
    sends(BOARD, card("told", "find-out"))
    sends(ref, TYPED[ref])
    sends(ref, TYPED[ref])
    ask("draft", ref=ref, revision=0, draft=TYPED[ref])
    assert ask("hand_in", lesson=EVERY)["ok"]
    sends(ref, TYPED[ref], person=KOFI)
    assert [(row["ref"], row["tries"]) for row in ask("record")["typed"]] == [(ref, 2)]
    before = everything(store)
    left = ask("erase", ref=ref)
    assert left["ok"] and left["typed"] == []
    mine = [row for table in everything(store).values() for row in table if KOFI.id not in row]
    assert "kingfisher" not in str(mine) and "It stays" not in str(mine)
    assert "kingfisher" in str(everything(store)), "another's words stay"
    after = everything(store)
    assert len(after["attempts"]) == len(before["attempts"]) and after["scores"] == before["scores"]
    assert "kingfisher" not in json.dumps([ask("open", ref=ref), ask("export"), ask("record")])
    assert ask("open", ref=BOARD)["answers"]["told"]["choice"] == "find-out"
    last = store.last_hand_in(ANA.id, "s1", EVERY)
    assert last is not None and last.published is None and list(last.responses["map"]["response"]["answers"]) == ["told"]
    assert ask("erase", ref=ref)["error"]["code"] == "unknown", "there is nothing left to delete"


def test_marks_stay_as_numbers_after_erasing(ask: Ask, sends: Ask, store: Store) -> None:
    sends(WRITE, own("A kingfisher came."))
    read(store)
    assert ask("erase", ref=WRITE)["writings"][0]["marks"] == GOOD
    assert ask("lesson", lesson=EVERY)["hand_in"]["scores"][0]["points"] == 12
    shown = ask("open", ref=WRITE)
    assert shown["tries"][0]["mark"]["marks"] == GOOD and not shown["waiting"]


def test_nothing_waits_after_its_words_are_gone(ask: Ask, sends: Ask) -> None:
    sends(WRITE, own("A kingfisher came."))
    assert ask("open", ref=WRITE)["waiting"]
    ask("erase", ref=WRITE)
    assert not ask("open", ref=WRITE)["waiting"]


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PRE, Mode.POST])
def test_erasing_is_no_second_try_in_a_check(ask: Ask, sends: Ask, mode: Mode, set_lesson: SetLesson) -> None:
    set_lesson(mode)
    sends(WRITE, own("A kingfisher came."))
    ask("erase", ref=WRITE)
    assert sends(WRITE, own("Two."))["error"]["code"] == "answered"


@pytest.mark.parametrize("ref", [None, 7, [], {}, "", "nothing", f"{EVERY}/gone", CARDS, WRITE])
def test_only_one_s_own_typed_words_can_be_erased(ask: Ask, sends: Ask, store: Store, ref: Any) -> None:
    sends(CARDS)
    sends(WRITE, own("A kingfisher came."), person=KOFI)
    before = everything(store)
    assert ask("erase", ref=ref)["error"]["code"] == "unknown"
    assert everything(store) == before


def test_the_export_has_all_words_and_runs_nothing(ask: Ask, sends: Ask, store: Store, small: Course) -> None:
    assert "not written anything yet" in ask("export")["html"]
    hostile = "<script>alert(1)</script> & “so”\nnext line <img src=x onerror=alert(2)>"
    for ref, raw in TYPED.items():
        sends(ref, json.loads(json.dumps(raw).replace("A kingfisher came.", json.dumps(hostile)[1:-1])))
    read(store, strength=hostile, step="Two.")
    sends(CARDS)
    assert ask("export")["name"] == "my-writing.html"
    html = Own(small, store, Person(ANA.id, "Ana <b>Whitlock"), "s1").export()["html"]
    for tag in ("<script", "<img", "<b>Whitlock"):
        assert tag not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; “so”") == len(TYPED) + 1
    assert html.count("<br>next line") == len(TYPED)
    assert "What works:" in html and "It stays." in html
    assert "On Tuesday Marek left Petra alone" not in html, "cards are not typed words"
    assert "script" not in ask("export", person=KOFI)["html"]


def test_the_export_has_every_try(ask: Ask, sends: Ask) -> None:
    for text in ("First words.", "Second words."):
        sends(WRITE, own(text))
    html = ask("export")["html"]
    assert html.index("First words.") < html.index("Second words.") and html.count("<h2>") == 1
