"""Who may come in, by what name, and how often one may try."""

from __future__ import annotations

import dataclasses

import pytest
from sample import ANA, KOFI

from sopkit import signin
from sopkit.errors import Refusal
from sopkit.model import Person, Role, Session
from sopkit.signin import Throttle, find, walk_in
from sopkit.store import Store

CODE = "MAPLE 42"


def refused(store: Store, code: str, name: str) -> str:
    with pytest.raises(Refusal) as caught:
        find(store, code, name)
    assert str(caught.value)
    return caught.value.code


@pytest.fixture
def open_door(store: Store) -> Store:
    """The store with a class that takes walk-ins."""
    session = store.session("s1")
    assert session is not None
    store.put_session(dataclasses.replace(session, walk_ins=True))
    return store


# ---- trainees ----


@pytest.mark.parametrize("code", ["MAPLE 42", "maple 42", "maple42", " Maple-42 "])
@pytest.mark.parametrize(
    "name",
    ["a1", "A1", "Ana Whitlock", "ana whitlock", "  ANA   WHITLOCK ", "Ana W", "ana w.", "Ana, Whitlock"],
)
def test_a_person_is_found_by_id_name_or_initial(store: Store, code: str, name: str) -> None:
    session, found = find(store, code, name)
    assert (session.id, found) == ("s1", [ANA])


@pytest.mark.parametrize("name", ["Ana", "Whitlock", "Ana K", "W", "A W", "Ana Wh", "a3", "Nobody Here", "%", "Ana_Whitlock"])
def test_other_names_are_not_on_the_list(store: Store, name: str) -> None:
    assert refused(store, CODE, name) == "name"


@pytest.mark.parametrize("name", ["", "  ", ".", ",,"])
def test_a_name_is_asked_for(open_door: Store, name: str) -> None:
    assert refused(open_door, CODE, name) == "name"


@pytest.mark.parametrize("code", ["", "MAPLE 43", "4", "%"])
def test_a_code_that_is_not_one(store: Store, code: str) -> None:
    assert refused(store, code, "a1") == "code"


def test_a_closed_class_has_no_code(store: Store) -> None:
    session = store.session("s1")
    assert session is not None
    store.put_session(dataclasses.replace(session, open=False))
    assert refused(store, CODE, "a1") == "code"


def test_several_of_one_name_are_all_shown(store: Store) -> None:
    twin, cousin = Person("a3", "Ana Whitlock"), Person("a4", "Ana Wells")
    store.add_people([twin, cousin])
    store.enrol("s1", ["a3", "a4"])
    assert find(store, CODE, "Ana Whitlock")[1] == [ANA, twin]
    assert {p.id for p in find(store, CODE, "Ana W")[1]} == {"a1", "a3", "a4"}
    assert find(store, CODE, "a3")[1] == [twin]


def test_two_first_names_and_one_name(store: Store) -> None:
    mei, cher = Person("a3", "Mei Lin Castellano"), Person("a4", "Cher")
    store.add_people([mei, cher])
    store.enrol("s1", ["a3", "a4"])
    assert find(store, CODE, "mei lin c")[1] == [mei]
    assert find(store, CODE, "cher")[1] == [cher]
    assert refused(store, CODE, "Mei C") == "name"


def test_people_of_other_classes_are_not_found(store: Store) -> None:
    store.put_session(Session("s2", "Other", "OAK 11", "standard"))
    store.enrol("s2", ["a2"])
    assert find(store, "OAK 11", "a2")[1] == [KOFI]
    assert refused(store, "OAK 11", "a1") == "name"


def test_an_id_goes_before_a_name(store: Store) -> None:
    store.add_people([Person("a3", "a1")])
    store.enrol("s1", ["a3"])
    assert find(store, CODE, "a1")[1] == [ANA]


def test_walk_ins_where_they_are_allowed(open_door: Store) -> None:
    session, found = find(open_door, CODE, "Sam  Lee")
    assert found == []
    person = walk_in(open_door, session, " Sam  Lee ")
    assert person.name == "Sam Lee" and person.role is Role.TRAINEE
    assert find(open_door, CODE, "sam lee")[1] == [person]
    assert find(open_door, CODE, "a1")[1] == [ANA], "people on the list are found all the same"
    assert walk_in(open_door, session, "Sam Lee").id != person.id


