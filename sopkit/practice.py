"""A practice academy with a fictional class, so that anybody can try everything at once."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Collection
from pathlib import Path

import yaml

from sopkit import kinds
from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.kinds import write
from sopkit.model import Mode, Person, Role, Session, Setting
from sopkit.signin import hashed
from sopkit.store import Graded, Store

NOTE = "how-to-sign-in.txt"
WRITINGS = "practice-writings.yml"
SESSION = "practice"
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
    """Fill an empty academy: twelve trainees, a trainer, a coach, an open session on every lesson, and some writing to mark."""
    trainees = [Person(f"p{n:02d}", name) for n, name in enumerate(_PEOPLE, 1)]
    staff = [Person("trainer", "Renee Avery", Role.TRAINER), Person("coach", "Dana Wells", Role.COACH)]
    store.add_people([*trainees, *staff])
    lines = []
    for person in staff:
        passphrase = new_passphrase()
        store.set_passphrase(person.id, hashed(passphrase))
        lines.append(f"{person.role}: name {person.id}, passphrase {passphrase}")
    lessons = {lesson: Setting(Mode.PRACTICE) for lesson in course.lessons}
    session = Session(SESSION, "Practice class", new_code(), course.default_profile, walk_ins=True, lessons=lessons)
    store.put_session(session)
    store.enrol(session.id, [person.id for person in trainees])
    _write(course, store, trainees[-1:2:-1])  # the first ones stay untouched, for whoever tries the workbook
    note = academy.folder / NOTE
    note.touch(mode=0o600)
    note.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write(course: Course, store: Store, trainees: list[Person]) -> None:
    """Let practice trainees send some writing, so that a coach finds something to mark."""
    path = course.root / "course" / WRITINGS
    samples = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    texts = [(course.exercises[ref], text) for ref, found in samples.items() if ref in course.exercises for text in found]
    for person, (exercise, text) in zip(trainees, texts, strict=False):
        assert isinstance(exercise.body, write.Write)
        box = next(box.id for box in exercise.body.boxes if box.counts)
        response = write.Response(boxes={box: text})
        graded = [Graded(item, part.model_dump(), score) for item, (part, score) in kinds.attempts(exercise, response).items()]
        store.add(person.id, SESSION, exercise.ref, Mode.PRACTICE, exercise.version, secrets.token_hex(8), graded)
        entry = {"version": exercise.version, "response": response.model_dump()}
        store.hand_in(person.id, SESSION, exercise.lesson, {exercise.name: entry})


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
