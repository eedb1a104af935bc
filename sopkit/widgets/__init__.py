"""The player: the one widget through which exercises are shown and answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget

from sopkit.errors import Refusal, ResponseError

STATIC = Path(__file__).parent / "static"
log = logging.getLogger("sopkit")

Handler = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""Given a request's type and body, return the reply's body; raises Refusal for what is not granted."""


class Player(anywidget.AnyWidget):
    """Sends each request of the browser to `handler` and its reply back, as custom messages.

    No trait but the program itself is synced, and what a browser writes into a trait is ignored: a visitor can read and
    write synced traits, so nothing that matters may live there.
    """

    _esm = STATIC / "player.js"
    _css = STATIC / "player.css"

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self._handler = handler
        self.on_msg(self._receive)

    def set_state(self, sync_data: Any) -> None:
        """Ignore what a browser writes into synced traits."""

    def _receive(self, _widget: Any, message: Any, _buffers: Any) -> None:
        number = message.get("id") if isinstance(message, dict) else None
        if isinstance(number, int | str) and len(str(number)) <= 80:
            self.send({"reply_to": number, **reply(self._handler, message)})


def reply(handler: Handler, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reply to one message. A fault is logged, and the learner gets one plain line.

    What is wrong with a course or a store is never told to the browser: its text may quote keys or name folders.
    """
    try:
        kind = message.get("type")
        if not isinstance(kind, str):
            raise Refusal("unknown", "This page asked for something that is not known here. Reload the page.")
        return {"ok": True, **handler(kind, message)}
    except Refusal as refusal:
        return {"ok": False, "error": {"code": refusal.code, "message": str(refusal), **refusal.data}}
    except ResponseError as error:
        log.warning("%s", error)
        return {"ok": False, "error": {"code": "fault", "message": str(error)}}
    except Exception:
        log.exception("A request could not be answered")
        message_text = "Something went wrong on our side. What you saved is safe. Try again, or reload the page."
        return {"ok": False, "error": {"code": "fault", "message": message_text}}


__all__ = ["STATIC", "Handler", "Player", "reply"]
