"""Words in a draft that could point to a real person: they should be taken out, even when they are made up."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sopkit.hints.lexicon import Lexicon, is_a

_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
_STREET = r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|way|terrace|circle|cir|highway|hwy|parkway|pkwy|trail|square|sq)"
# (kind, pattern); where only a part of the match is to be shown, that part is called "number". Compiled when first used.
_PATTERNS = (
    ("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("ssn", r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])"),
    ("phone", r"(?<![\d-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])|(?<![\d-])\d{3}-\d{4}(?![\d-])"),
    (
        "birth-date",
        rf"(?i)\b(?:d\.?o\.?b\.?|born(?: on)?|birth ?date|date of birth|birthday)(?: is| was|:)?,? (?:on )?(?:{_DATE}|{_MONTH})",
    ),
    ("birth-date", rf"(?i)(?<=[a-z] )\((?:{_DATE}|{_MONTH})\)"),
    (
        "case-number",
        r"(?i)\b(?:case|file|referral|docket|client|record|report|chart|petition|id|intake)(?: id)?(?: ?(?:no|number|num|nr)\b\.?| ?#)? ?:? ?#?"
        r"(?P<number>[A-Z]{0,4}-?\d[\d-]{3,}[A-Z]?)\b",
    ),
    ("case-number", r"(?<![\w/.$-])(?P<number>(?:[A-Z]{1,4}-?)?\d{2,4}-\d{4,}|[A-Z]{1,4}-?\d{5,}|#\d{4,}|\d{6,})(?![\w/-])"),
    (
        "address",
        rf"\b\d{{1,5}}[A-Z]? (?:(?:North|South|East|West|N|S|E|W)\.? )?(?:[A-Z][\w'’]+ ){{1,3}}(?i:{_STREET})\b\.?"
        r"(?:,? (?i:apt|unit|suite|#)\.? ?\w+)?",
    ),
    ("address", r"\b(?:P\.?O\.? Box \d+|[A-Z]{2} \d{5}(?:-\d{4})?)\b"),
    ("address", r"(?i)\b(?:apt|apartment|unit)\.? #?\d+[A-Z]?\b"),
)
_FULL_NAME = r"\b[A-Z][a-z'’]+(?: [A-Z]\.)?(?: [A-Z][a-z'’]+(?:-[A-Z][a-z]+)?){1,3}\b"
_CALLED = {
    "birth-date": "a birth date",
    "case-number": "a case number",
    "phone": "a phone number",
    "email": "an email address",
    "address": "an address",
    "full-name": "a full name",
    "ssn": "a Social Security number",
}


@dataclass(frozen=True)
class Identifier:
    """Words that look like a birth date, a case number and so on; `kind` is one of the keys of `_CALLED`."""

    kind: str
    words: str
    question: str


def identifiers(draft: str, people: Collection[str] = ()) -> list[Identifier]:
    """Return what looks like it points to a real person, in the order of the draft. `people` are the made-up family's own names."""
    found: dict[int, tuple[int, str]] = {}

    def add(start: int, end: int, kind: str) -> None:
        if not any(start < other_end and other < end for other, (other_end, _) in found.items()):
            found[start] = (end, kind)

    for kind, pattern in _PATTERNS:
        for match in re.finditer(pattern, draft):
            add(*match.span("number" if "number" in match.groupdict() else 0), kind)
    for match in re.finditer(_FULL_NAME, draft):
        name = _without_openers(match.group(), people)
        if _is_full_name(draft, match.end() - len(name), name, people):
            add(match.end() - len(name), match.end(), "full-name")
    return [_identifier(kind, draft[start:end]) for start, (end, kind) in sorted(found.items())]


def _without_openers(name: str, people: Collection[str]) -> str:
    """Return capital words without those that only begin a sentence: "Then Ana Whitlock" is "Ana Whitlock"."""
    family = {part for person in people for part in person.split()}
    while name.count(" ") > 1 and is_a(name.split()[0].lower(), "not-name") and name.split()[0] not in family:
        name = name.split(" ", 1)[1]
    return name


def _identifier(kind: str, words: str) -> Identifier:
    return Identifier(kind, words, f"“{words}” looks like {_CALLED[kind]}. Could you take it out before you send?")


def _is_full_name(draft: str, start: int, name: str, people: Collection[str]) -> bool:
    """Say whether capital words are a first and a last name, not a place, an office, a day or one of the made-up family."""
    words = [word.replace("’", "'").removesuffix("'s") for word in name.split() if not word.endswith(".")]
    allowed = {part for person in people for part in person.replace(".", " ").split()}
    if all(word in allowed for word in words) or len(words) < 2:
        return False
    before = draft[:start].rsplit(None, 1)[-1].lower().strip("(\"'“") if draft[:start].strip() else ""
    starts = not before or (before[-1] in ".!?:" and before not in ("mr.", "mrs.", "ms.", "dr."))
    small = [word.lower() for word in words]
    known = Lexicon.load()
    if any(is_a(word, "title") or is_a(word, "not-name") or is_a(word, "place-name") or is_a(word, "place") for word in small):
        return False
    if before in ("the", "at", "in", "near", "on", "to", "from", "of", "a", "called", "named") and words[0] not in allowed:
        return before == "named"
    if any(word in known.words(kind) for word in small for kind in ("parent", "child", "kin", "professional", "community", "agency")):
        return False
    return not (starts and words[0] not in allowed and not _acts(draft[start + len(name) :]))


def _acts(after: str) -> bool:
    """Say whether what follows a name at the start of a sentence makes it a person."""
    following = after.split()[:1]
    return bool(following) and is_a(following[0].lower().strip(".;:"), "after-name")
