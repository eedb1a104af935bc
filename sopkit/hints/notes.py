"""Whose acts a visit note tells: the child's or the grown-up's, where only "he" or "she" stands."""

from __future__ import annotations

from collections import Counter

from sopkit.hints.acts import conditional
from sopkit.hints.lexicon import is_a, verb_form
from sopkit.hints.people import Mention
from sopkit.hints.reading import Reading

_HERS = {"she": "female", "her": "female", "hers": "female", "he": "male", "his": "male", "him": "male"}


def child_acts(reading: Reading, index: int) -> bool:
    """Say whether a child does the verb at a token, other than as what sets something off ("when he reached for it")."""
    people = reading.people
    kind, name = people.subject(index)
    if name and name == visited(reading):
        return False
    if kind in ("child", "sibling"):
        return not conditional(reading, index)
    if kind != "pronoun" or name not in ("he", "she", "they") or conditional(reading, index):
        return False
    return _pronoun_is_child(reading, name, index)


def visited(reading: Reading) -> str:
    """Return the first name of a note that names a child besides: notes begin with the grown-up, unless an age follows."""
    named = [m for m in reading.people.mentions if m.name and m.kind != "professional" and not _owner(reading, m)]
    if not named or not any(m.kind == "child" and m.name != named[0].name for m in named):
        return ""
    first = named[0]
    return "" if reading.people.has_age(first) else first.name


def _pronoun_is_child(reading: Reading, pronoun: str, index: int) -> bool:
    gender = _HERS.get(pronoun, "")
    child, adult = genders(reading)
    if gender and child != adult and (child or adult):
        return gender == child if child else gender != adult
    before = [m for m in reading.people.mentions if m.index < index and m.kind != "professional"]
    last = next((m for m in reversed(before) if not _owner(reading, m) and not reading.people.is_object(m)), None)
    if last:
        return last.kind == "child" and last.name != visited(reading)
    return bool(gender) and gender != first_pronoun(reading)


def first_pronoun(reading: Reading) -> str:
    """Return the gender of the first "he" or "she" of a note that names nobody: most often the grown-up."""
    return next((_HERS[t.lower] for t in reading.draft.tokens if t.lower in ("he", "she")), "")


def genders(reading: Reading) -> tuple[str, str]:
    """Return the gender of the child and of the grown-up ("male", "female", or "" when the note does not tell)."""
    tokens = reading.draft.tokens
    grown = visited(reading)
    votes: dict[str, Counter[str]] = {"child": Counter(), "adult": Counter()}
    for mention in reading.people.of("child", "parent", "partner", "kin", ""):
        who = "child" if mention.kind == "child" and mention.name != grown else "adult"
        if mention.name and tokens[mention.last - 1].lower.endswith("a"):
            votes[who]["female"] += 1
        for word in [tokens[i].lower for i in range(mention.index, mention.last)]:
            for gender in ("male", "female"):
                votes[who][gender] += 3 * is_a(word, gender)
        if not reading.people.is_object(mention) and not _owner(reading, mention):
            votes[who].update(_own_pronoun(reading, mention))
    for index, token in enumerate(tokens[1:], 1):
        if token.lower in ("him", "her") and is_a(tokens[index - 1].lower, "done-to-child") and not token.quoted:
            votes["child"][_HERS[token.lower]] += 1
        elif token.lower in ("he", "she") and not token.quoted and verb_form(tokens[min(index + 1, len(tokens) - 1)].lower):
            _from_deed(reading, index, votes)
    return _most(votes["child"]), _most(votes["adult"])


def _from_deed(reading: Reading, index: int, votes: dict[str, Counter[str]]) -> None:
    """Count "She tied his shoe" as a girl or woman with a boy, and "He paid no heed to Abby" as a man with the child Abby."""
    tokens = reading.draft.tokens
    gender = _HERS[tokens[index].lower]
    for place in range(index + 1, len(tokens)):
        if tokens[place].sentence != tokens[index].sentence or tokens[place].lower in ("he", "she", "who"):
            return
        mention = reading.people.at(place)
        if mention and mention.kind == "child" and mention.name and reading.people.is_object(mention):
            votes["adult"][gender] += 1
            return
        other = _HERS.get(tokens[place].lower, gender)
        if other != gender and not tokens[place].quoted:
            votes["child"][other] += 1
            return


def _own_pronoun(reading: Reading, mention: Mention) -> list[str]:
    """Return the gender in "Trish washed her hands": the first pronoun after a subject, with nobody else between."""
    tokens = reading.draft.tokens
    for index in range(mention.last, min(len(tokens), mention.last + 7)):
        token = tokens[index]
        if token.sentence != tokens[mention.index].sentence or reading.people.at(index) or token.lower == "and":
            return []
        if token.lower in ("her", "his") and index + 1 < len(tokens) and verb_form(tokens[index + 1].lower) != "past":
            return [_HERS[token.lower]]
    return []


def _owner(reading: Reading, mention: Mention) -> bool:
    return reading.draft.tokens[mention.last - 1].lower.endswith(("'s", "s'"))


def _most(votes: Counter[str]) -> str:
    (first, most), *rest = [*votes.most_common(2), ("", 0)]
    return first if most > (rest[0][1] if rest else 0) else ""
