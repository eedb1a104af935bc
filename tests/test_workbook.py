"""The trainee's page, asked as the player asks it: lessons, progress, handing in, two tabs, hostile messages."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from keys import explanations
from sample import ANA, KOFI, LESSON
from test_sitting import DECK, STORY, card, key_of, without_first_card

from sopkit import kinds
from sopkit.apps.desk import Desk
from sopkit.apps.page import handler
from sopkit.apps.workbook import Workbook, to_html
from sopkit.content import Course
from sopkit.errors import ContentError, CourseError, Problem, Refusal, StoreError
from sopkit.model import Mode, Person, Role, Session, Setting
from sopkit.sitting import LONGEST
from sopkit.store import Store
from sopkit.tables import meta
from sopkit.widgets import reply

Asking = Callable[..., dict[str, Any]]


def book(course: Course, store: Store, person: Person = ANA) -> Workbook:
    session = store.session("s1")
    assert session is not None
    return Workbook(course, store, person, session, "/health/k1", "Academy")


@pytest.fixture
def ask(course: Course, store: Store) -> Asking:
    """A function that sends one request as Ana's page does, and returns the reply as her browser gets it."""

    def send(kind: Any, *, person: Person = ANA, course: Course = course, **body: Any) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(reply(book(course, store, person), {"id": 1, "type": kind, **body})))
        return found

    return send


