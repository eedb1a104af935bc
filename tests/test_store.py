"""The store: nothing is lost, nothing is rewritten, one attempt is one attempt."""

from __future__ import annotations

import ast
import multiprocessing
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sopkit import store as store_module
from sopkit.errors import Refusal, StoreError
from sopkit.model import Mode, Person, Role, Score, Session, Setting
from sopkit.store import Graded, Store
from sopkit.tables import ADDED_ONLY, SCHEMA

REF = "01-common-language/mixed-a"


def graded(item: str = "i1", points: float = 1.0, grader: str = "") -> list[Graded]:
    return [Graded(item, {"answers": {item: {"choice": "harm"}}}, Score(points, 1.0, {item: "fits"}, grader))]


def add(store: Store, key: str, mode: Mode = Mode.PRACTICE, item: str = "i1", points: float = 1.0) -> None:
    store.add("a1", "s1", REF, mode, "v1", key, graded(item, points))


# ---- append only ----


def test_no_statement_rewrites_an_attempt_or_a_score() -> None:
    """But one: a learner may take his or her own words out."""
    folder = Path(store_module.__file__).parent
    tree = ast.parse("\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))))
    rewriting = [
        (function.name, ast.unparse(node))
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in ("update", "delete") and ast.unparse(node.value) in ("attempts", "scores", "sa")
    ]
    raw = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {"sa.text", "sa.Update", "sa.Delete"}
    assert rewriting == [("erase", "attempts.update")] and not raw
    assert "attempts.insert()" in ast.unparse(tree) and "scores.insert()" in ast.unparse(tree)


def test_erasing_changes_the_response_of_one_s_own_attempts_and_nothing_else(store: Store) -> None:
    for person, ref in (("a1", REF), ("a1", REF + "-2"), ("a2", REF)):
        store.add(person, "s1", ref, Mode.PRACTICE, "v1", "key-0001", [*graded("i1"), *graded("i2")])
    before = {person: store.attempts(person, "s1") for person in ("a1", "a2")}
    store.erase("a1", "s1", REF, "i2", {"answers": {}})
    after = {person: store.attempts(person, "s1") for person in ("a1", "a2")}
    assert after["a2"] == before["a2"]
    for old, new in zip(before["a1"], after["a1"], strict=True):
        gone = (old.ref, old.item) == (REF, "i2")
        assert new == (replace(old, response={"answers": {}}) if gone else old)


def test_what_is_done_to_a_store_only_adds_attempts_and_scores(store: Store) -> None:
    """The same, seen from the database: none of the statements it gets touches an attempt again."""
    seen: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda _c, _cur, statement, *_: seen.append(statement.split("(")[0].lower()))
    add(store, "key-0001")
    add(store, "key-0001")
    store.add_score(store.attempts("a1", "s1")[0].id, Score(0.5, 1.0, {}, "coach"))
    store.hand_in("a1", "s1", "01-common-language", {})
    store.put_session(Session("s1", "Other title", "MAPLE 42", "standard"))
    writes = [s for s in seen if s.startswith(("insert", "update", "delete"))]
    assert any(s.startswith("insert into attempts") for s in writes)
    assert not [s for s in writes if s.startswith(("update", "delete")) and ("attempts" in s or "scores" in s)]
    assert len(store.attempts("a1", "s1")) == 1


# ---- attempts ----


def test_an_attempt_comes_back_whole(store: Store) -> None:
    add(store, "key-0001")
    (found,) = store.attempts("a1", "s1")
    assert (found.ref, found.item, found.version, found.mode, found.number) == (REF, "i1", "v1", Mode.PRACTICE, 1)
    assert found.response == {"answers": {"i1": {"choice": "harm"}}}
    assert found.score == Score(1.0, 1.0, {"i1": "fits"})
    assert found.at.utcoffset() is not None and found.at.utcoffset().total_seconds() == 0


def test_the_same_key_again_adds_nothing(store: Store) -> None:
    for _ in range(3):
        add(store, "key-0001", Mode.CHECK)
    assert len(store.attempts("a1", "s1")) == 1
    add(store, "key-0002")
    assert [a.number for a in store.attempts("a1", "s1")] == [1, 1], "each mode counts its own tries"


def test_tries_are_numbered_in_practice(store: Store) -> None:
    for key in ("key-0001", "key-0002", "key-0003"):
        add(store, key)
    assert [a.number for a in store.attempts("a1", "s1")] == [1, 2, 3]


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.PRE, Mode.POST])
def test_a_second_attempt_is_refused_where_one_is_taken(store: Store, mode: Mode) -> None:
    add(store, "key-0001", mode, points=0.0)
    with pytest.raises(Refusal) as caught:
        add(store, "key-0002", mode, points=1.0)
    assert caught.value.code == "answered"
    assert [a.score.points for a in store.attempts("a1", "s1")] == [0.0]


