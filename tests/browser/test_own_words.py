"""What people type stays text and stays theirs: markup never runs, words can be kept and deleted, and nobody reads another's."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from coaching import AGAIN, Coach, Formgrader, becomes, join, newest, row, seen, until, warmed_up, write
from hands import Keys
from playwright.sync_api import Page, expect
from sample import ROOT
from serving import Server, Trainee, sign_in
from visiting import Visit

from sopkit import content
from sopkit.kinds import classify
from sopkit.marks import Mark, Marks
from sopkit.store import Store
from sopkit.tables import attempts

COURSE = content.load(ROOT)
HARM = COURSE.rubrics["harm-statement"]
LESSON, REF = "05-harm-statements", "05-harm-statements/write-moreno"
MARKUP = '<img src=x onerror=window.ran=1><script>window.ran=1</script>"><svg onload=window.ran=1></textarea>[x](javascript:window.ran=1)'
NAME = "Bo <img src=x onerror=window.ran=1><script>window.ran=1</script>"
# Whether markup of ours has become more than text, in the page or a frame of it.
RAN = """() => window.ran || document.querySelectorAll('img[src="x"], svg[onload], a[href^="javascript:"], [onerror]').length"""
# Whether a text is on the page, in a box or where a fold opens.
SHOWS = """(text) => { for (const fold of document.querySelectorAll("details:not(.menu)")) fold.open = true;
  return [document.body.innerText, ...[...document.querySelectorAll("input, textarea")].map((box) => box.value)]
  .some((shown) => shown.replace(/\\s+/g, " ").includes(text)); }"""


def hostile(word: str) -> str:
    """Return a text that would run if it were taken as markup, with a word to find it by."""
    return f"{word} {MARKUP}"


def harmless(page: Page, *words: str) -> None:
    """Assert that nothing ran, and that the texts with these words are shown as they were typed."""
    for word in words:
        page.wait_for_function(SHOWS, arg=hostile(word))
    for frame in page.frames:
        assert not frame.evaluate(RAN), page.url


def send_all(visit: Visit, lesson: str, exercise: str, word: str) -> None:
    """Type a hostile text into every box of an exercise, and send it."""
    page = visit.page
    visit.open(lesson, exercise)
    page.locator(".ex textarea").first.wait_for()
    for box in page.locator(".ex textarea, .ex input.input").all():
        box.fill(hostile(word))
    for share in page.locator(".ex input[type=checkbox]").all():
        share.check()
    page.wait_for_timeout(3000 if page.locator(".advice").count() else 700)  # hints come, and the draft is saved
    harmless(page, word)
    page.reload()  # the draft comes back
    visit.ready()
    harmless(page, word)
    page.locator(".ex__foot .btn").first.click()
    sent = page.get_by_text(re.compile("Sent, waiting|Kept, and shared|Saved\\."))
    anyway = page.get_by_role("button", name=re.compile("Send anyway|Save it as it is"))
    anyway.or_(sent).first.wait_for()
    if anyway.count():
        anyway.click()
    sent.first.wait_for()
    harmless(page, word)


def test_markup_is_never_more_than_text(
    coached: Server, store: Store, visit: Callable[[], Visit], formgrader: Formgrader, tmp_path: Path
) -> None:
    roster = tmp_path / "people.csv"
    roster.write_text(f'id,name\nbo,"{NAME.replace(chr(34), chr(34) * 2)}"\n')
    lessons = ["02-three-questions-and-map", LESSON, "08-safety-networks", "15-cultural-humility-and-trauma"]
    chosen = [part for lesson in lessons for part in ("--lesson", lesson)]
    coached.run("open", "hostile", "--title", hostile("class"), "--roster", str(roster), "--walk-ins", *chosen)
    session = store.session("hostile")
    assert session

    # The trainee: signing in, every text box, the draft again, what was sent.
    bo = visit()
    page = bo.page
    page.goto(f"{coached.url}/login?code={session.code.replace(' ', '+')}&name=%3Cscript%3Ewindow.ran=1%3C/script%3E")
    harmless(page, "class")
    for label, word in (("Class code", "code"), ("Your name or learner ID", "name")):
        page.get_by_label(label).fill(hostile(word))
    page.get_by_label("I will use practice families only").check()
    page.get_by_role("button", name="Join class").click()
    page.get_by_text("No open class has this code").wait_for()
    harmless(page, "code", "name")
    join(bo, session.code, NAME)
    harmless(page, "class")
    send_all(bo, LESSON, "write-moreno", "statement")
    send_all(bo, "08-safety-networks", "write-tran", "row")
    send_all(bo, "02-three-questions-and-map", "scale-tran", "scale")
    send_all(bo, "15-cultural-humility-and-trauma", "what-the-work-leaves", "reflection")
    for lesson in ("02-three-questions-and-map", "15-cultural-humility-and-trauma"):
        bo.open(lesson)
        page.get_by_role("button", name="Hand in lesson").click()
        page.get_by_role("button", name="Hand in now").click()
        page.get_by_text("Handed in").first.wait_for()

    # The coach: the queue with names, marking, the bank, a learner, a group, agreement.
    dana = Coach(visit())
    warmed_up(store, "coach", [HARM])
    dana.sign_in("coach", coached.passphrase("coach"))
    page = dana.page
    page.locator(".queue__f summary").click()
    page.get_by_label("Show names").check()
    expect(page.locator(".queue div > ol")).to_contain_text("Bo <img")
    harmless(page)
    sent = newest(store, "bo", REF, "hostile")
    dana.go(f"mark/{sent.attempt}/first")
    harmless(page, "statement")
    dana.score("000000")
    for label, word in (("One thing that works", "strength"), ("One next step", "step")):
        dana.words(label).fill(hostile(word))
        page.locator(".field").filter(has=dana.words(label)).get_by_role("button", name="Keep this in the bank").click()
        page.get_by_role("button", name=re.compile("All \\d+ comments|Only for these lines")).wait_for()
    page.get_by_role("button", name=re.compile("All \\d+ comments")).click()
    harmless(page, "strength", "step")
    dana.decide(AGAIN)
    dana.send()
    Marks(store).add(
        Mark(sent.attempt, "trainer", "second", dict.fromkeys(HARM.ids, 1), strength=hostile("other"), step=hostile("other")), HARM.out_of
    )
    dana.go("agreement")
    harmless(page, "statement")
    dana.go(f"mark/{sent.attempt}/final")
    harmless(page, "statement", "strength", "step", "other")
    dana.go("learners")
    harmless(page, "class")
    dana.go("learners/hostile/bo")
    page.get_by_role("button", name="Set a goal").click()
    for box in page.locator("textarea, input.input:not(.short)").all():
        box.fill(hostile("coach"))
    page.get_by_role("textbox", name="Minutes").fill("5")
    for button in ("Keep this goal", "Add minutes"):
        page.get_by_role("button", name=button).click()
        page.wait_for_timeout(300)
    for button in page.get_by_role("button", name="Keep this note").all():
        button.click()
        page.wait_for_timeout(300)
    expect(page.locator(".log")).to_have_count(3)
    harmless(page, "class", "coach", "reflection", "statement")
    dana.go("learners/hostile/bo")
    harmless(page, "class", "coach", "reflection")
    dana.go("group/hostile")
    page.locator(".samples input").first.check()
    page.get_by_label("One thing to try before you meet again").fill(hostile("next"))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").first.wait_for()
    harmless(page, "class", "statement", "next")
    page.get_by_role("link", name="Show 1 text to the group").click()
    harmless(page, "statement")

    # The trainee again: what came back, the comparison, the record, the file to keep.
    page = bo.page
    bo.open("")
    page.get_by_role("link", name="Read it").click()
    page.locator(".coach").wait_for()
    harmless(page, "strength", "step", "statement")
    page.get_by_role("button", name="Revise").click()
    page.get_by_label("Your harm statement").fill(hostile("again"))
    page.get_by_role("button", name="Send to my coach").click()
    page.get_by_role("button", name="Send anyway").click()
    page.locator(".compare").wait_for()
    assert not page.evaluate(RAN)
    bo.open("record")
    harmless(page, "coach")
    kept = save(bo, tmp_path)
    page.goto(kept.as_uri())
    harmless(page, "statement", "strength", "step", "reflection", "row", "scale", "again")

    # The trainer, formgrader, and the feedback that nbgrader makes.
    renee = Coach(visit())
    renee.sign_in("trainer", coached.passphrase("trainer"))
    harmless(renee.page, "class")
    told = f"What works: {hostile('strength')}\nNext step: {hostile('step')}\nDecision: Try again"
    becomes(lambda: row(coached, "bo", REF), (0.0, True, told))
    office = visit()
    for path in (f"manage_submissions/{LESSON}", f"gradebook/{LESSON}/{LESSON}", "manage_students", "manage_students/bo"):
        formgrader.go(office, path)
        office.page.wait_for_timeout(500)
        harmless(office.page)
    words = {
        LESSON: "again",
        "08-safety-networks": "row",
        "02-three-questions-and-map": "scale",
        "15-cultural-humility-and-trauma": "reflection",
    }
    for lesson, word in words.items():
        until(lambda lesson=lesson: not [one for one in store.unpublished() if one.lesson == lesson])
        formgrader.go(office, f"submissions/{formgrader.submission(coached, 'bo', lesson)}")
        expect(office.page.locator("body")).to_contain_text(word)
        assert not office.page.evaluate(RAN), lesson
        office.shot(f"formgrader-{word}")
        formgrader.feedback(lesson, "bo")
        office.page.goto((coached.folder / "feedback" / "bo" / lesson / f"{lesson}.html").as_uri(), wait_until="domcontentloaded")
        expect(office.page.locator("body")).to_contain_text(word)
        assert not office.page.evaluate(RAN), lesson


def save(visit: Visit, folder: Path) -> Path:
    """Save one's writing as a file from My record; return the file."""
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save my writing as a file").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_one_s_own_words_can_be_kept_and_deleted(coached: Server, store: Store, visit: Callable[[], Visit], tmp_path: Path) -> None:
    first = write(store, COURSE, "p05", REF, "Dale drank by the kittiwake.")
    Marks(store).add(Mark(first.attempt, "coach", "first", dict.fromkeys(HARM.ids, 1), "again", step="Name the cormorant."), HARM.out_of)
    write(store, COURSE, "p05", REF, "Dale, her partner, drank by the kittiwake.")
    becomes(lambda: row(coached, "p05", REF), (6.0, True, "Next step: Name the cormorant.\nDecision: Try again"))
    assert holding(coached, "kittiwake")
    learner = visit()
    page, hand = learner.page, Keys(learner)
    learner.sign_in("p05")
    learner.open(LESSON, "write-moreno")
    page.get_by_role("button", name="Send a newer text").click()
    page.get_by_label("Your harm statement").fill("A draft about the kittiwake.")
    page.wait_for_timeout(1500)
    learner.open("record")
    page.get_by_role("heading", name="Keep or delete what you wrote").wait_for()
    seen(learner, "record")
    kept = save(learner, tmp_path)
    page.goto(kept.as_uri())
    for words in ("by the kittiwake", "Name the cormorant.", "Try again"):
        expect(page.locator("body")).to_contain_text(words)
    learner.shot("export")
    learner.open("record")
    hand.use(page.get_by_role("button", name=re.compile("^Delete .*Sofia")))
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    seen(learner, "record-delete")
    hand.use(page.get_by_role("button", name="Delete these words"))
    expect(page.get_by_role("heading", name="My record")).to_be_focused()
    until(lambda: not store.unpublished())
    until(lambda: not holding(coached, "kittiwake"))
    mark = newest(store, "p05", REF)
    assert Marks(store).writings([REF], "practice", "p05")[0].first, "marks stay"
    assert "kittiwake" not in str(mark.response)
    dana = Coach(visit())
    dana.sign_in("coach", coached.passphrase("coach"))
    expect(dana.row(mark)).to_have_count(0)


