"""The names in a draft: given, or guessed from capital letters."""

from __future__ import annotations

from collections.abc import Collection

from sopkit.hints.lexicon import Lexicon, is_a, verb_form
from sopkit.hints.text import Draft


def find_names(draft: Draft, names: Collection[str]) -> dict[int, tuple[int, str]]:
    """Return token -> (token after it, name)."""
    titles = Lexicon.load().words("title")
    known: dict[str, str] = {}
    for name in names:
        for part in name.replace(".", " ").split():
            if part[:1].isupper() and part.lower() not in titles:
                known[part] = part
    tokens = draft.tokens
    found: dict[int, tuple[int, str]] = {}
    index = 0
    while index < len(tokens):
        token = tokens[index]
        bare = token.text.translate({0x2019: "'"}).removesuffix("'s").removesuffix("'")
        first = index
        if token.lower in titles and token.is_capital:
            place = index + 1
            if place < len(tokens) and tokens[place].text == ".":
                place += 1
            if place < len(tokens) and _is_name(draft, place, known):
                index, bare = place, tokens[place].text.translate({0x2019: "'"}).removesuffix("'s").removesuffix("'")
            elif bare not in known:
                index += 1
                continue
        if token.text[0].isalpha() and _is_name(draft, index, known):
            last = index + 1
            while (
                last < len(tokens)
                and tokens[last].sentence == tokens[index].sentence
                and tokens[last].is_capital
                and tokens[last].text[0].isalpha()
                and _is_name(draft, last, known)
                and last - first < 4
            ):
                last += 1
            found[first] = (last, bare)
            index = last
        else:
            index = max(index, first) + 1
    return found


def _is_name(draft: Draft, index: int, known: dict[str, str]) -> bool:
    tokens = draft.tokens
    token = tokens[index]
    bare = token.text.translate({0x2019: "'"}).removesuffix("'s").removesuffix("'")
    lower = bare.lower()
    if not token.is_capital or not bare or not bare[0].isalpha() or (bare[:2].isupper() and bare not in known):
        return False
    after = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    before = tokens[index - 1].lower if index else ""
    starts = index == 0 or tokens[index - 1].sentence != token.sentence
    if is_a(lower, "month-name") and (after[:1].isdigit() or is_a(before, "dated")):
        return False
    if lower.partition("'")[0] in ("we", "i", "he", "she", "they", "it", "that", "there", "who", "what", "you"):
        return False
    if before in ("the", "a", "an") and bare not in known:
        return False
    if before == "in" and bare not in known and bare == token.text:
        return False  # "in Oregon"
    if bare in known:
        return not (lower in ("will", "may") and starts and after in ("he", "she", "they", "i", "we", "you", "it"))
    if lower in ("will", "may"):
        return (
            verb_form(after) in ("past", "s")
            or after in ("may", "might", "will", "(", "and", "is", "was", "has")
            or (after == "," and not starts)
        )
    if is_a(lower, "month-name"):
        return starts and (verb_form(after) == "past" or after in ("may", "might", "will", "(", "is", "was", "has", ","))
    if known and not starts and lower not in Lexicon.load().words("not-name"):
        return not bare.isupper() or len(bare) < 2
    if lower in Lexicon.load().words("not-name") or bare.isupper() or lower.endswith("ing"):
        return False
    if starts and not ((after == "," and draft.labels) or is_a(after, "after-name") or verb_form(after) in ("s", "past")):
        return False
    if starts:
        return not verb_form(lower) or any(
            other.text == bare and other is not token and tokens[max(0, place - 1)].text not in ".!?" for place, other in enumerate(tokens)
        )
    return True
