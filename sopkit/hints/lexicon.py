"""Word lists: read once from `sopkit/lexicons`, with the endings English gives to verbs and nouns.

A file has sections such as `[impact verb]`. An entry is one or more words; commas or line ends stand between entries. In a `verb` section
the first word is taken in all its forms, in a `noun` section the last word in the plural too. `a|b` is either word, `*` up to four words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "lexicons"
_GAP = 4
_WORDS = re.compile(r"\d+(?:-[a-z]+)*|[^\W\d_]+(?:[-'|][^\W\d_]+)*|\*|[^\s\w]")
_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
_NOT_PAST = frozenset(
    [
        "need",
        "needed",
        "feed",
        "seed",
        "speed",
        "weed",
        "indeed",
        "hundred",
        "bed",
        "red",
        "shed",
        "embed",
        "sacred",
        "naked",
        "beloved",
        "kindred",
    ]
) - {"needed"}

Pattern = tuple[tuple[str, ...], ...]


class Lexicon:
    """All the word lists, indexed by first word."""

    def __init__(self, folder: Path) -> None:
        self._patterns: dict[str, list[tuple[Pattern, str]]] = {}
        self._words: dict[str, set[str]] = {}
        for path in sorted(folder.glob("*.txt")):
            if path.stem != "verbs":
                self._read(path.read_text(encoding="utf-8"))

    @classmethod
    @cache
    def load(cls) -> Lexicon:
        """Return the lists shipped with the package; they are read when they are first needed."""
        return cls(FOLDER)

    def words(self, kind: str) -> set[str]:
        """Return the single words of a list, in all their forms."""
        return self._words.get(kind, set())

    def spans(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield (first, after last, list name) for each entry found in a text; of one list the longest entry at a place."""
        for first, word in enumerate(words):
            best: dict[str, int] = {}
            for pattern, kind in self._patterns.get(word, ()):
                last = _match(pattern, words, first)
                if last > best.get(kind, 0):
                    best[kind] = last
            for kind, last in best.items():
                yield first, last, kind

    def _read(self, text: str) -> None:
        kind, form = "", ""
        for line in text.splitlines():
            line = line.split("#")[0].strip()
            if line.startswith("["):
                kind, _, form = line.strip("[]").partition(" ")
            elif line:
                for entry in line.split(","):
                    if entry.strip():
                        self._add(kind, form, _WORDS.findall(entry.strip().lower()))

    def _add(self, kind: str, form: str, words: list[str]) -> None:
        while words[-1] == "*":
            words.pop()
        pattern = [tuple(bare(option) for option in word.split("|")) for word in words]
        if form == "verb":
            pattern[0] = tuple(form for word in pattern[0] for form in forms(word))
        elif form == "noun":
            pattern[-1] = tuple(form for word in pattern[-1] for form in (word, plural(word)))
        for word in dict.fromkeys(pattern[0]):
            self._patterns.setdefault(word, []).append((tuple(pattern), kind))
            if len(pattern) == 1:
                self._words.setdefault(kind, set()).add(word)


def _match(pattern: Pattern, words: Sequence[str], place: int) -> int:
    """Return the place after the match of a pattern at a place, or 0."""
    for step, options in enumerate(pattern):
        if options == ("*",):
            for start in range(place, min(place + _GAP + 1, len(words))):
                last = _match(pattern[step + 1 :], words, start)
                if last or words[start] in ".!?;":
                    return last
            return 0
        if place >= len(words) or words[place] not in options:
            return 0
        place += 1
    return place


def bare(word: str) -> str:
    """Return a word without its possessive ending."""
    return word.removesuffix("'s")


def plural(noun: str) -> str:
    """Return the regular plural of a noun."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def forms(verb: str) -> list[str]:
    """Return base, -s, -ing, past and participle of a verb."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")) else verb
    if _DOUBLING.search(verb) and (len(verb) < 5 or verb in _verbs().doubling):
        stem = verb + verb[-1]
    ing = stem + "ing"
    irregular = _verbs().irregular.get(verb)
    if irregular:
        past, part = irregular
    elif verb.endswith("y") and verb[-2:-1] not in "aeiou":
        past = part = verb[:-1] + "ied"
    else:
        past = part = stem + "ed"
    third = {"have": "has", "be": "is", "go": "goes", "do": "does"}.get(verb) or plural(verb)
    return [verb, third, ing, past, part]


class _Verbs:
    def __init__(self) -> None:
        self.irregular: dict[str, tuple[str, str]] = {}
        self.doubling: set[str] = set()
        self.regular: list[str] = []
        for line in (FOLDER / "verbs.txt").read_text(encoding="utf-8").splitlines():
            words = line.split("#")[0].split()
            if words[:1] == ["irregular:"]:
                self.irregular[words[1]] = (words[2], words[3])
            elif words[:1] == ["doubling:"]:
                self.doubling |= set(words[1:])
                self.regular += words[1:]
            else:
                self.regular += words


@cache
def _verbs() -> _Verbs:
    return _Verbs()


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Return word -> (lemma, form) for all verbs of the list; a base form that is also a past ("put") counts as past."""
    table: dict[str, tuple[str, str]] = {}
    for verb in [*_verbs().regular, *_verbs().irregular]:
        base, third, ing, past, part = forms(verb)
        for word, form in ((part, "part"), (ing, "ing"), (third, "s"), (base, "base"), (past, "past")):
            table[word] = (verb, form) if word not in table or form != "part" else table[word]
    return table


def is_a(word: str, kind: str) -> bool:
    """Say whether a word, in small letters, is in a list."""
    return word in Lexicon.load().words(kind)


@cache
def verb_form(word: str) -> str:
    """Return "base", "s", "ing", "past" or "part" when a word is likely a verb, and "" when not."""
    if word in _table():
        return _table()[word][1]
    return "past" if len(word) > 4 and word.endswith("ed") and word not in _NOT_PAST else ""


@cache
def lemma_of(word: str) -> str:
    """Return the base form of a known verb; of any other word, itself."""
    return _table().get(word, (word, ""))[0]
