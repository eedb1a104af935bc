"""Signing in: a class code and a roster name or id for trainees, a passphrase for trainers and coaches."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler

from sopkit.errors import Refusal
from sopkit.model import Person, Role, Session
from sopkit.store import Store

COOKIE = "sopkit"
DAYS = 2
_hasher = PasswordHasher()


@dataclass
class Member(User):
    """The signed-in person, with role and session."""

    role: Role = Role.TRAINEE
    session: str | None = None


def find(store: Store, code: str, name: str) -> tuple[Session, list[Person]]:
    """Return the session of a class code and the people on its roster who go by `name` (their id or their name).

    Raises:
        Refusal: code "code" or "name", with what to do.
    """
    session = store.session_by_code(code)
    if session is None:
        raise Refusal("code", "No open class has this code. Check it on the screen at the front of the room.")
    wanted = _plain(name)
    if not wanted:
        raise Refusal("name", "Type your name or learner ID.")
    roster = store.roster(session.id)
    found = [p for p in roster if _plain(p.id) == wanted] or [p for p in roster if _plain(p.name) == wanted] or _by_initial(roster, wanted)
    if not found and any(wanted in (_plain(p.id), _plain(p.name)) for p in store.staff()):
        raise Refusal("name", "This is a trainer's or coach's name. Use the link for trainers and coaches.")
    if not found and not session.walk_ins:
        raise Refusal("name", "This name is not on the class list. Try your learner ID, or ask your trainer to add you.")
    return session, found


def walk_in(store: Store, session: Session, name: str) -> Person:
    """Add somebody who is not on the roster, in a session that allows it."""
    shown = " ".join(name.split())[:80]
    person = Person(f"walk-in-{secrets.token_hex(4)}", shown)
    store.add_people([person])
    store.enrol(session.id, [person.id])
    return person


def staff(store: Store, name: str, passphrase: str) -> Person:
    """Return the trainer or coach who goes by `name` and knows the passphrase. Raises Refusal, code ""."""
    person = staff_named(store, name)
    kept = store.passphrase(person.id) if person else None
    try:
        _hasher.verify(kept or _NOBODY, passphrase)
    except Argon2Error:
        kept = None
    if person is None or kept is None:
        raise Refusal("", "This name and passphrase do not go together. Please try again.")
    return person


def staff_named(store: Store, name: str) -> Person | None:
    """Return the trainer or coach who goes by `name`, an id or a name."""
    wanted = _plain(name)
    return next((p for p in store.staff() if wanted in (_plain(p.id), _plain(p.name))), None)


def hashed(passphrase: str) -> str:
    """Return the argon2 hash to keep for a passphrase."""
    return _hasher.hash(passphrase)


_NOBODY = _hasher.hash(secrets.token_hex(16))


class Throttle:
    """Lets `most` failures through in `seconds` for each name, then asks to wait. It stops guessing, not a busy class."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self.clock = most, seconds, clock
        self._failures: dict[str, deque[float]] = defaultdict(deque)

    def check(self, name: str) -> None:
        """Raise Refusal, code "", when `name` has failed too often."""
        failures = self._failures[name]
        while failures and failures[0] < self.clock() - self.seconds:
            failures.popleft()
        if len(failures) >= self.most:
            raise Refusal("", "There were too many tries from here. Please wait a few minutes, or ask your trainer.")

    def failed(self, name: str) -> None:
        """Count a failure of `name`."""
        if len(self._failures) > 10_000:
            for oldest in list(self._failures)[:1_000]:
                del self._failures[oldest]
        self._failures[name].append(self.clock())

    def passed(self, name: str) -> None:
        """Take back a failure that was counted ahead of its outcome."""
        if self._failures[name]:
            self._failures[name].pop()


