"""A draft as tokens, sentences and moods: no grammar model, only spelling, word lists and position."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from sopkit.hints.lexicon import Lexicon, bare, is_a, lemma_of, verb_form

_TOKEN = re.compile(
    r"(?:[ap]\.\s?m\.)|\d+(?:[:./,]\d+)*(?:-?[^\W\d_]+(?:-[^\W\d_]+)*)?|[^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\s\w]|_+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[ \t]*[-*•]?[ \t]*[^\W\d_](?:[^\W\d_]|['/ ,()+&-]){0,70}?(?::|\?| [-–—])(?=\s|$)", re.MULTILINE)
_EDGES = " \t-–—*•:?"
_DOUBLE = re.compile(r"\"[^\"\n]{1,400}\"")
_SINGLE = re.compile(r"(?<![\w'])'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w)){1,400}?[\w.,?!]'(?!\w)")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"'})
_BREAKS = frozenset(",;:()—–-/.!?")
_FUTURE = frozenset(["will", "shall", "won't", "'ll"])


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark: its place in the draft, its sentence, its clause, and whether someone is being quoted."""

    text: str
    lower: str
    start: int
    end: int
    sentence: int
    clause: int
    quoted: bool

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens (`last` is not in it) that a word list knows, and the name of the list."""

    first: int
    last: int
    kind: str


class Draft:
    """A learner's text. Offsets are those of the text as typed, so that every quotation is exact."""

    def __init__(self, text: str) -> None:
        self.text = text
        plain = text.translate(_STRAIGHT)
        self.labels = [(match.group().strip(_EDGES).lower(), match.start(), match.end()) for match in _labels(plain)]
        for _, start, end in self.labels:
            plain = plain[:start] + " " * (end - start) + plain[end:]
        self.plain = plain
        quotes = [match.span() for pattern in (_DOUBLE, _SINGLE) for match in pattern.finditer(plain)]
        if sum(end - start for start, end in quotes) > 0.6 * max(1, len(plain)):
            quotes = []  # the whole draft is in somebody's own words
        self.tokens = _tokens(plain, quotes)
        self.words = [index for index, token in enumerate(self.tokens) if token.is_word]

    def __len__(self) -> int:
        return len(self.tokens)

    def quote(self, first: int, last: int) -> str:
        """Return the draft's own words from token `first` up to, not including, `last`."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Return the first token of each sentence and the one after its last."""
        return _runs([token.sentence for token in self.tokens])

    def fields(self) -> dict[str, tuple[int, int]]:
        """Return label -> token range of each "label: text" line; empty for free-running text."""
        ranges: dict[str, tuple[int, int]] = {}
        for place, (label, _, end) in enumerate(self.labels):
            stop = self.labels[place + 1][1] if place + 1 < len(self.labels) else len(self.plain)
            inside = [index for index, token in enumerate(self.tokens) if end <= token.start < stop]
            if inside:
                ranges[label] = (inside[0], inside[-1] + 1)
        return ranges

    @cached_property
    def marks(self) -> dict[str, list[Span]]:
        """Return list name -> its spans, in order, from all the word lists in one pass."""
        marks: dict[str, list[Span]] = {}
        for span in Lexicon.load().spans([bare(token.lower) for token in self.tokens]):
            marks.setdefault(span[2], []).append(Span(*span))
        return marks

    def spans(self, *kinds: str, quoted: bool = True) -> list[Span]:
        """Return the spans of these lists in order; `quoted=False` leaves out what somebody said."""
        spans = [span for kind in kinds for span in self.marks.get(kind, ()) if quoted or not self.tokens[span.first].quoted]
        return sorted(spans, key=lambda span: (span.first, -span.last))

    def has(self, *kinds: str, quoted: bool = True) -> bool:
        return bool(self.spans(*kinds, quoted=quoted))

    def negated(self, index: int, reach: int = 4) -> bool:
        """Say whether a "not" word stands a little before a token, in its clause."""
        clause = self.tokens[index].clause
        before = range(max(0, index - reach), index)
        return any(self.tokens[i].clause == clause and is_a(self.tokens[i].lower, "not") for i in before)

    def mood(self, index: int) -> str:
        """Return how a verb or a phrase is meant: "maybe" (may, if, worried that), "will", or "did" (past or going on)."""
        return self._moods[index]

    @cached_property
    def _moods(self) -> list[str]:
        moods: list[str] = []
        for first, last in self.sentences:
            moods += _sentence_moods(self.tokens[first:last])
        return moods


