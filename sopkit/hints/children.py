"""Which of the names in a draft are most likely children's: by what is done for them, by what is theirs, by what they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sopkit.hints.lexicon import bare, is_a, lemma_of, verb_form
from sopkit.hints.text import Draft, Token


def childhood(draft: Draft, names: Mapping[int, tuple[int, str]], roles: Mapping[int, str]) -> Counter[str]:
    """Return name -> how much speaks for a child (above 0) or for a grown-up (below 0)."""
    found: Counter[str] = Counter()
    feared = _first_feared(draft)
    for index, (last, name) in names.items():
        if draft.tokens[index].lower != "baby" and is_a(draft.tokens[index].lower, "title"):
            continue
        if draft.tokens[last - 1].lower.endswith(("'s", "s'")):
            found[name] += _owns(draft, last, roles)
        elif done := _done_to(draft, index, last):
            found[name] += done
        else:
            found[name] += _does(draft, index, last, roles, last <= feared < last + 3, name not in found)
        found[name] += 0
    return found


def _first_feared(draft: Draft) -> int:
    """Return the place of the first "may", "might" or "could" of a draft, or -1."""
    return next((place for place, token in enumerate(draft.tokens) if token.text in ("may", "might", "could") and not token.quoted), -1)


def _after(draft: Draft, index: int, reach: int) -> list[Token]:
    """Return up to `reach` tokens of the same sentence from a place."""
    tokens = draft.tokens
    return [token for token in tokens[index : index + reach] if token.sentence == tokens[index - 1].sentence]


def _owns(draft: Draft, last: int, roles: Mapping[int, str]) -> int:
    """Weigh what is somebody's: "Zeke's teacher", "Eli's feedings" against "Marge's sisters", "Ron's shift"."""
    for place, token in enumerate(_after(draft, last, 3), last):
        word = bare(token.lower)
        singular = word.removesuffix("s")
        if is_a(word, "of-a-grown-up") or is_a(singular, "of-a-grown-up"):
            return 0 if is_a(singular, "of-anyone") else -3
        if roles.get(place) == "parent" or any(is_a(w, kind) for w in (word, singular) for kind in ("of-a-child", "body", "impact")):
            return 2
        if not is_a(word, "adjective") and word not in ("own", "back", "night", "day", "both"):
            return 0
    return 0


def _done_to(draft: Draft, index: int, last: int) -> int:
    """Weigh what is done to or for somebody: "feeds Rue", "hit Mei", "yells at Ava" against "calls Ruth", "checked by Ruth"."""
    tokens = draft.tokens
    if not index or tokens[index - 1].sentence != tokens[index].sentence:
        return 0
    if index > 3 and tokens[index - 1].lower == "and" and tokens[index - 2].is_capital:
        index -= 2  # "takes Owen and Beau"
    before, earlier = tokens[index - 1].lower, tokens[max(0, index - 2)].lower
    after = tokens[last].lower if last < len(tokens) else ""
    if is_a(before, "done-to-child") or (before == "to" and lemma_of(earlier) == "happen"):
        return 2
    if verb_form(before) and any(is_a(token.lower, "schooling") for token in _after(draft, last, 5)[:5]):
        return 2
    if before == "to" and is_a(earlier, "speaking"):
        return 1
    if before == "by" or is_a(before, "reach"):
        return -1 if before == "by" or not is_a(before, "hand-over") else 0
    if is_a(before, "near-child"):
        return int(bool(verb_form(earlier)) or before not in ("at", "around", "for")) if after != "to" else 0
    if any(is_a(before, kind) for kind in ("act", "vague-act", "label-harm")) and before not in ("in", "out"):
        return 1
    plain = verb_form(before) and not is_a(lemma_of(before), "before-clause") and not is_a(lemma_of(before), "vague-plan")
    return int(bool(plain) and not is_a(after, "finite") and verb_form(after) not in ("s", "past"))


def _does(draft: Draft, index: int, last: int, roles: Mapping[int, str], feared: bool, first: bool) -> int:
    """Weigh what somebody does: "Zeke learns", "so Kip can run" against "Gwen will feed", "Ada and her neighbor"."""
    words = [token.lower for token in _after(draft, last, 2)]
    if words[:1] == ["and"] and words[1:] and is_a(words[1], "possessive"):
        return -2 if any(roles.get(place) in ("kin", "parent", "partner", "community") for place in range(last + 2, last + 5)) else 0
    if words[:1] and lemma_of(words[0]) in ("get", "have") and (words[1:] == ["to"] or roles.get(last + 2) == "parent"):
        return 2 - (words[0] == "had")
    rest, modal, passive = _after(draft, last, 9), "", False
    if rest and rest[0].lower in ("couldn't", "can't"):
        return 1
    while rest and (is_a(rest[0].lower, "finite") or is_a(rest[0].lower, "before-verb") or rest[0].lower in ("not", "be", "being", "been")):
        modal = rest[0].lower if rest[0].lower in ("will", "may", "might", "could") else modal
        passive = lemma_of(rest[0].lower) == "be"
        rest = rest[1:]
    if not rest:
        return 0
    word, before = rest[0].lower, [token.lower for token in draft.tokens[max(0, index - 2) : index]]
    if modal not in ("may", "might", "could") and (before[-1:] == ["so"] or before == ["so", "that"]):
        return 2
    lemma = lemma_of(word)
    if is_a(word, "child-state") or (passive and is_a(word, "done-to-child")) or is_a(lemma, "child-verb"):
        return 2
    if not verb_form(word) or passive:
        return 0
    if any(is_a(token.lower, "schooling") for token in rest[1:4]) and is_a(lemma, "going"):
        return 2
    if modal in ("may", "might", "could"):
        return -3 if feared and (before[-1:] != ["and"] or draft.tokens[index - 2].is_capital) else 1
    if is_a(word, "done-to-child") or is_a(word, "act"):
        if weight := _acts_on(rest[1:6]):
            return weight
    elif is_a(word, "witness") or is_a(lemma, "reach") or is_a(word, "source"):
        return -1
    if modal == "will" and (is_a(lemma, "often-child") or is_a(lemma, "at-times-child")) and _own_day(rest):
        return 1
    if is_a(lemma, "often-child") or (is_a(lemma, "at-times-child") and not first):
        return int(not modal)
    return -1 if modal == "will" else 0


def _own_day(rest: list[Token]) -> bool:
    """Say whether what follows is of a child's day: "will sleep in his own bed", "will play with her toys"."""
    return any(is_a(token.lower, "childs-day") for token in rest[1:8])


def _acts_on(rest: list[Token]) -> int:
    """Weigh whom a care or a harm is done to: somebody else, or somebody's thing."""
    rest = [token for token in rest if not is_a(token.lower, "particle")]
    while rest and (rest[0].text in ",and" or verb_form(rest[0].lower)) and not rest[0].is_capital:
        rest = rest[1:]
    if not rest:
        return 0
    if rest[0].is_capital or rest[0].lower in ("him", "them"):
        return -3
    return -int(is_a(rest[0].lower, "possessive"))