def sends(ask: Asking, course: Course, ref: str, raw: Any = None, key: str = "key-0001", **more: Any) -> dict[str, Any]:
    exercise = course.exercises[ref]
    response = key_of(exercise) if raw is None else raw
    return ask("answer", ref=ref, version=exercise.version, key=key, response=response, course=course, **more)


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the store."""
    with store.engine.connect() as db:
        return {table.name: [tuple(row) for row in db.execute(table.select())] for table in meta.sorted_tables}


# ---- lessons and progress ----


def test_hello_names_person_class_and_lessons(ask: Asking, course: Course) -> None:
    shown = ask("hello")
    assert shown["ok"] and shown["person"] == {"id": "a1", "name": "Ana Whitlock"}
    assert shown["session"] == {"title": "Monday class", "code": "MAPLE 42"}
    assert [(one["id"], one["state"], one["done"], one["total"]) for one in shown["lessons"]] == [
        (LESSON, "new", 0, len(course.of(LESSON)))
    ]
    assert shown["next"]["ref"] == course.lessons[LESSON].refs[0]
    assert shown["record"] == {"named": [0, 0], "mixed": None, "sure_missed": 0, "answered": 0}


def test_the_whole_lesson(ask: Asking, course: Course) -> None:
    """Every exercise, done as its key says, brings the lesson from new to done."""
    states = []
    for number, ref in enumerate(course.lessons[LESSON].refs):
        assert ask("open", ref=ref)["ok"]
        assert sends(ask, course, ref, key=f"key-{number:04}")["ok"]
        states.append(ask("hello")["lessons"][0]["state"])
    assert states == ["started"] * (len(states) - 1) + ["done"]
    assert ask("hello")["next"] is None
    blocks = [block for block in ask("lesson", lesson=LESSON)["blocks"] if block["type"] == "exercise"]
    assert [block["ref"] for block in blocks] == course.lessons[LESSON].refs
    assert all(block["state"] == "done" and block["done"] == block["total"] for block in blocks)
    assert ask("hello", person=KOFI)["lessons"][0]["state"] == "new"


def test_a_lesson_shows_its_text_and_no_answers(ask: Asking, course: Course) -> None:
    shown = ask("lesson", lesson=LESSON)
    assert sum(block["type"] == "text" for block in shown["blocks"]) > 5
    assert "<table>" in "".join(block.get("html", "") for block in shown["blocks"])
    text = json.dumps(shown, ensure_ascii=False)
    told = {e for exercise in course.exercises.values() for e in explanations(exercise.keyed.model_dump()) if e in text}
    assert told <= set(course.questions.values()), "the questions themselves are taught here"


def test_a_draft_is_a_beginning(ask: Asking) -> None:
    assert ask("draft", ref=STORY, revision=0, draft={"marks": []})["revision"] == 1
    states = {block["ref"]: block["state"] for block in ask("lesson", lesson=LESSON)["blocks"] if block["type"] == "exercise"}
    assert states[STORY] == "started" and states[DECK] == "new"


@pytest.mark.parametrize(
    ("markdown", "gone"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("[x](javascript:alert(1))", "href"),
        ("![x](http://elsewhere.example/x.png)", "<img"),
        ('<a href="x" onclick="alert(1)">x</a>', "<a"),
        ("<style>*{}</style>", "<style"),
    ],
)
def test_lesson_text_runs_and_loads_nothing(markdown: str, gone: str) -> None:
    assert gone not in to_html(markdown)


# ---- the record ----


def test_the_record_counts_first_tries(ask: Asking, course: Course) -> None:
    items = [item for item in course.exercises[DECK].keyed.items if item.key == "harm"]  # type: ignore[union-attr]
    sends(ask, course, DECK, card(items[0].id, "danger", sure=True, question="time"), "key-0001")
    sends(ask, course, DECK, card(items[0].id, "harm", question="time"), "key-0002")
    sends(ask, course, DECK, card(items[1].id, "danger", sure=False, question="effect"), "key-0003")
    sends(ask, course, DECK, card(items[2].id, None), "key-0004")
    sends(ask, course, STORY, key="key-0005")
    assert ask("hello")["record"] == {
        "named": [1, 2],
        "mixed": {"chose": "danger", "best": "harm", "count": 2},
        "sure_missed": 1,
        "answered": 2,
    }


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PRE, Mode.POST])
def test_the_record_does_not_count_answers_before_they_are_revealed(
    ask: Asking, course: Course, mode: Mode, set_lesson: Callable[..., Session]
) -> None:
    set_lesson(mode)
    before = ask("hello")["record"]
    item = course.exercises[DECK].keyed.items[0]  # type: ignore[union-attr]
    sends(ask, course, DECK, card(item.id, item.near, sure=True, question="time"))
    assert ask("hello")["record"] == before
    set_lesson(mode, revealed=True)
    assert ask("hello")["record"]["sure_missed"] == 1


# ---- handing in ----


def test_hand_in_none_sent_changed(ask: Asking, course: Course, store: Store) -> None:
    def state() -> str:
        return str(ask("lesson", lesson=LESSON)["hand_in"]["state"])

    assert state() == "none"
    assert ask("hand_in", lesson=LESSON)["error"]["code"] == "blank"
    item = course.exercises[DECK].keyed.items[0]  # type: ignore[union-attr]
    sends(ask, course, DECK, card(item.id, item.near), "key-0001")
    assert state() == "none"
    sent = ask("hand_in", lesson=LESSON)["hand_in"]
    assert sent["state"] == state() == "sent"
    assert "waiting" in sent["message"]
    assert {s["ref"]: s["points"] for s in sent["scores"]}[DECK] == 0
    sends(ask, course, DECK, card(item.id, item.key), "key-0002")
    assert state() == "changed"
    again = ask("hand_in", lesson=LESSON)["hand_in"]
    assert again["state"] == state() == "sent"
    assert {s["ref"]: s["points"] for s in again["scores"]}[DECK] == 1
    for hand_in in store.unpublished():
        store.published(hand_in.id)
    assert "in the gradebook" in ask("lesson", lesson=LESSON)["hand_in"]["message"]


def test_what_is_handed_in_is_what_is_in_force(ask: Asking, course: Course, store: Store) -> None:
    items = course.exercises[DECK].keyed.items  # type: ignore[union-attr]
    sends(ask, course, DECK, card(items[0].id, items[0].near), "key-0001")
    sends(ask, course, DECK, card(items[0].id, items[0].key), "key-0002")
    sends(ask, course, DECK, card(items[1].id, items[1].key), "key-0003")
    ask("hand_in", lesson=LESSON)
    (hand_in,) = store.unpublished()
    assert list(hand_in.responses) == ["harm-or-danger"]
    entry = hand_in.responses["harm-or-danger"]
    assert entry["version"] == course.exercises[DECK].version
    assert kinds.grade(course.exercises[DECK], kinds.parse(course.exercises[DECK], entry["response"])).points == 2


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PRE, Mode.POST])
def test_handing_in_a_check_tells_no_score(ask: Asking, course: Course, mode: Mode, set_lesson: Callable[..., Session]) -> None:
    set_lesson(mode)
    sends(ask, course, DECK)
    assert ask("hand_in", lesson=LESSON)["hand_in"]["scores"] is None
    set_lesson(mode, revealed=True)
    assert ask("lesson", lesson=LESSON)["hand_in"]["scores"]


def test_a_closed_lesson_cannot_be_handed_in(ask: Asking, course: Course, store: Store, set_lesson: Callable[..., Session]) -> None:
    sends(ask, course, DECK)
    set_lesson(open=False)
    assert ask("hand_in", lesson=LESSON)["error"]["code"] == "closed"
    assert store.unpublished() == []
    assert ask("lesson", lesson=LESSON)["open"] is False


def test_a_lesson_still_opens_after_a_handed_in_card_was_taken_out(ask: Asking, course: Course) -> None:
    sends(ask, course, DECK)
    ask("hand_in", lesson=LESSON)
    changed = without_first_card(course, DECK)
    for request in ("hello", "lesson"):
        assert ask(request, lesson=LESSON, course=changed)["ok"]
    assert ask("hand_in", lesson=LESSON, course=changed)["ok"]


# ---- two tabs, two people ----


def test_two_tabs(ask: Asking, course: Course, store: Store) -> None:
    """The second tab of one person sees what the first did, and is told when its draft is older."""
    one, other = book(course, store), book(course, store)
    saved = reply(one, {"type": "draft", "ref": STORY, "revision": 0, "draft": {"marks": [1]}})
    assert saved["revision"] == 1 and saved["saved_at"]
    stale = reply(other, {"type": "draft", "ref": STORY, "revision": 0, "draft": {"marks": [2]}})
    assert stale["error"]["code"] == "stale"
    assert stale["error"]["draft"] == {"marks": [1]} and stale["error"]["revision"] == 1
    assert reply(other, {"type": "open", "ref": STORY})["draft"] == {"marks": [1]}
    assert reply(other, {"type": "draft", "ref": STORY, "revision": 1, "draft": {"marks": [2]}})["revision"] == 2
    sends(ask, course, DECK)
    assert len(reply(other, {"type": "open", "ref": DECK})["answers"]) == len(course.exercises[DECK].body.items)  # type: ignore[union-attr]


def test_two_tabs_in_a_check(course: Course, store: Store, set_lesson: Callable[..., Session]) -> None:
    set_lesson(Mode.CHECK)
    exercise = course.exercises[DECK]
    item = exercise.keyed.items[0]  # type: ignore[union-attr]

    def send(key: str, choice: str) -> dict[str, Any]:
        message = {"type": "answer", "ref": DECK, "version": exercise.version, "key": key, "response": card(item.id, choice)}
        return reply(book(course, store), message)

    assert send("key-0001", item.near)["ok"]
    assert send("key-0002", item.key)["error"]["code"] == "answered"
    assert reply(book(course, store), {"type": "open", "ref": DECK})["answers"][item.id]["choice"] == item.near


def test_nobody_sees_another_s_work(ask: Asking, course: Course) -> None:
    sends(ask, course, DECK)
    ask("draft", ref=STORY, revision=0, draft="mine")
    assert ask("open", ref=DECK, person=KOFI)["answers"] == {}
    assert ask("open", ref=STORY, person=KOFI)["draft"] is None
    assert ask("lesson", lesson=LESSON, person=KOFI)["hand_in"]["state"] == "none"


def test_a_class_that_is_gone(ask: Asking, course: Course, store: Store) -> None:
    gone = Workbook(course, store, ANA, Session("gone", "Gone", "OAK 10", "standard"), "", "Academy")
    assert reply(gone, {"type": "hello"})["error"]["code"] == "closed"


# ---- hostile messages ----


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


JUNK: dict[str, Any] = {
    "none": None, "true": True, "0": 0, "-1": -1, "3.5": 3.5, "huge": 2**80, "nan": float("nan"), "empty": "", "x": "x", "nul": "\x00",
    "surrogate": "\ud800", "long": "x" * 100_000, "list": [], "dict": {}, "nested": [[]], "object": {"a": {}}, "deep": deep(5000),
}  # fmt: skip
REQUESTS = ("lesson", "open", "answer", "draft", "hand_in", "hints", "practise", "practised", "erase")
LEAKS = ("Traceback", "Error", "Exception", "sopkit.", 'File "', "object at 0x", "sqlite", "pydantic", "/work", "NoneType")


def refused(answer: dict[str, Any]) -> bool:
    """Return whether `answer` is a plain refusal, with a text for people and nothing of the program."""
    error = answer.get("error", {})
    leaks = [leak for leak in LEAKS if leak in json.dumps(answer)]
    return answer["ok"] is False and bool(error["code"]) and len(error["message"].split()) > 3 and not leaks


@pytest.fixture
def unchanged(store: Store) -> Iterator[None]:
    """Holds a test to leaving the store as it was."""
    before = everything(store)
    yield
    assert everything(store) == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_junk_is_refused_wherever_it_stands(course: Course, store: Store, junk: Any) -> None:
    exercise = course.exercises[DECK]
    good = {"ref": DECK, "version": exercise.version, "key": "key-0001", "response": key_of(exercise)}
    messages = [
        *({"type": kind} for kind in [junk]),
        *({"type": kind, "ref": junk, "lesson": junk} for kind in REQUESTS),
        *({"type": "answer", **good, name: junk} for name in ("ref", "version", "response")),
        *({"type": "answer", **good, "response": {"answers": inner}} for inner in (junk, {"x": junk}, {"x": {"choice": junk}})),
        {"type": "answer", **good, "ref": STORY, "response": {"marks": [{"first": junk, "last": junk, "tag": "harm"}]}},
        {"type": "answer", **good, "ref": STORY, "version": course.exercises[STORY].version, "response": {"marks": junk}},
        {"type": "hints", "ref": DECK, "response": junk},
        {"type": "practised", **good, "response": junk},
    ]
    if not (isinstance(junk, int) and junk == 0 and junk is not True):
        messages.append({"type": "draft", "ref": DECK, "revision": junk, "draft": {}})
    if not (isinstance(junk, str) and 8 <= len(junk) <= 80):
        messages.append({"type": "answer", **good, "key": junk})
    for message in messages:
        answer = reply(book(course, store), message)
        assert refused(answer), (str(message)[:200], answer)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("message", [None, [], "hello", 7, {}, {"type": "__init__"}, {"type": "sitting"}, {"type": "hello\x00"}], ids=str)
def test_messages_that_are_none(course: Course, store: Store, message: Any) -> None:
    assert refused(reply(book(course, store), message))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "ref", ["", "/", LESSON, f"{LESSON}/", f"{LESSON}/nothing", f"../{DECK}", f"{DECK}/", DECK.upper(), "02-other/harm-or-danger"]
)
def test_refs_that_are_not_there(ask: Asking, ref: str) -> None:
    for kind in ("open", "draft", "answer"):
        assert ask(kind, ref=ref, revision=0, draft={})["error"]["code"] == "unknown"
    assert ask("lesson", lesson=ref.partition("/")[0] + "x")["error"]["code"] == "unknown"


def test_a_lesson_that_is_not_in_the_class(ask: Asking, course: Course, store: Store) -> None:
    store.put_session(Session("s1", "Monday class", "MAPLE 42", "standard", lessons={}))
    before = everything(store)
    assert ask("open", ref=DECK)["error"]["code"] == "unknown"
    assert sends(ask, course, DECK)["error"]["code"] == "unknown"
    for kind in ("lesson", "hand_in"):
        assert ask(kind, lesson=LESSON)["error"]["code"] == "unknown"
    assert ask("hello")["lessons"] == [] and everything(store) == before


@pytest.mark.usefixtures("unchanged")
def test_too_much_is_refused(ask: Asking, course: Course) -> None:
    assert sends(ask, course, DECK, {"answers": {"x" * LONGEST: {"choice": None}}})["error"]["code"] == "too_long"
    assert ask("draft", ref=STORY, revision=0, draft=["x" * LONGEST])["error"]["code"] == "too_long"
    assert refused(sends(ask, course, STORY, {"marks": [{"first": 0, "last": 0, "tag": "harm"}] * 401}))


SECRET = "the words 'spilled milk' and /srv/academy"


@pytest.mark.parametrize(
    "error",
    [
        ContentError([Problem("solutions/x.yml", "item a, words", SECRET, "harm")]),
        CourseError("/srv/academy", SECRET),
        StoreError("postgresql://h/db", SECRET),
        RuntimeError(SECRET),
        KeyError(SECRET),
        RecursionError(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_on_our_side_is_one_plain_line(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def failing(kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
        raise error

    answer = reply(failing, {"type": "hello"})
    assert answer["error"]["code"] == "fault"
    assert "spilled milk" not in str(answer) and "/srv" not in str(answer)
    assert SECRET in caplog.text, "and whoever runs the academy finds it in the log"


# ---- whose page it is ----


def test_staff_without_a_class_see_the_first_open_one(course: Course, store: Store) -> None:
    trainer = Person("t1", "Renee Avery", Role.TRAINER)
    found = handler("workbook", course, store, trainer, None, "/health/k1")
    assert isinstance(found, Workbook) and found.session_id == "s1"
    session = store.session("s1")
    assert session is not None
    store.put_session(dataclasses.replace(session, open=False))
    with pytest.raises(Refusal):
        handler("workbook", course, store, trainer, None, "/health/k1")


def test_the_desk_counts_and_ranks_nobody(ask: Asking, course: Course, store: Store) -> None:
    sends(ask, course, DECK)
    mixed = course.exercises[f"{LESSON}/mixed-a"]
    sends(ask, course, mixed.ref, card(mixed.body.items[0].id, None))  # type: ignore[union-attr]
    store.put_session(Session("s2", "Empty class", "OAK 11", "standard", lessons={LESSON: Setting()}))
    desk = Desk(course, store, Person("t1", "Renee Avery", Role.TRAINER), "")
    trainer = reply(desk, {"type": "hello"})
    (empty, monday) = trainer["tables"]
    assert empty["caption"].startswith("Empty class") and monday["caption"].startswith("Monday class")
    rows = {row[1]: row[2:] for row in monday["rows"]}
    assert rows[course.exercises[DECK].body.title] == ["1", "1"]
    assert rows[mixed.body.title] == ["1", "0"]
    assert rows[course.exercises[STORY].body.title] == ["0", "0"]
    assert "Ana" not in json.dumps(trainer["tables"])
    assert refused(reply(desk, {"type": "answer", "ref": DECK}))