def test_all_or_none(store: Store) -> None:
    """One card that was answered before takes the others of the same message with it, so nothing is half kept."""
    add(store, "key-0001", Mode.CHECK, "i2")
    with pytest.raises(Refusal):
        store.add("a1", "s1", REF, Mode.CHECK, "v1", "key-0002", [*graded("i1"), *graded("i2"), *graded("i3")])
    assert [a.item for a in store.attempts("a1", "s1")] == ["i2"]


def test_attempts_are_found_by_lesson_and_exercise(store: Store) -> None:
    for ref in ("01-a/x", "01-a/y", "01-ab/x", "01_a/x"):
        store.add("a1", "s1", ref, Mode.PRACTICE, "v1", "key-0001", graded())
    assert [a.ref for a in store.attempts("a1", "s1", lesson="01-a")] == ["01-a/x", "01-a/y"]
    assert [a.ref for a in store.attempts("a1", "s1", lesson="01_a")] == ["01_a/x"]
    assert [a.ref for a in store.attempts("a1", "s1", ref="01-ab/x")] == ["01-ab/x"]
    assert store.attempts("a2", "s1") == []


# ---- which score counts ----


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ([], 1.0),
        ([(0.25, "")], 0.25),
        ([(0.25, ""), (0.75, "")], 0.75),
        ([(0.5, "coach")], 0.5),
        ([(0.5, "coach"), (0.0, "")], 0.5),
        ([(0.5, "coach"), (0.0, ""), (0.8, "other coach"), (0.1, "")], 0.8),
    ],
)
def test_the_latest_score_counts_and_a_person_beats_the_machine(store: Store, later: list[tuple[float, str]], counts: float) -> None:
    add(store, "key-0001")
    attempt = store.attempts("a1", "s1")[0].id
    for points, grader in later:
        store.add_score(attempt, Score(points, 1.0, {}, grader))
    assert [a.score.points for a in store.attempts("a1", "s1")] == [counts]


