"""A trainee's day in Chromium: by keyboard alone, and by touch on a phone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect
from sample import ROOT
from serving import holds
from visiting import Visit

from sopkit import content

LESSON, DECK, STORY = "01-common-language", "harm-or-danger", "story-moreno"
COURSE = content.load(ROOT)
SIZE = COURSE.exercises[f"{LESSON}/{DECK}"].size


def texts_of_keys(name: str) -> set[str]:
    body = COURSE.exercises[f"{LESSON}/{name}"].body.model_dump()
    parts = body.get("items") or [*body["passages"], *body["leave"]]
    return {
        why[field]
        for part in parts
        for why in [part, *part.get("wrong", {}).values()]
        for field in ("answer", "tempting", "change")
        if why.get(field)
    }


def tab_to(visit: Visit, text: str, most: int = 80) -> None:
    """Move by Tab until the focus is on the link or button that says `text`."""
    for _ in range(most):
        if visit.focused().splitlines()[:1] == [text]:
            return
        visit.press("Tab")
    raise AssertionError(f"{text!r} cannot be reached by Tab; now at {visit.focused()!r}")


def test_sign_in_by_keyboard_and_its_errors(desk: Visit) -> None:
    page = desk.page
    page.goto(desk.server.url)
    desk.seen("sign-in")
    page.get_by_label("Class code").focus()
    page.keyboard.type("no such code")
    desk.press("Tab")
    page.keyboard.type("Nobody")
    desk.press("Tab", "Space", "Enter")
    expect(page.get_by_text("No open class has this code")).to_be_visible()
    desk.seen("sign-in-error")
    page.goto(f"{desk.server.url}/login?staff=1")
    desk.seen("sign-in-staff")
    page.goto(f"{desk.server.url}/nothing")
    desk.seen("not-found")


def test_the_day_by_keyboard_alone(desk: Visit) -> None:
    desk.sign_in("Jordan Pace")
    page = desk.page
    desk.seen("home-new")
    tab_to(desk, "Start")
    desk.press("Enter")
    page.locator(".statement").wait_for()
    desk.seen("lesson")

    # Cards: a deck of two options, each card answered by keys.
    desk.open(LESSON, DECK)
    page.locator(".statement").wait_for()
    desk.seen("cards-question")
    before = "\n".join(desk.received)
    assert not [text for text in texts_of_keys(DECK) if holds(before, text)]
    deck: Any = COURSE.exercises[f"{LESSON}/{DECK}"].keyed
    items = {item.text: item for item in deck.items}
    page.locator(".choices input").first.focus()
    for number in range(SIZE):
        statement = page.locator(".statement").inner_text()
        item = next(item for text, item in items.items() if text in statement)
        key = deck.options.index(item.key) + 1
        missed = number in (0, 3)
        desk.press(str(3 - key if missed else key), "s" if number == 0 else "n")
        page.locator(".fb__head").wait_for()
        if number == 0:
            expect(page.locator(".fb__head")).to_contain_text("Not quite")
            assert "Not quite" in desk.focused(), "the focus goes to the explanation"
            desk.seen("cards-not-quite")
        if number == 1:
            desk.seen("cards-fits")
        if number == 5:
            page.reload()
            desk.ready()
            expect(page.get_by_text(f"Card 7 of {SIZE}")).to_be_visible()
            page.locator(".choices input").first.focus()
            continue
        desk.press("Enter")
    expect(page.get_by_text("2", exact=False).first).to_be_visible()
    desk.seen("cards-summary")

    # The story: by arrows and numbers.
    desk.open(LESSON, STORY)
    page.locator(".sent").first.wait_for()
    desk.seen("story-question")
    told: Any = COURSE.exercises[f"{LESSON}/{STORY}"]
    family, options, passages = told.around.story, told.body.options, told.keyed.passages
    page.locator('.sent[tabindex="0"]').focus()
    desk.press("Home")
    tagged = 0
    for sentence in family.sentences:
        last = sentence.first + len(sentence.words) - 1
        passage = next(
            (p for p in passages if family.places(p.quote)[0][0] <= sentence.first and last <= family.places(p.quote)[0][1]), None
        )
        if passage is not None and tagged < len(passages) - 2:
            desk.press(str(options.index(passage.key) + 1))
            tagged += 1
        desk.press("ArrowRight")
    desk.press("Home", "Shift+ArrowLeft", "1", "Control+z", "Control+z")
    desk.seen("story-tagged")
    tab_to(desk, "Check my tags")
    desk.press("Enter")
    page.locator(".sum__top").wait_for()
    desk.seen("story-checked")

    # Hand in, with unfinished exercises confirmed.
    desk.open(LESSON)
    tab_to(desk, "Hand in lesson 1", 160)
    desk.press("Enter")
    page.wait_for_timeout(300)
    desk.seen("hand-in-confirm")
    desk.press("Shift+Tab")
    assert desk.focused() == "Hand in now"
    desk.press("Enter")
    expect(page.get_by_text("Handed in").first).to_be_visible()
    desk.seen("handed-in")
    desk.open("")
    desk.seen("home-later")
    assert not desk.errors, desk.errors
    hosts = {urlsplit(url).netloc for url in desk.requests if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert hosts == {urlsplit(desk.server.url).netloc}, hosts


def test_both_kinds_by_touch_on_a_phone(phone: Visit) -> None:
    phone.page.goto(phone.server.url)
    phone.seen("sign-in")
    phone.sign_in("p08")
    page = phone.page
    phone.seen("home-new")
    phone.open(LESSON, "mixed-a")
    page.locator(".statement").wait_for()
    phone.seen("cards-question")
    total = COURSE.exercises[f"{LESSON}/mixed-a"].size
    for number in range(total):
        page.locator(".choices label").nth(3).tap()
        page.get_by_role("button", name="I am sure" if number % 2 else "Not sure").tap()
        page.locator(".fb__head").wait_for()
        if number == 0:
            phone.seen("cards-feedback")
        if number == 8:
            page.reload()
            phone.ready()
            expect(page.get_by_text(f"Card 10 of {total}")).to_be_visible()
            continue
        page.locator(".ex__foot .btn").first.tap()
    expect(page.get_by_text(f"All {total} cards sorted")).to_be_visible()
    phone.seen("cards-summary")

    phone.open(LESSON, STORY)
    page.locator(".sent").nth(2).tap()
    phone.seen("story-selected")
    page.locator(".pal button").filter(has_text="Harm").first.tap()
    page.locator(".sent").nth(4).tap()
    page.locator(".pal button").filter(has_text="Danger").first.tap()
    page.reload()
    phone.ready()
    expect(page.get_by_text("2 parts tagged so far.")).to_be_visible()
    page.get_by_role("button", name="Check my tags").tap()
    page.locator(".sum__top").wait_for()
    phone.seen("story-checked")
    phone.open(LESSON)
    page.get_by_role("button", name="Hand in lesson 1").tap()
    page.get_by_role("button", name="Hand in now").tap()
    expect(page.get_by_text("Handed in").first).to_be_visible()
    phone.seen("handed-in")
    phone.open(LESSON, STORY)
    page.locator(".sum__top").wait_for()
    page.set_viewport_size({"width": 320, "height": 700})
    phone.assert_accessible()
    assert not phone.errors, phone.errors


def test_check_mode_says_nothing_until_the_trainer_reveals(desk: Visit) -> None:
    desk.server.run("open", "checked", "--title", "Checked class", "--walk-ins", "--lesson", LESSON)
    desk.server.run("lesson", "checked", LESSON, "--mode", "check")
    code = desk.server.run("sessions").split("checked: Checked class, code ")[1].split(",")[0]
    page = desk.page
    page.goto(f"{desk.server.url}/login?code={code.replace(' ', '+')}")
    page.get_by_label("Your name or learner ID").fill("Walker In")
    page.get_by_label("I will use practice families only").check()
    page.get_by_role("button", name="Join class").click()
    desk.ready()
    desk.open(LESSON, DECK)
    page.locator(".choices input").first.check()
    page.get_by_role("button", name="I am sure").click()
    expect(page.get_by_text(f"Card 2 of {SIZE}")).to_be_visible()
    desk.seen("check-saved")
    received = "\n".join(desk.received)
    assert not [text for text in texts_of_keys(DECK) if holds(received, text)]
    desk.server.run("lesson", "checked", LESSON, "--reveal")
    desk.open(LESSON, DECK)
    desk.seen("check-revealed")
    assert [text for text in texts_of_keys(DECK) if holds("\n".join(desk.received), text)], "revealed: explanations arrive"


def test_the_line_breaks_and_comes_back(desk: Visit) -> None:
    desk.sign_in("p11")
    desk.open(LESSON, DECK)
    page = desk.page
    page.locator(".statement").wait_for()
    desk.server.kill()
    page.locator(".choices input").first.check()
    page.get_by_role("button", name="Not sure").click()
    expect(page.get_by_text("wait").first).to_be_visible(timeout=15_000)
    desk.seen("offline")
    desk.server.start()
    expect(page.get_by_text(f"Card 2 of {SIZE}").or_(page.locator(".fb__head"))).to_be_visible(timeout=60_000)
    answers = page.evaluate("sessionStorage.length")
    assert answers is not None
    desk.open(LESSON, DECK)
    expect(page.get_by_text(f"Card 2 of {SIZE}")).to_be_visible(timeout=30_000)


def test_staff_pages(desk: Visit) -> None:
    for role in ("trainer", "coach"):
        page = desk.page
        page.goto(f"{desk.server.url}/login?staff=1")
        page.get_by_label("name", exact=False).first.fill(role)
        page.get_by_label("Passphrase").fill(desk.server.passphrase(role))
        page.locator("form button").last.click()
        desk.ready()
        desk.seen(role)
        page.goto(f"{desk.server.url}/logout")
