"""The fields of a filled form: which "label: text" lines tell who, what, when, who steps in, who is told, what is known, why."""

from __future__ import annotations

from sopkit.hints.lexicon import is_a
from sopkit.hints.text import Draft

# What a label asks, in the order of trying: the first kind whose words are in the label is it.
KINDS = ("backup", "willing", "check", "knows", "does", "when", "tie", "who", "does-too")


def form(draft: Draft) -> dict[str, set[int]]:
    """Return kind of field -> its tokens, an empty set for a label left blank; {} for free-running text."""
    fields: dict[str, set[int]] = {}
    filled = draft.fields()
    for label, _, _ in draft.labels:
        first, last = filled.get(label, (0, 0))
        for kind in kinds_of(label):
            fields.setdefault(kind, set()).update(range(first, last))
    return fields


def kinds_of(label: str) -> list[str]:
    """Return what a label asks: "If I can't" asks for a backup, "If he drinks" for who is told, "Name and tie" for two things."""
    words = [word.strip("(),.") for word in label.replace("/", " ").replace("+", " ").replace("-", " ").split()]
    if words[0] in ("not", "never"):
        return ["backup"]
    if words[0] in ("if", "si"):
        return ["backup"] if any(is_a(word, "label-not") for word in words) else ["check"]
    if {"worry", "worries", "danger", "harm"} & set(words):
        return ["knows"]
    if words[0] == "how" and {"know", "knows", "hear", "hears", "learn", "learns"} & set(words):
        return ["check"]
    if words[0] == "who" and "told" in words and not {"has", "been", "she", "he", "them", "me"} & set(words):
        return ["check"]
    if words[0] in ("what", "lo", "qué") and {"do", "does", "will", "doing", "hace", "hacer"} & set(words) and "can't" not in words:
        return ["does"]
    if {"name", "who", "person"} & set(words) and {"tie", "relationship", "relation"} & set(words):
        return ["who", "tie"]
    return next(([kind.removesuffix("-too")] for kind in KINDS if any(is_a(word, f"label-{kind}") for word in words)), [])
