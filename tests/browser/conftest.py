"""A real academy and a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from serving import Server, running
from visiting import Visit

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
