"""What tests share: the course of this repository, a copy of it to break, and an academy's store with one class."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from kinds_course import EVERY_REFS, build
from sample import ANA, KOFI, LESSON, LESSONS, ROOT

from sopkit import content
from sopkit.content import Course
from sopkit.kinds import Exercise
from sopkit.model import Mode, Person, Role, Session, Setting
from sopkit.store import Store

REFS = [f"{lesson}/{path.stem}" for lesson in LESSONS for path in sorted((ROOT / "solutions" / lesson).glob("*.yml"))] + EVERY_REFS
POSTGRES = os.environ.get("SOPKIT_TEST_POSTGRES")

# No example may fail because the machine is slow.
settings.register_profile(
    "sopkit", max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sopkit")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests away from an academy that this shell is set up for."""
    for name in ("SOPKIT_COURSE", "SOPKIT_ACADEMY", "SOPKIT_STORE", "SOPKIT_GRADEBOOK", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository, with keys."""
    return content.load(ROOT)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with an exercise of every kind and layout, with keys."""
    return build(tmp_path_factory.mktemp("every") / "kind")


@pytest.fixture(scope="session")
def both(course: Course, small: Course) -> Course:
    """The course of this repository with the small one as a further lesson."""
    merged = {name: {**getattr(course, name), **getattr(small, name)} for name in ("families", "lessons", "exercises")}
    return dataclasses.replace(course, **merged)


@pytest.fixture(scope="session", params=REFS)
def exercise(request: pytest.FixtureRequest, both: Course) -> Exercise:
    """Every exercise of the course, and one of every kind and layout, one after the other."""
    return both.exercises[request.param]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the course's sources, to change."""
    for name in ("course", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return tmp_path / "copy"


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new, empty database; on PostgreSQL, a schema of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    assert POSTGRES
    server, name = sa.create_engine(POSTGRES), f"t{os.getpid()}_{abs(hash(request.node.name)) % 10**8}"
    with server.begin() as db:
        db.execute(sa.text(f"CREATE SCHEMA {name}"))
    yield sa.make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
    with server.begin() as db:
        db.execute(sa.text(f"DROP SCHEMA {name} CASCADE"))
    server.dispose()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with two trainees, a trainer, and one practice class on the first lesson."""
    store = Store(url)
    store.add_people([ANA, KOFI, Person("t1", "Renee Avery", Role.TRAINER)])
    store.put_session(Session("s1", "Monday class", "MAPLE 42", "standard", lessons={LESSON: Setting()}))
    store.enrol("s1", [ANA.id, KOFI.id])
    yield store
    store.close()


@pytest.fixture
def set_lesson(store: Store, both: Course) -> Callable[..., Session]:
    """A function that sets how the class runs every lesson, as a trainer does, and returns the session."""

    def change(mode: Mode = Mode.PRACTICE, *, open: bool = True, revealed: bool = False) -> Session:
        lessons = dict.fromkeys(both.lessons, Setting(mode, open, revealed))
        store.put_session(Session("s1", "Monday class", "MAPLE 42", "standard", lessons=lessons))
        found = store.session("s1")
        assert found is not None
        return found

    return change