# ---- many at once ----


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work` in `count` threads that start together; return each one's result, or what it raised."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_exactly_one_attempt_is_kept_in_check_mode(store: Store) -> None:
    results = at_once(8, lambda number: add(store, f"key-000{number}", Mode.CHECK, points=float(number)))
    kept = [number for number, result in enumerate(results) if result is None]
    assert len(kept) == 1
    assert [getattr(r, "code", r) for r in results if r is not None] == ["answered"] * 7
    assert [a.score.points for a in store.attempts("a1", "s1")] == [float(kept[0])]


def test_one_draft_wins_and_the_others_are_told(store: Store) -> None:
    results = at_once(8, lambda number: store.save_draft("a1", "s1", REF, 0, number))
    assert results.count(1) == 1
    assert sorted(getattr(r, "code", "") for r in results) == ["", *["stale"] * 7]
    assert store.draft("a1", "s1", REF) == (1, results.index(1))


def _fifty(url: str, number: int) -> None:
    store = Store(url)
    for n in range(50):
        store.add("a1", "s1", REF, Mode.PRACTICE, "v1", f"key-{number}-{n:04}", graded())
    store.close()


def test_ten_processes_lose_nothing(store: Store, url: str) -> None:
    """All of them write tries of one person at one card, which is where they could get into each other's way."""
    processes = [multiprocessing.get_context("spawn").Process(target=_fifty, args=[url, number]) for number in range(10)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(250)
    assert [process.exitcode for process in processes] == [0] * 10
    assert [a.number for a in store.attempts("a1", "s1")] == list(range(1, 501))


def test_many_may_open_a_new_store_at_once(tmp_path: Any) -> None:
    results = at_once(8, lambda _: Store(f"sqlite:///{tmp_path / 'new.db'}").close())
    assert results == [None] * 8


# ---- drafts ----


def test_drafts(store: Store) -> None:
    assert store.draft("a1", "s1", REF) == (0, None)
    assert store.save_draft("a1", "s1", REF, 0, {"a": "ä \ud800 \x00"}) == 1
    assert store.save_draft("a1", "s1", REF, 1, {"b": 2}) == 2
    assert store.draft("a1", "s1", REF) == (2, {"b": 2})
    assert store.draft_refs("a1", "s1") == {REF}
    assert store.draft("a2", "s1", REF) == (0, None)


@pytest.mark.parametrize("revision", [0, 1, 3, -1])
def test_a_stale_draft_is_refused_with_the_newer_one(store: Store, revision: int) -> None:
    store.save_draft("a1", "s1", REF, 0, "first")
    store.save_draft("a1", "s1", REF, 1, "newer")
    with pytest.raises(Refusal) as caught:
        store.save_draft("a1", "s1", REF, revision, "older")
    assert caught.value.code == "stale"
    assert caught.value.data == {"revision": 2, "draft": "newer"}
    assert store.draft("a1", "s1", REF) == (2, "newer")


# ---- people, sessions, kernels, hand-ins ----


def test_people_keep_their_passphrase_when_renamed(store: Store) -> None:
    store.set_passphrase("t1", "hash")
    store.add_people([Person("t1", "Renee A.", Role.COACH)])
    assert store.person("t1") == Person("t1", "Renee A.", Role.COACH)
    assert store.passphrase("t1") == "hash"
    assert store.person("nobody") is None and store.passphrase("nobody") is None
    assert [p.id for p in store.staff()] == ["t1"]


def test_sessions(store: Store) -> None:
    lessons = {"01-common-language": Setting(Mode.CHECK, False, True)}
    store.put_session(Session("s2", "Other", "OAK 11", "two-ideas", True, False, lessons))
    assert store.session("s2") == Session("s2", "Other", "OAK 11", "two-ideas", True, False, lessons)
    assert [s.id for s in store.sessions()] == ["s1", "s2"]
    assert store.session("s3") is None
    assert store.session_by_code("OAK 11") is None, "closed"
    for code in ("MAPLE 42", "maple42", " Maple-42 "):
        assert store.session_by_code(code) == store.session("s1")
    for code in ("", "MAPLE 4", "MAPLE 423"):
        assert store.session_by_code(code) is None


def test_members_stay_and_are_listed_by_name(store: Store) -> None:
    store.enrol("s1", ["a2", "a1", "a1", "t1"])
    store.put_session(Session("s1", "Renamed", "MAPLE 42", "standard"))
    assert [p.name for p in store.roster("s1")] == ["Ana Whitlock", "Kofi Barnes", "Renee Avery"]


def test_a_kernel_is_claimed_once(store: Store) -> None:
    assert store.claimed("k1") is None
    store.claim("k1", "a1", "s1")
    store.claim("k2", "t1", None)
    for person in ("a2", "a1"):
        with pytest.raises(Refusal) as caught:
            store.claim("k1", person, "s1")
        assert caught.value.code == "claimed"
    assert store.claimed("k1") == (store.person("a1"), store.session("s1"))
    assert store.claimed("k2") == (store.person("t1"), None)


def test_hand_ins_wait_until_published(store: Store) -> None:
    first = store.hand_in("a1", "s1", "01-common-language", {"mixed-a": {"version": "v1", "response": {}}})
    second = store.hand_in("a1", "s1", "01-common-language", {})
    assert store.last_hand_in("a1", "s1", "01-common-language") == second
    assert store.last_hand_in("a2", "s1", "01-common-language") is None
    store.published(first.id, fault="the disk is full")
    assert [(h.id, h.fault) for h in store.unpublished()] == [(first.id, "the disk is full"), (second.id, None)]
    store.published(first.id)
    assert [h.id for h in store.unpublished()] == [second.id]
    assert first.responses == {"mixed-a": {"version": "v1", "response": {}}}


# ---- opening ----


def test_sqlite_is_in_wal_mode_and_keeps_what_it_says(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("SQLite only")
    with store.engine.connect() as db:
        pragma = {name: db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_store_is_there_again_after_closing(store: Store, url: str) -> None:
    add(store, "key-0001")
    store.close()
    again = Store(url)
    assert len(again.attempts("a1", "s1")) == 1
    again.close()


def test_a_store_of_another_schema_is_refused_and_left_as_it_is(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.execute(sa.text("CREATE TABLE schema (version INTEGER PRIMARY KEY)"))
        db.execute(sa.text("INSERT INTO schema VALUES (99)"))
    with pytest.raises(StoreError, match=f"schema 99, this program needs {SCHEMA}"):
        Store(url)
    assert sa.inspect(engine).get_table_names() == ["schema"]
    engine.dispose()


@pytest.mark.parametrize("older", sorted(ADDED_ONLY))
def test_a_store_of_an_older_schema_is_brought_up_to_date(store: Store, url: str, older: int) -> None:
    """It lacks only tables: what it holds stays as it is."""
    add(store, "key-0001")
    with store.engine.begin() as db:
        for table in ("marks", "locks", "entries"):
            db.execute(sa.text(f"DROP TABLE {table}"))
        db.execute(sa.text(f"UPDATE schema SET version = {older}"))
    store.close()
    again = Store(url)
    assert {"marks", "locks", "entries"} <= set(sa.inspect(again.engine).get_table_names())
    assert len(again.attempts("a1", "s1")) == 1
    with again.engine.connect() as db:
        assert db.execute(sa.text("SELECT version FROM schema")).scalar() == SCHEMA
    again.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://sopkit:hunter2@127.0.0.1:1/academy?connect_timeout=2",
        "postgresql+psycopg://sopkit:hunter2@127.0.0.1:notaport/academy",
        "nosuchdatabase://sopkit:hunter2@127.0.0.1/academy",
        "sqlite:////no/such/folder/store.db",
        "hunter2",
    ],
)
def test_a_store_that_cannot_be_opened_says_so_and_shows_no_password(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store(url)
    assert ":hunter2@" not in str(caught.value) + caught.value.url + "".join(traceback.format_exception(caught.value)[-1:])
    assert str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Any) -> None:
    (tmp_path / "store.db").write_text("id,name\n" * 200)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(f"sqlite:///{tmp_path / 'store.db'}")
