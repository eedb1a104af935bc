"""A practice academy with a fictional class, so that anybody can try everything at once."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Collection
from pathlib import Path

from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.model import Mode, Person, Role, Session, Setting
from sopkit.signin import hashed
from sopkit.store import Store

NOTE = "how-to-sign-in.txt"
_PEOPLE = [
    "Jordan Pace", "Ana Whitlock", "Kofi Barnes", "Mei Castellano", "Tomas Rivera", "Ruth Odell",
    "Samir Grant", "Leah Novotny", "Devon Marsh", "Priya Holloway", "Grace Adeyemi", "Will Sorensen",
]  # fmt: skip
_TREES = ["MAPLE", "CEDAR", "BIRCH", "ASPEN", "HAZEL", "ROWAN", "ALDER", "LARCH", "OLIVE", "ELM", "OAK", "PINE", "WILLOW", "SPRUCE"]
_WORDS = [
    "amber",
    "apple",
    "arrow",
    "autumn",
    "basket",
    "beacon",
    "bridge",
    "button",
    "candle",
    "canyon",
    "carrot",
    "cellar",
    "circle",
    "clover",
    "copper",
    "cotton",
    "daisy",
    "desert",
    "dolphin",
    "feather",
    "fiddle",
    "garden",
    "ginger",
    "hammer",
    "harbor",
    "hazel",
    "island",
    "jacket",
    "kettle",
    "ladder",
    "lantern",
    "lemon",
    "marble",
    "meadow",
    "mirror",
    "morning",
    "orchid",
    "paddle",
    "pepper",
    "pillow",
    "pocket",
    "ribbon",
    "river",
    "saddle",
    "shadow",
    "silver",
    "spoon",
    "summer",
    "sunset",
    "thunder",
    "timber",
    "tunnel",
    "velvet",
    "violet",
    "walnut",
    "whistle",
    "window",
    "winter",
]


def create(academy: Academy, course: Course, store: Store) -> None:
    """Fill an empty academy: twelve trainees, a trainer, a coach, and an open session on the first lesson."""
    trainees = [Person(f"p{n:02d}", name) for n, name in enumerate(_PEOPLE, 1)]
    staff = [Person("trainer", "Renee Avery", Role.TRAINER), Person("coach", "Dana Wells", Role.COACH)]
    store.add_people([*trainees, *staff])
    lines = []
    for person in staff:
        passphrase = new_passphrase()
        store.set_passphrase(person.id, hashed(passphrase))
        lines.append(f"{person.role}: name {person.id}, passphrase {passphrase}")
    lessons = {next(iter(course.lessons)): Setting(Mode.PRACTICE)}
    session = Session("practice", "Practice class", new_code(), course.default_profile, walk_ins=True, lessons=lessons)
    store.put_session(session)
    store.enrol(session.id, [person.id for person in trainees])
    note = academy.folder / NOTE
    note.touch(mode=0o600)
    note.write_text("\n".join(lines) + "\n", encoding="utf-8")


def how_to_sign_in(folder: Path) -> list[str]:
    """Return the lines of the note that `create` left, while it is there."""
    note = folder / NOTE
    return note.read_text(encoding="utf-8").splitlines() if note.exists() else []


def new_passphrase() -> str:
    """Return four random words (about 24 bits; sign-in also waits after ten failures)."""
    return "-".join(secrets.choice(_WORDS) for _ in range(4))


def new_code(taken: Collection[str] = ()) -> str:
    """Return a class code that can be read out, a tree and two digits, and that is not one of `taken`."""
    for tries in itertools.count():
        lowest = 10 if tries < 50 else 1000  # two digits make 1,260 codes
        code = f"{secrets.choice(_TREES)} {secrets.randbelow(9 * lowest) + lowest}"
        if code not in taken:
            return code
    raise AssertionError