class SignIn(IdentityProvider):
    """Who is asking, from a signed cookie that this server made. Tokens and headers from a browser count for nothing."""

    @property
    def store(self) -> Store:
        """The academy's store."""
        store: Store = self.parent.store
        return store

    async def get_user(self, handler: Any) -> Member | None:
        """Return the signed-in person, or None."""
        raw = handler.get_secure_cookie(COOKIE, max_age_days=DAYS)
        try:
            kept = json.loads(raw) if raw else {}
        except ValueError:
            return None
        person = self.store.person(kept.get("person", ""))
        if person is None or (person.role is not Role.TRAINEE and not kept.get("staff")):
            return None
        return Member(username=person.id, name=person.name, display_name=person.name, role=person.role, session=kept.get("session"))

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return the pages to sign in and out."""
        return [(r"/login", LoginHandler), (r"/logout", LogoutHandler)]

    def is_token_authenticated(self, handler: Any) -> bool:
        """Never: there are no tokens."""
        return False

    def remember(self, handler: Any, person: Person, session: str | None, *, shared: bool) -> None:
        """Set the cookie; on a shared computer it ends with the browser."""
        value = json.dumps({"person": person.id, "session": session, "staff": person.role is not Role.TRAINEE})
        https = handler.request.protocol == "https"
        handler.set_secure_cookie(
            COOKIE, value, expires_days=None if shared else DAYS, httponly=True, samesite="Lax", secure=https, path="/"
        )


class LoginHandler(JupyterHandler):
    """The sign-in page."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Show the form; a join link may carry the class code."""
        self._form({})

    @allow_unauthenticated
    async def post(self) -> None:
        """Sign in, or show the form again with what to mend."""
        self.check_xsrf_cookie()
        address, provider = self.request.remote_ip or "", self.identity_provider
        throttles: dict[str, Throttle] = self.settings["sopkit_throttles"]
        staff_form = bool(self._text("staff"))
        watched = [(throttles["address"], address)]
        if staff_form:
            known = staff_named(provider.store, self._text("name"))
            watched.append((throttles["staff"], known.id if known else ""))
        try:
            for throttle, who in watched:
                throttle.check(who)
            for throttle, who in watched:
                throttle.failed(who)  # ahead of the outcome, so that guesses sent at once count too
            if staff_form:
                loop = asyncio.get_running_loop()
                person: Person | None = await loop.run_in_executor(
                    None, staff, provider.store, self._text("name"), self._text("passphrase")
                )
                assert person is not None
                provider.remember(self, person, None, shared=bool(self._text("shared")))
            else:
                person = self._trainee(provider)
        except Refusal as refusal:
            self.set_status(401 if refusal.code != "practice" else 400)
            self._form({refusal.code: str(refusal)})
            return
        for throttle, who in watched:
            throttle.passed(who)
        if person is not None:
            self.redirect(_local(self._text("next")) or home(person.role), status=303)

    def _trainee(self, provider: SignIn) -> Person | None:
        """Sign a trainee in; show the choices and return None when several people go by the name."""
        session, found = find(provider.store, self._text("code"), self._text("name"))
        if not self._text("practice"):
            raise Refusal("practice", "Please tick the box: this workbook is for practice families only.")
        chosen = [p for p in found if p.id == self._text("person")] or found
        if len(chosen) > 1:
            self._form({"name": "Several people here go by this name. Choose yourself."}, chosen)
            return None
        person = chosen[0] if chosen else walk_in(provider.store, session, self._text("name"))
        if person.role is not Role.TRAINEE:
            raise Refusal("name", "This is a trainer's or coach's name. Use the link for trainers and coaches.")
        provider.remember(self, person, session.id, shared=bool(self._text("shared")))
        return person

    def _text(self, name: str) -> str:
        return str(self.get_argument(name, "") or "")[:200]

    def _form(self, errors: dict[str, str], choices: list[Person] | None = None) -> None:
        code = self._text("code")
        session = self.identity_provider.store.session_by_code(code) if code else None
        self.finish(
            self.settings["sopkit_pages"].get_template("sign-in.html").render(
                static="/static", base_url="/", xsrf=self.xsrf_token.decode(), staff=bool(self._text("staff")), code=code,
                name=self._text("name"), next=_local(self._text("next")) or "", errors=errors, choices=choices or [],
                academy=self.settings["sopkit_academy"], session=session.title if session else None,
                shared=bool(self._text("shared")), practice=bool(self._text("practice")),
            )
        )  # fmt: skip


class LogoutHandler(JupyterHandler):
    """Signing out."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Forget who this is and go to the sign-in page."""
        self.clear_cookie(COOKIE, path="/")
        self.redirect("/login")


def home(role: Role) -> str:
    """Return the first page of a role."""
    return {Role.TRAINEE: "/workbook", Role.TRAINER: "/trainer", Role.COACH: "/coach"}[role]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(".", " ").replace(",", " ").split())


def _by_initial(roster: list[Person], wanted: str) -> list[Person]:
    """Return those whose first name and last initial are `wanted` ("Jordan P")."""
    first, _, initial = wanted.rpartition(" ")
    if not first or len(initial) != 1:
        return []
    return [p for p in roster if _plain(p.name).split()[:-1] == first.split() and _plain(p.name).split()[-1].startswith(initial)]


def _local(address: str) -> str | None:
    """Return `address` if it is a path on this server, so that nobody is sent elsewhere after signing in."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if plain and not parts.scheme and not parts.netloc else None