@pytest.mark.parametrize("name", ["Renee Avery", "renee avery", "t1"])
@pytest.mark.parametrize("walk_ins", [True, False])
def test_the_name_of_staff_is_not_for_trainees(store: Store, name: str, walk_ins: bool) -> None:
    session = store.session("s1")
    assert session is not None
    store.put_session(dataclasses.replace(session, walk_ins=walk_ins))
    with pytest.raises(Refusal, match="trainer's or coach's name"):
        find(store, CODE, name)


# ---- staff ----


@pytest.fixture
def staffed(store: Store) -> Store:
    """The store with a passphrase for its trainer."""
    store.set_passphrase("t1", signin.hashed("amber-lantern-orchid-river"))
    store.add_people([Person("c1", "Dana Wells", Role.COACH)])
    return store


@pytest.mark.parametrize("name", ["t1", "T1", "Renee Avery", " renee  avery "])
def test_staff_come_in_with_their_passphrase(staffed: Store, name: str) -> None:
    assert signin.staff(staffed, name, "amber-lantern-orchid-river").id == "t1"


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("t1", "amber-lantern-orchid-rivers"),
        ("t1", "AMBER-LANTERN-ORCHID-RIVER"),
        ("t1", ""),
        ("c1", ""),
        ("c1", "amber-lantern-orchid-river"),
        ("a1", "amber-lantern-orchid-river"),
        ("nobody", "amber-lantern-orchid-river"),
        ("", "amber-lantern-orchid-river"),
    ],
)
def test_everybody_else_is_told_the_same(staffed: Store, name: str, passphrase: str) -> None:
    """Nothing in the reply says whether the name or the passphrase was at fault."""
    with pytest.raises(Refusal) as caught:
        signin.staff(staffed, name, passphrase)
    assert (caught.value.code, str(caught.value)) == ("", "This name and passphrase do not go together. Please try again.")


def test_a_passphrase_is_kept_as_a_hash_of_its_own() -> None:
    one, other = signin.hashed("amber"), signin.hashed("amber")
    assert one.startswith("$argon2id$") and "amber" not in one and one != other


# ---- too many tries ----


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def waits(throttle: Throttle, name: str) -> bool:
    try:
        throttle.check(name)
    except Refusal:
        return True
    return False


def test_the_throttle_stops_after_too_many_failures_and_lets_go_in_time() -> None:
    clock = Clock()
    throttle = Throttle(3, 60, clock)
    for _ in range(3):
        assert not waits(throttle, "t1")
        throttle.failed("t1")
        clock.now += 10
    assert waits(throttle, "t1")
    assert not waits(throttle, "c1"), "each name for itself"
    clock.now += 29.9
    assert waits(throttle, "t1")
    clock.now += 0.2
    assert not waits(throttle, "t1"), "the oldest failure is more than a minute ago"
    throttle.failed("t1")
    assert waits(throttle, "t1")


def test_a_class_that_signs_in_is_no_failure() -> None:
    throttle = Throttle(3, 60, Clock())
    assert not any(waits(throttle, "10.0.0.1") for _ in range(200))


def test_the_throttle_does_not_grow_without_end() -> None:
    throttle = Throttle(3, 60, Clock())
    for number in range(10_100):
        throttle.failed(str(number))
    assert len(throttle._failures) < 10_002


# ---- where to after signing in ----


@pytest.mark.parametrize("address", ["/", "/workbook", "/trainer?x=1", "/workbook#lesson", "/a//b"])
def test_addresses_of_this_server(address: str) -> None:
    assert signin._local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "", "workbook", "//evil.com", "///evil.com", "http://evil.com", "https:evil.com", "http:/evil.com", "javascript:alert(1)",
        "/\\evil.com", "\\\\evil.com", "\\/evil.com", "/\t/evil.com", "/\n/evil.com", " /workbook", "data:text/html,x", "\x00/x",
    ],
)  # fmt: skip
def test_addresses_elsewhere(address: str) -> None:
    assert signin._local(address) is None


def test_everybody_has_a_first_page() -> None:
    assert {role: signin.home(role) for role in Role} == {"trainee": "/workbook", "trainer": "/trainer", "coach": "/coach"}
