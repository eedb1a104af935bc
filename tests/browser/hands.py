"""How somebody works a page: by keyboard alone, or by touch. Both reach only what is really there to reach."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator
from visiting import Visit

WHERE = """el => { const at = document.activeElement;
  if (at === el) return "here";
  if (el.type === "radio" && at.type === "radio" && at.name === el.name) return "group";
  return at.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING ? "after" : "before"; }"""


class Hand(Protocol):
    """What a person does to a control."""

    visit: Visit

    def go(self, control: Locator) -> None:
        """Put the focus on a control."""

    def use(self, control: Locator) -> None:
        """Press a button, or open or close what it opens."""

    def choose(self, box: Locator) -> None:
        """Choose a radio button, or turn a tick box round."""

    def write(self, box: Locator, text: str) -> None:
        """Put `text` in the place of what stands in a text box."""


class Keys:
    """By keyboard alone."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def go(self, control: Locator, most: int = 200) -> None:
        """Move the focus to a control: Tab from one to the next, arrows between radio buttons."""
        control.wait_for(state="attached")
        for _ in range(most):
            where = control.evaluate(WHERE)
            if where == "here":
                return
            self.visit.press({"after": "Tab", "before": "Shift+Tab", "group": "ArrowDown"}[where])
        raise AssertionError(f"{control} cannot be reached by keys; now at {self.visit.focused()!r}")

    def use(self, control: Locator) -> None:
        self.go(control)
        self.visit.press("Enter")

    def choose(self, box: Locator) -> None:
        self.go(box)
        if box.get_attribute("type") == "checkbox" or not box.is_checked():
            self.visit.press("Space")

    def write(self, box: Locator, text: str) -> None:
        self.go(box)
        self.visit.press("Control+a")
        self.visit.page.keyboard.insert_text(text) if len(text) > 500 else self.visit.page.keyboard.type(text)


class Touch:
    """By taps, and the keyboard of the phone for words."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def go(self, control: Locator) -> None:
        """A tap needs no focus first."""

    def use(self, control: Locator) -> None:
        control.tap(force=control.get_attribute("aria-disabled") == "true")  # such a button still says what is missing

    def choose(self, box: Locator) -> None:
        box.locator("xpath=ancestor::label").tap()

    def write(self, box: Locator, text: str) -> None:
        box.tap()
        box.fill(text)
