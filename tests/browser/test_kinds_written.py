"""The kinds in which one writes, in Chromium: by keyboard alone at 1280 px, and on a phone."""

from __future__ import annotations

import pytest
from hands import Hand
from playwright.sync_api import expect
from work import Work, begin


def writing(work: Work) -> None:
    """Boxes or rows for a coach: a draft with hints, something private taken out, then sent."""
    hand, find = work.hand, work.find
    boxes = find(".fields :is(textarea, input)")
    words = "It is a bad situation and they need help. Please call 916-555-0142."
    send = find(".ex__foot .btn").first
    hand.use(send)
    expect(find(".confirm", "Write a few words first.")).to_be_visible()
    hand.write(boxes.last, "Very long. " * 600)
    hand.use(send)
    expect(find(".err", "longer than a statement can be")).to_be_visible()
    work.seen("error")
    hand.write(boxes.last, words)
    expect(find(".hints")).to_be_visible()
    work.seen("hints")
    work.use("Take it out for me")
    expect(find(".advice .note")).to_have_count(0)
    assert "0142" not in boxes.last.input_value()
    kept = boxes.last.input_value()
    work.again()
    expect(boxes.last).to_have_value(kept)
    if work.body.table and find(".rowset").count() < work.body.table.most:
        rows = find(".rowset").count()
        hand.use(find(".rowtools .btn", "Add a"))
        expect(find(".rowset")).to_have_count(rows + 1)
        hand.use(find(".rowset .btn", "Remove").last)
        expect(find(".rowset")).to_have_count(rows)
    work.assert_untold()
    if work.by_keys:
        hand.go(boxes.last)
        work.visit.press("Control+Enter", "Enter")
    else:
        hand.use(send)
    expect(find(".confirm", "Before you send")).to_be_visible()
    work.seen("before-sending")
    work.use("Send anyway")
    expect(find("h3", "Sent, waiting for your coach.")).to_be_visible()
    work.assert_told()
    hand.use(find("summary", "worked example"))
    work.seen("after")
    work.again()
    expect(find("h3", "Sent, waiting for your coach.")).to_be_visible()
    expect(find(".written", kept)).to_be_visible()


def private(work: Work) -> None:
    """Words for oneself."""
    hand, find = work.hand, work.find
    box = find("textarea")
    work.use("Keep this")
    expect(find(".pickhint", "Write a few words first.")).to_be_visible()
    work.seen("error")
    hand.write(box, "I noticed what I took for granted.")
    work.again()
    expect(box).to_have_value("I noticed what I took for granted.")
    work.assert_untold()
    work.use("Keep this")
    expect(find("h3", "Kept. Only you can see this.")).to_be_visible()
    work.assert_told()
    work.seen("after")
    work.again()
    expect(find(".own", "I noticed what I took for granted.")).to_be_visible()
    work.use("Change it")
    hand.choose(find(".tick input"))
    work.use("Keep this")
    expect(find("h3", "Kept, and shared with your coach.")).to_be_visible()


@pytest.mark.parametrize("case", ["boxes", "rows"])
def test_writing_for_a_coach(hand: Hand, case: str) -> None:
    writing(begin(hand, case, lambda body: body.kind == "write" and bool(body.table if case == "rows" else len(body.boxes) > 1)))
    assert not hand.visit.errors, hand.visit.errors


def test_writing_for_oneself(hand: Hand) -> None:
    private(begin(hand, "reflect", lambda body: body.kind == "reflect"))
    assert not hand.visit.errors, hand.visit.errors
