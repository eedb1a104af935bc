"""One person in one browser. Set SOPKIT_SHOTS to a folder to keep pictures of every state."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from serving import Server

SHOTS = os.environ.get("SOPKIT_SHOTS")
# Whether the control that has the focus can be seen: in the window, and not wholly behind something that floats.
IN_SIGHT = """() => { const el = document.activeElement, { left, right, top, bottom } = el.getBoundingClientRect();
  if (el === document.body) return true;
  const label = el.closest("label"), high = Math.min(bottom, innerHeight) - 3, low = Math.max(top, 0) + 3;
  return [low, (low + high) / 2, high].some((y) => [left + 3, (left + right) / 2, right - 3].some((x) => {
    const at = document.elementFromPoint(x, y);
    return at && (el.contains(at) || at.contains(el) && label === at || label?.contains(at)); })); }"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}


class Visit:
    """One person in one browser, watched: every request, everything received, every error of the page."""

    def __init__(self, browser: Browser, server: Server, width: int, height: int, touch: bool) -> None:
        self.server, self.width = server, width
        self.context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.received: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        self.page.on("response", self._response)

    def _frame(self, frame: Any) -> None:
        self.received.append(frame if isinstance(frame, str) else frame.decode("utf-8", "replace"))

    def _response(self, response: Any) -> None:
        if response.request.resource_type in ("document", "xhr", "fetch") and response.status < 300:
            try:
                self.received.append(response.text())
            except Exception:  # a body that is gone, as of a page left behind
                self.received.append("")

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.server.url}/login?code={self.server.code.replace(' ', '+')}")
        self.page.get_by_label("Your name or learner ID").fill(name)
        self.page.get_by_label("I will use practice families only").check()
        self.page.get_by_role("button", name="Join class").click()
        self.ready()

    def ready(self) -> None:
        self.page.locator(".sop h1").first.wait_for(timeout=30_000)

    def open(self, lesson: str, exercise: str | None = None) -> None:
        self.page.goto(f"{self.server.url}/workbook#/{lesson}" + (f"/{exercise}" if exercise else ""))
        self.page.reload()
        self.ready()

    def shot(self, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.wait_for_timeout(250)
            self.page.screenshot(path=f"{SHOTS}/{name}-{self.width}.png", full_page=True)

    def assert_accessible(self) -> None:
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert self.page.evaluate(IN_SIGHT), f"{self.focused()!r} has the focus and cannot be seen"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{wide} px wider than the window"

    def seen(self, name: str) -> None:
        """Check a state, and keep its picture."""
        self.assert_accessible()
        self.shot(name)  # last: to fit the whole page in, it scrolls

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        return str(self.page.evaluate("(document.activeElement?.innerText || document.activeElement?.value || '').trim()"))

    def close(self) -> None:
        self.context.close()
