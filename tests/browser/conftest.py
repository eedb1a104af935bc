"""A real academy and a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from coaching import Formgrader, formgrading
from hands import Hand, Keys, Touch
from playwright.sync_api import Browser, sync_playwright
from serving import Server, running
from visiting import Visit

from sopkit.academy import Academy
from sopkit.store import Store

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"]


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    assert found, "The browser tests need Chromium. On Debian or Ubuntu: apt-get install chromium"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("browser") / "academy") as server:
        yield server


@pytest.fixture
def desk(browser: Browser, server: Server) -> Iterator[Visit]:
    visit = Visit(browser, server, 1280, 900, touch=False)
    yield visit
    visit.close()


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Visit]:
    visit = Visit(browser, server, 390, 844, touch=True)
    yield visit
    visit.close()


@pytest.fixture(scope="module", params=["keys", "touch"])
def hand(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Hand]:
    """Somebody signed in, at a desk without a mouse or with a phone; one for all tests of a module, each on an exercise of its own."""
    touch = request.param == "touch"
    visit = Visit(browser, server, *((390, 844) if touch else (1280, 900)), touch)
    visit.sign_in("Kofi Barnes" if touch else "Ana Whitlock")
    yield Touch(visit) if touch else Keys(visit)
    visit.close()


@pytest.fixture(scope="session")
def coached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An academy for the tests in which coaches mark: no others send writing there."""
    with running(tmp_path_factory.mktemp("coached") / "academy") as server:
        yield server


@pytest.fixture(scope="session")
def store(coached: Server) -> Iterator[Store]:
    """The store of that academy."""
    store = Academy(coached.root, coached.folder).store()
    yield store
    store.close()


@pytest.fixture(scope="session")
def formgrader(coached: Server) -> Iterator[Formgrader]:
    """Formgrader beside that academy."""
    with formgrading(coached) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, coached: Server) -> Iterator[Callable[[], Visit]]:
    """A function that opens a browser for one more person of that academy."""
    visits: list[Visit] = []

    def open_one() -> Visit:
        visits.append(Visit(browser, coached, 1280, 900, touch=False))
        return visits[-1]

    yield open_one
    for one in visits:
        assert not [error for error in one.errors if "MathJax" not in error]  # formgrader's page would get that from elsewhere
        one.close()
