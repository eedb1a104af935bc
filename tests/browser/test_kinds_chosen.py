"""The kinds in which one chooses and places, in Chromium: by keyboard alone at 1280 px, and by taps on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hands import Hand
from playwright.sync_api import Locator, expect
from work import COURSE, Work, begin

from sopkit import kinds
from sopkit.kinds import order

PROFILE = COURSE.profile(COURSE.default_profile)


def board(work: Work) -> None:
    """A map, houses or circles: half of the cards, a check, the rest, another check."""
    hand, find = work.hand, work.find
    items = {item.id: item for item in work.body.items}
    labels = {option: PROFILE.word(COURSE.options[option]).label for option in work.body.options}
    scored = [item.id for item in work.body.items if item.key]
    missed = scored[0]
    placed: list[str] = []
    on_map = work.body.layout == "map"  # on the other boards these states look the same

    def place(number: int) -> None:
        for _ in range(number):
            card = str(find(".tray input:checked").get_attribute("value"))
            item = items[card]
            key = item.key or next(iter(item.contested.views))
            where = find(".tray .places").get_by_role("button", name=labels[next(iter(item.wrong)) if card == missed else key], exact=True)
            if work.by_keys and placed:
                work.visit.press(where.locator("kbd").inner_text())
            else:
                hand.use(where)
            placed.append(card)
            expect(find(".tray input")).to_have_count(len(items) - len(placed))

    hand.use(find(".btn--main"))
    expect(find(".pickhint", "Place a card first.")).to_be_visible()
    if on_map:
        work.seen("error")
    hand.go(find(".tray input").first)
    place(len(items) // 2)
    work.again()
    expect(find(".board li.mcard")).to_have_count(len(placed))
    moved = find(f'[data-card="{placed[-1]}"]')
    if work.by_keys:
        hand.go(moved.locator(".mv"))
        work.visit.press("m")
    else:
        hand.use(moved.locator(".mv"))
    expect(moved.locator(".places")).to_be_visible()
    if on_map:
        work.seen("moving")
    if work.by_keys:
        work.visit.press("Escape", "Escape")
    else:
        work.use("Put it back with the others")
    placed.pop()
    expect(find(".tray input")).to_have_count(len(items) - len(placed))
    work.assert_untold()
    hand.use(find(".btn--main"))

    def result() -> Locator:
        counted = [card for card in placed if card in scored]
        fit = len(counted) - (missed in placed)
        return find(".checked h3", f"{fit} of {len(counted)} card")

    expect(result()).to_be_visible()
    work.assert_told(items[card] for card in placed)
    if work.body.scale:
        hand.choose(find('.scale input[value="6"]'))
        for box in find(".scale textarea").all():
            hand.write(box, "They asked for help by themselves.")
    hand.go(find(".tray input:checked"))
    place(len(items) - len(placed))
    hand.use(find(".btn--main"))
    expect(result()).to_be_visible()
    if work.by_keys:
        assert "fit" in work.visit.focused(), "the focus goes to the result"
    hand.use(find(f'[data-card="{missed}"] .mv[data-part="why"]'))
    expect(find(f'[data-card="{missed}"] .decide')).to_be_visible()
    work.seen("after")
    work.again()
    expect(result()).to_be_visible()
    if work.body.scale:
        expect(find('.scale input[value="6"]')).to_be_checked()


def steps(work: Work) -> None:
    """Steps to put in order; another tab overtakes, and the learner chooses."""
    hand, find = work.hand, work.find
    stages = {step.id: step.stage for step in work.body.steps}

    def now() -> list[str]:
        return [str(row.get_attribute("data-id")) for row in find("li.step").all()]

    def up(step: str) -> Locator:
        return find(f'[data-id="{step}"] button').first

    first = now()
    hand.use(up(first[2]))
    assert now() == [first[0], first[2], first[1], *first[3:]]
    work.again()
    assert now()[1] == first[2], "the draft is there"
    newer = work.visit.context.new_page()
    newer.goto(work.visit.page.url)
    newer.locator(".updown").nth(3).click()
    newer.locator(".saved", has_text="Saved").wait_for()
    newest = [str(row.get_attribute("data-id")) for row in newer.locator("li.step").all()]
    newer.close()
    hand.use(up(now()[4]))
    expect(find(".note--look", "another tab or device")).to_be_visible()
    work.seen("error")
    work.use("Use the newest")
    expect(find(".note--look")).to_have_count(0)
    assert now() == newest
    if work.by_keys:
        for step in sorted(stages, key=lambda step: -stages[step]):
            hand.go(up(step))
            work.visit.press("Home")
        hand.go(up(now()[0]))
        work.visit.press("Alt+ArrowDown")
    score = kinds.grade(work.exercise, order.Response(order=now()))
    stay = sum(state == "in-place" for state in score.parts.values())
    work.assert_untold()
    hand.use(find(".btn--main"))
    head = find("h3", f"{stay} of {len(stages)} steps stand in order" if stay < len(stages) else "All steps stand in order")
    expect(head).to_be_visible()
    work.assert_told()
    work.seen("after")
    work.again()
    expect(head).to_be_visible()
    work.use("Change my order")
    expect(find(".updown")).to_have_count(2 * len(stages))


def number(work: Work) -> None:
    """A number from 0 to 10 with its two reasons."""
    hand, find = work.hand, work.find
    work.use("Save my number")
    expect(find(".pickhint", "Choose a number first.")).to_be_visible()
    hand.choose(find('.scale input[value="4"]'))
    hand.write(find(".scale textarea").first, "He asked for help on four low days.")
    work.again()
    expect(find('.scale input[value="4"]')).to_be_checked()
    expect(find(".scale textarea").first).to_have_value("He asked for help on four low days.")
    work.use("Save my number")
    expect(find(".confirm", "A part is still empty.")).to_be_visible()
    work.seen("error")
    work.use("Keep going")
    hand.write(find(".scale textarea").last, "One more person knows what to do.")
    work.assert_untold()
    work.use("Save my number")
    expect(find(".considered li")).to_have_count(len(work.body.consider))
    work.assert_told()
    work.seen("after")
    work.again()
    expect(find(".considered", "Saved.")).to_be_visible()
    expect(find(".scale textarea").last).to_have_value("One more person knows what to do.")


def talk(work: Work) -> None:
    """A conversation: one try that does not fit, another way, and on to the end."""
    hand, find = work.hand, work.find
    turns = {turn.id: turn for turn in work.body.turns}
    turn = work.body.turns[0]

    def say(fits: str) -> str | None:
        choice = min(turn.choices, key=lambda choice: (choice.fits != fits, choice.id))
        radio = find(f'.choices input[value="{choice.id}"]')
        if work.by_keys:
            work.visit.press(str([one.get_attribute("value") for one in find(".choices input").all()].index(choice.id) + 1), "Enter")
        else:
            hand.choose(radio)
            work.use("Say this")
        expect(find(".talk-fb")).to_be_visible()
        return choice.next

    work.use("Say this")
    expect(find(".pickhint", "Choose what to say first.")).to_be_visible()
    work.seen("error")
    chosen = find(".choices input").nth(1)
    hand.choose(chosen)
    value = chosen.get_attribute("value")
    work.again()
    expect(find(f'.choices input[value="{value}"]')).to_be_checked()
    hand.go(find(".choices input:checked"))
    work.assert_untold()
    say("no")
    work.assert_told([turn])
    work.seen("not-quite")
    work.use("Try another way")
    going, said = say("yes"), 1
    while going:
        turn = turns[going]
        if turn is work.body.turns[-1]:
            work.again()
            expect(find(".talk-log li")).to_have_count(said + 1)
        else:
            work.use("Go on")
        hand.go(find(".choices input").first)
        going, said = say("yes"), said + 1
    expect(find(".talk-fb", work.body.take_away)).to_be_visible()
    work.seen("after")
    work.again()
    expect(find(".talk-fb", work.body.take_away)).to_be_visible()
    if work.by_keys:
        work.use("Start again")
        expect(find(".choices")).to_be_visible()


def samples(work: Work) -> None:
    """Sample writing, marked line by line beside the key."""
    hand, find = work.hand, work.find
    by_text = {sample.text: sample for sample in work.body.samples}
    lines = len(find(".jline").all())

    def here() -> Any:
        shown = find(".sample .own").inner_text()
        return next(sample for text, sample in by_text.items() if text.split() == shown.split())

    def mark(sample: Any, upto: int = lines, off: bool = False) -> None:
        for place, line in enumerate(find(".jline").all()[:upto]):
            key = sample.key.get(line.get_attribute("data-line"))
            value = 1 if key is None else key.mark
            value = (value + 1) % 3 if off and place == 0 else value
            if work.by_keys:
                if place == 0:
                    hand.go(line.locator("input").first)  # a mark leads on to the next line
                work.visit.press(str(value))
            else:
                hand.choose(line.locator(f'input[value="{value}"]'))

    sample = here()
    mark(sample, lines - 1)
    work.use("Compare")
    expect(find(".pickhint", "1 line has no mark yet.")).to_be_visible()
    work.seen("error")
    work.again()
    expect(find(".jline input:checked")).to_have_count(lines - 1)
    work.assert_untold()
    mark(sample, off=True)
    work.use("Compare")
    expect(find(".fb__head", "the same as the key")).to_be_visible()
    work.assert_told([sample])
    work.seen("after")
    work.again()
    for _ in by_text.keys() - {sample.text}:
        expect(find(".where", "Sample")).to_be_visible()
        mark(here())
        work.use("Compare")
        find(".fb__head").wait_for()
        hand.use(find(".ex__foot .btn").first)
    expect(find("h3.big", f"All {len(by_text)} samples marked")).to_be_visible()
    work.seen("summary")


def layout(name: str, scale: bool = False) -> Callable[[Any], bool]:
    return lambda body: body.kind == "classify" and body.layout == name and bool(body.scale) >= scale


CASES: dict[str, tuple[Callable[[Work], None], Callable[[Any], bool]]] = {
    "map": (board, layout("map", scale=True)),
    "houses": (board, layout("houses")),
    "circles": (board, layout("circles")),
    "order": (steps, lambda body: body.kind == "order"),
    "scale": (number, lambda body: body.kind == "scale"),
    "dialogue": (talk, lambda body: body.kind == "dialogue"),
    "judge": (samples, lambda body: body.kind == "judge" and not body.criteria),
}


@pytest.mark.parametrize("case", CASES)
def test_choosing(hand: Hand, case: str) -> None:
    do, wanted = CASES[case]
    do(begin(hand, case, wanted))
    assert not hand.visit.errors, hand.visit.errors