def holding(server: Server, word: str) -> list[Path]:
    """Return the files of an academy that hold a word. A database is asked to write down first what it has only noted."""
    for database in (server.folder / "store.db", server.folder / "gradebook.db"):
        with closing(sqlite3.connect(database)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [file for file in server.folder.rglob("*") if file.is_file() and word.encode() in file.read_bytes()]


def test_cards_come_back_and_are_practised_by_keyboard(coached: Server, store: Store, visit: Callable[[], Visit]) -> None:
    ref = "01-common-language/harm-or-danger"
    exercise = COURSE.exercises[ref]
    deck = exercise.keyed
    assert isinstance(deck, classify.Deck)
    trainee = Trainee(coached, "p06")
    mixed = {}
    for item in deck.items[:3]:
        other = next(option for option in deck.option_ids if option != item.key)
        trainee.answer(ref, item.id, other, exercise.version)
        mixed[item.text] = item.key
    trainee.close()
    with store.write() as db:
        for number, at in db.execute(
            sa.select(attempts.c.id, attempts.c.at).where(attempts.c.person == "p06", attempts.c.ref == ref)
        ).all():
            db.execute(attempts.update().where(attempts.c.id == number).values(at=at - timedelta(days=3)))
    learner = visit()
    page, hand = learner.page, Keys(learner)
    learner.sign_in("p06")
    expect(page.get_by_role("region", name="Practice due")).to_contain_text("3 cards")
    seen(learner, "home-practice-due")
    hand.use(page.get_by_role("link", name="Practice now"))
    for _ in range(3):
        statement = page.locator(".statement").inner_text()
        (key,) = {key for text, key in mixed.items() if text in statement}
        page.locator(".choices input").first.focus()
        learner.press(str(deck.option_ids.index(key) + 1), "s")
        page.locator(".fb__head").wait_for()
        learner.press("Enter")
    expect(page.get_by_text("Back to the start page").first).to_be_visible()
    seen(learner, "practice-done")
    hand.use(page.get_by_role("link", name="Back to the start page").first)
    expect(page.get_by_text("No practice due today.")).to_be_visible()


COACH_KINDS = [
    "queue", "take", "mark", "release", "add_comment", "drop_comment", "warm_up", "warmed", "agreement", "learners", "learner", "goal", "rating",
    "minutes", "note", "group", "pick", "next_try",
]  # fmt: skip


@pytest.mark.parametrize("app", ["workbook", "trainer"])
def test_nobody_else_gets_a_coach_s_answer(coached: Server, store: Store, app: str) -> None:
    sent = write(store, COURSE, "p07", REF, "Dale drank.", key=f"refused-{app}")
    http = sign_in(coached, "trainer", passphrase=coached.passphrase("trainer")) if app == "trainer" else None
    other = Trainee(coached, "p07", http, app=app)
    body = {"attempt": sent.attempt, "reading": "first", "session": "practice", "person": "p07", "rubric": "harm-statement", "text": "x"}
    body |= {"marks": dict.fromkeys(HARM.ids, 2), "decision": "accept", "goal": 1, "level": 1, "minutes": 5, "on": True, "shared": False}
    for kind in COACH_KINDS:
        answer = other.ask(kind, **body)
        assert (answer["ok"], answer["error"]["code"]) == (False, "unknown"), kind
    assert newest(store, "p07", REF).first is None
    assert not Marks(store).locked().keys() & {(sent.attempt, "first")}
    refused = other.http.get(f"{coached.url}/coach")
    assert refused.status_code == 403
    assert "kernelId" not in refused.text
    other.close()
