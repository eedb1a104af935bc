"""A coach at the desk, by keyboard alone; and what nbgrader says of a writing: its gradebook, and formgrader in the browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from hands import Keys
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, expect
from serving import Server, free_port
from visiting import Visit

from sopkit.academy import Academy
from sopkit.apps.marking import pseudonym
from sopkit.apps.workbook import Workbook
from sopkit.coaching import Log
from sopkit.content import Course
from sopkit.kinds.rubric import Rubric
from sopkit.marks import Marks, Writing
from sopkit.store import Store

ACCEPT, AGAIN, TALK = 0, 1, 2
"""The decisions, in the order in which they stand on the page."""


def until(done: Callable[[], Any], seconds: float = 120.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "It did not come about"
        time.sleep(0.1)


def becomes(ask: Callable[[], Any], wanted: Any, seconds: float = 120.0) -> None:
    """Wait until the answer is the one that is wanted."""
    end = time.monotonic() + seconds
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    assert found == wanted, f"It is {found}"


def join(visit: Visit, code: str, name: str) -> None:
    """Sign a trainee in to the class with this code."""
    page = visit.page
    page.goto(f"{visit.server.url}/login?code={code.replace(' ', '+')}")
    page.get_by_label("Your name or learner ID").fill(name)
    page.get_by_label("I will use practice families only").check()
    page.get_by_role("button", name="Join class").click()
    visit.ready()


def seen(visit: Visit, name: str) -> None:
    """Check a state at the width of a desk and of a phone, and keep both pictures."""
    visit.seen(name)
    at = visit.page.evaluate("window.scrollY")
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.width = 390
    visit.page.evaluate("document.activeElement.scrollIntoView({block: 'nearest'})")
    visit.seen(name)
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.width = 1280
    visit.page.evaluate(f"window.scrollTo(0, {at})")


@dataclass
class Coach:
    """One coach who never touches the mouse. `presses` counts the keys."""

    visit: Visit
    presses: int = 0

    def __post_init__(self) -> None:
        self.hand, self.page = Keys(self.visit), self.visit.page

    def sign_in(self, who: str, passphrase: str) -> None:
        self.page.goto(f"{self.visit.server.url}/login?staff=1")
        self.page.get_by_label("name", exact=False).first.fill(who)
        self.page.get_by_label("Passphrase").fill(passphrase)
        self.page.locator("form button").last.click()
        self.visit.ready()

    def go(self, address: str) -> None:
        """Go to a page of the desk, anew."""
        self.page.evaluate("hash => { location.hash = '#/nowhere'; setTimeout(() => { location.hash = hash; }, 50); }", f"#/{address}")
        self.page.wait_for_timeout(100)
        self.page.locator(".coachpage h1").first.wait_for()

    def press(self, *keys: str) -> None:
        self.presses += len(keys)
        self.visit.press(*keys)

    # ---- the queue ----

    def row(self, writing: Writing) -> Locator:
        """Return a writing's place in the queue."""
        return self.page.locator(f'.queue div > ol a[href^="#/mark/{writing.attempt}/"]')

    def open(self, writing: Writing) -> None:
        """Open a writing from the queue."""
        self.hand.use(self.row(writing))
        expect(self.page.locator(".mark2 h1")).to_have_text(pseudonym(writing))

    # ---- the open writing ----

    def score(self, marks: str) -> None:
        """Score the lines: a digit scores, "a" agrees with the hint."""
        self.press(*marks)

    def take_comment(self) -> str:
        """Take the first comment that the bank offers for a line; return it."""
        self.press("c")
        found = self.page.locator(".bank__c").first
        expect(found).to_be_focused()
        text = found.locator("span:not(.sr):not(.lnum)").evaluate("el => el.firstChild.textContent")
        self.press("Enter")
        return str(text)

    def words(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def decide(self, which: int) -> None:
        """Choose what comes then. Sending without having chosen leads there."""
        self.press("Control+Enter")
        expect(self.page.locator(".dec input").first).to_be_focused()
        self.press(*["Space"] if which == ACCEPT else ["ArrowRight"] * which)
        expect(self.page.locator(".dec input").nth(which)).to_be_checked()

    def send(self) -> None:
        """Send, and wait until the queue has the next one."""
        label = self.page.locator(".mark2 h1").inner_text()
        self.press("Control+Enter")
        expect(self.page.locator(".mark2 h1").filter(has_text=label)).to_have_count(0)


def warmed_up(store: Store, coach: str, rubrics: list[Rubric]) -> None:
    """Note that a coach has warmed up."""
    for rubric in rubrics:
        for exemplar in rubric.exemplars[:3]:
            Log(store).add("warm-up", coach, rubric.id, exemplar=exemplar.id, marks=dict(exemplar.marks))


def write(store: Store, course: Course, person: str, ref: str, text: str, session: str = "practice", key: str = "") -> Writing:
    """Send a writing as the trainee's page does; return it."""
    found, where, exercise = store.person(person), store.session(session), course.exercises[ref]
    assert found
    assert where
    sent = len(Marks(store).writings([ref], session, person))
    box = next(box.id for box in exercise.body.boxes if box.counts)
    body = {"ref": ref, "version": exercise.version, "key": key or f"{person}-{sent:08}", "response": {"boxes": {box: text}, "rows": []}}
    Workbook(course, store, found, where, "", "")("answer", body)
    return newest(store, person, ref, session)


def newest(store: Store, person: str, ref: str, session: str = "practice") -> Writing:
    """Return a learner's newest writing."""
    return Marks(store).writings([ref], session, person)[-1]


# ---- nbgrader ----

Row = tuple[float | None, bool, str | None]
"""manual_score, needs_manual_grade, manual_comment."""


def gradebook(server: Server) -> Any:
    """Open nbgrader's gradebook."""
    return Gradebook(Academy(server.root, server.folder).gradebook_url)


def row(server: Server, person: str, ref: str) -> Row | None:
    """Return what the gradebook has of a writing, or None."""
    lesson, name = ref.split("/")
    if not (server.folder / "gradebook.looked").exists():  # opening it would make it, as the publisher is doing
        return None
    with gradebook(server) as book:
        try:
            grade, comment = book.find_grade(name, lesson, lesson, person), book.find_comment(name, lesson, lesson, person)
        except Exception:  # not there yet; it is asked for again
            return None
        return grade.manual_score, bool(grade.needs_manual_grade), comment.manual_comment


class Formgrader:
    """nbgrader's own pages, in a Jupyter server of their own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def api(self, path: str) -> Any:
        answer = requests.get(f"{self.url}/formgrader/api/{path}", headers={"Authorization": "token t"}, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def waits(self, lesson: str) -> set[str]:
        """Return whose work formgrader lists for manual grading."""
        return {one["student"] for one in self.api(f"submissions/{lesson}") if one["needs_manual_grade"]}

    def shows(self, server: Server, person: str, ref: str) -> Row:
        """Return what formgrader's pages get for a writing."""
        lesson, name = ref.split("/")
        number = self.submission(server, person, lesson)
        (grade,) = [one for one in self.api(f"grades?submission_id={number}") if one["name"] == name]
        (comment,) = [one for one in self.api(f"comments?submission_id={number}") if one["name"] == name]
        return grade["manual_score"], grade["needs_manual_grade"], comment["manual_comment"]

    def feedback(self, lesson: str, person: str) -> None:
        """Let it make a learner's feedback."""
        headers = {"Authorization": "token t"}
        answer = requests.post(f"{self.url}/formgrader/api/assignment/{lesson}/{person}/generate_feedback", headers=headers, timeout=60)
        assert answer.json()["success"], answer.text

    def submission(self, server: Server, person: str, lesson: str) -> str:
        with gradebook(server) as book:
            return str(book.find_submission_notebook(lesson, lesson, person).id)

    def go(self, visit: Visit, path: str) -> None:
        """Open one of its pages in a browser."""
        visit.page.set_extra_http_headers({"Authorization": "token t"})
        visit.page.goto(f"{self.url}/formgrader/{path}")


@contextmanager
def formgrading(server: Server) -> Iterator[Formgrader]:
    """Run a Jupyter server with formgrader on an academy."""
    port, log = free_port(), server.folder.parent / "formgrader.log"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**server.env, "PATH": path, "JUPYTER_NO_CONFIG": "1", "HOME": str(server.folder.parent)}
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=t", "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=server.root, env=environ, stdout=file, stderr=file)
        try:
            until(lambda: process.poll() is not None or _answers(f"http://127.0.0.1:{port}/api"))
            assert process.poll() is None, log.read_text()
            yield Formgrader(port)
        finally:
            process.terminate()
            process.wait(20)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.ConnectionError:
        return False


def passphrase(server: Server, who: str, name: str) -> str:
    """Add a coach; return the passphrase."""
    found = re.search(r"passphrase: (\S+)", server.run("staff", who, "--name", name, "--role", "coach"))
    assert found
    return found[1]