def _labels(plain: str) -> list[re.Match[str]]:
    """Return the field labels: short words before a colon at the start of a line, when more than one line has them."""
    found = list(_LABEL.finditer(plain))
    known = Lexicon.load().words("label")
    labels = []
    for match in found:
        words = match.group().strip(_EDGES).lower().split()
        if words[0] in known or (len(words) < 5 and known.intersection(words)):
            labels.append(match)
    return labels if len(labels) > 1 else []


def _tokens(plain: str, quotes: list[tuple[int, int]]) -> list[Token]:
    tokens: list[Token] = []
    sentence = clause = 0
    end_of_last = 0
    for match in _TOKEN.finditer(plain):
        word, start, end = match.group(), match.start(), match.end()
        if (tokens and "\n" in plain[end_of_last:start]) or (tokens and _ends_sentence(tokens, word, plain[end_of_last:start])):
            sentence, clause = sentence + 1, clause + 1
        elif tokens and (is_a(word.lower(), "link-word") or tokens[-1].text in _BREAKS):
            clause += 1
        quoted = any(a <= start < b for a, b in quotes)
        tokens.append(Token(word, word.lower(), start, end, sentence, clause, quoted))
        end_of_last = end
    return tokens


def _ends_sentence(tokens: list[Token], word: str, gap: str) -> bool:
    """Say whether a new sentence begins at `word`, after the tokens so far."""
    last = tokens[-1]
    if last.text in "\"')" and len(tokens) > 1 and tokens[-2].text in ".!?":
        return bool(gap) and word[0].isupper()
    if last.lower in ("a.m.", "p.m.") or (
        len(last.lower) > 3 and last.lower[:1] in "ap" and last.lower.endswith("m.") and " " in last.lower
    ):
        return bool(gap) and word[0].isupper() and is_a(word.lower(), "starter")
    if last.text in "!?":
        return True
    if last.text != "." or not gap:
        return False
    before = tokens[-2].lower if len(tokens) > 1 else ""
    if is_a(before, "short-date") and (word[0].isdigit() or word[0].islower()):
        return False
    return not is_a(before, "abbreviation") and not (len(before) == 1 and before.isalpha() and before != "i" and tokens[-2].is_capital)


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    first = 0
    for index in range(1, len(numbers) + 1):
        if index == len(numbers) or numbers[index] != numbers[first]:
            runs.append((first, index))
            first = index
    return runs


def _sentence_moods(tokens: list[Token]) -> list[str]:
    """Read a sentence from left to right: a modal opens "maybe", a plain past some words later closes it."""
    words = [token.lower for token in tokens]
    moods: list[str] = []
    mood, since, worried, past = "did", 99, False, False
    for place, word in enumerate(words):
        if word == ";":
            worried = False
        if is_a(word, "worry") and not tokens[place].quoted:
            ours = any(w in ("we", "i", "agency", "worker") for w in words[max(0, place - 4) : place])
            worried = ours or word not in ("scared", "afraid", "nervous")
        form = verb_form(word)
        if _opens_maybe(tokens, place, worried, past and mood != "maybe"):
            mood, since = "maybe", 0
        elif (word in _FUTURE or word.endswith("'ll")) and not _is_name_will(tokens, place):
            mood, since = ("maybe", 0) if worried else ("will", 0)
        elif since > 3 and (
            form == "past" or (word in ("was", "were", "did", "had", "didn't", "wasn't") and not (worried and mood == "maybe"))
        ):
            mood, since = "did", 99
        else:
            since += tokens[place].is_word
        past = past or form == "past" or is_a(word, "past-auxiliary")
        moods.append(mood)
    return moods


def _opens_maybe(tokens: list[Token], place: int, worried: bool, past: bool) -> bool:
    """Say whether a token is a modal that leaves open whether it will be: not "asked if", "could not walk", May the name."""
    word = tokens[place].lower
    if word in ("couldn't", "wouldn't"):
        return worried
    if not is_a(word, "maybe") or (word == "may" and tokens[place].is_capital):
        return False
    before = [token.lower for token in tokens[max(0, place - 7) : place]]
    asking = any(is_a(lemma_of(w), "asking") for w in before)
    if asking and ((word == "if" and any(is_a(lemma_of(w), "asking") for w in before[-4:])) or (word != "if" and "if" in before[-4:])):
        return False
    after = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    unable = (word == "could" and "so" in before[-4:]) or (
        word == "could" and after in ("not", "hear", "see", "smell", "barely", "hardly", "only", "feel")
    )
    return worried or not (unable or (word == "would" and past)) or "if" in before


def _is_name_will(tokens: list[Token], place: int) -> bool:
    after = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    return tokens[place].is_capital and (
        place > 0 or verb_form(after) in ("past", "s") or after in ("had", "was", "is", "has", ",", "(", "and")
    )
