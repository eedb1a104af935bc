"""A class list as people keep it: a CSV file with the columns `id` and `name`, from any spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

from sopkit.content import read_text
from sopkit.errors import ContentError, Problem
from sopkit.model import Person, usable_id

COLUMNS = ("id", "name")


def read(path: Path) -> list[Person]:
    """Return the people in a CSV file (commas, semicolons or tabs; UTF-8, with or without BOM, or Windows-1252).

    Raises:
        ContentError: with every fault: an empty file, a missing column, an id twice, an id or a name that cannot be used.
    """
    file = path.name
    try:
        text = read_text(path)
    except OSError as error:
        raise ContentError([Problem(file, "", error.strerror or "no file", "a CSV file that can be read")]) from error
    if not text.strip():
        raise ContentError([Problem(file, "", "an empty file", "a first line with id,name and a line for each person")])
    first = text.strip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ContentError([Problem(file, "", str(error), "a CSV file whose quotation marks are closed")]) from error
    head = [cell.strip().casefold() for cell in rows[0]]
    missing = [column for column in COLUMNS if column not in head]
    if missing:
        raise ContentError(
            [Problem(file, "line 1", f"the columns {', '.join(filter(None, head)) or 'none'}", f"also {' and '.join(missing)}")]
        )
    people: dict[str, Person] = {}  # by id in small letters: P01 and p01 would be one folder on many computers
    problems: list[Problem] = []
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if not any(cells.values()):
            continue
        id, name = cells.get("id", ""), " ".join(cells.get("name", "").split())
        if not usable_id(id):
            problems.append(Problem(file, f"line {number}", f"the id {id!r}", "letters, digits, dots, hyphens, @ or _, at most 64"))
        elif id.casefold() in people:
            problems.append(Problem(file, f"line {number}", f"the id {id!r} again", "an id of its own for each person"))
        elif not name or len(name) > 80:
            problems.append(Problem(file, f"line {number}", f"the name {name[:20]!r}", "a name of 1 to 80 letters"))
        else:
            people[id.casefold()] = Person(id, name)
    if not people and not problems:
        problems.append(Problem(file, "", "no people", "a line for each person after the first"))
    if problems:
        raise ContentError(problems)
    return list(people.values())
