"""Class lists as people keep them, and what is said about those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopkit import roster
from sopkit.errors import ContentError
from sopkit.model import Person, Role

TWO = [Person("p1", "Ana Whitlock"), Person("p2", "Kofi Barnes")]


def read(tmp_path: Path, data: str | bytes) -> list[Person]:
    path = tmp_path / "class.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return roster.read(path)


@pytest.mark.parametrize(
    "data",
    [
        "id,name\np1,Ana Whitlock\np2,Kofi Barnes\n",
        "id;name\np1;Ana Whitlock\np2;Kofi Barnes\n",
        "id\tname\np1\tAna Whitlock\np2\tKofi Barnes\n",
        "\ufeffid,name\np1,Ana Whitlock\np2,Kofi Barnes",
        "id,name\r\np1,Ana Whitlock\r\np2,Kofi Barnes\r\n",
        " ID , Name \n p1 ,  Ana   Whitlock \np2,Kofi Barnes\n",
        "name,id\nAna Whitlock,p1\nKofi Barnes,p2\n",
        "id,name,office\np1,Ana Whitlock,North\np2,Kofi Barnes\n",
        'id,name\n"p1","Ana Whitlock"\n"p2","Kofi Barnes"\n',
        "id,name\n\np1,Ana Whitlock\n,\n\np2,Kofi Barnes\n\n",
    ],
    ids=["commas", "semicolons", "tabs", "BOM", "Windows lines", "spaces and capitals", "columns turned", "more columns", "quotes", "gaps"],
)
def test_good_lists(tmp_path: Path, data: str) -> None:
    assert read(tmp_path, data) == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_names_of_every_spelling(tmp_path: Path, encoding: str) -> None:
    names = ["Zoë O’Brien", "Íñigo Muñoz", 'Ana "Annie" Paz', "Müller, Jörg"]
    lines = "".join(f'p{n},"{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(names))
    assert [p.name for p in read(tmp_path, ("id,name\n" + lines).encode(encoding))] == names


def test_everybody_on_a_list_is_a_trainee(tmp_path: Path) -> None:
    assert {p.role for p in read(tmp_path, "id,name,role\nt1,Renee Avery,trainer\n")} == {Role.TRAINEE}


@pytest.mark.parametrize("id", ["p1", "A-1", "a.b@c.example", "0", "x" * 64])
def test_ids_that_can_be_used(tmp_path: Path, id: str) -> None:
    assert [p.id for p in read(tmp_path, f"id,name\n{id},Ana\n")] == [id]


@pytest.mark.parametrize("id", ["", "..", ".x", "-x", "a/b", "a\\b", "a b", "é", "=1+1", "x" * 65, "a\x00b"])
def test_ids_that_cannot(tmp_path: Path, id: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, f"id,name\n{id},Ana\n")
    (problem,) = caught.value.problems
    assert (problem.place, problem.found) == ("line 2", f"the id {id!r}")


@pytest.mark.parametrize(
    ("data", "place", "found"),
    [
        ("", "", "an empty file"),
        ("  \n\n", "", "an empty file"),
        ("\ufeff", "", "an empty file"),
        ("id,name\n", "", "no people"),
        ("id,name\n,\n", "", "no people"),
        ("id\np1\n", "line 1", "the columns id"),
        ("learner,full name\np1,Ana\n", "line 1", "the columns learner, full name"),
        ("p1,Ana\np2,Kofi\n", "line 1", "the columns p1, ana"),
        ("\nid,name\np1,Ana\n", "line 1", "the columns none"),
        ("id,name\np1,Ana\np1,Kofi\n", "line 3", "the id 'p1' again"),
        ("id,name\np1,Ana\nP1,Kofi\n", "line 3", "the id 'P1' again"),
        ("id,name\np1,\n", "line 2", "the name ''"),
        ("id,name\np1\n", "line 2", "the name ''"),
        ("id,name\np1," + "x" * 81 + "\n", "line 2", "the name 'xxxxx"),
        ('id,name\np1,"Ana\np2,Kofi\n', "", "unexpected end of data"),
        ("id,name\np1," + "x" * 200_000 + "\n", "", "field larger than field limit"),
        ("id,name\np1,Ana\n".encode("utf-16"), "line 1", "the columns"),
        (b"PK\x03\x04 a spreadsheet, not a CSV file\x00\x00", "line 1", "the columns"),
    ],
)
def test_bad_lists(tmp_path: Path, data: str | bytes, place: str, found: str) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, data)
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == ("class.csv", place)
    assert found in problem.found and problem.expected


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="3 problems found") as caught:
        read(tmp_path, "id,name\np1,Ana\n../x,Kofi\np1,Mei\np4,\np5,Ruth\n")
    assert [p.place for p in caught.value.problems] == ["line 3", "line 4", "line 5"]


def test_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(ContentError, match="a CSV file that can be read"):
            roster.read(path)
