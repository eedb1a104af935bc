"""The player that is committed is the one its sources make, and it asks nobody but the academy for anything."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from sopkit.widgets import STATIC

SOURCES = STATIC.parent / "js"
ELSEWHERE = re.compile(r"""(?:\b(?:https?|wss?|ftp):)?//[\w-]+(?:\.[\w-]+)+[^\s"'`)]*""", re.I)
NAMES_ONLY = {"http://www.w3.org/2000/svg"}  # a namespace: nothing is fetched from there


def digest(folder: Path) -> str:
    """Return the SHA-256 of the sources, by the rule at the top of build.mjs."""
    sha = hashlib.sha256()
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted(paths.keys() - {"build.mjs"}):
        sha.update(name.encode() + b"\0" + paths[name].read_bytes() + b"\0")
    return sha.hexdigest()


@pytest.mark.parametrize("name", ["player.js", "player.css"])
def test_the_built_player_is_fresh(name: str) -> None:
    first = (STATIC / name).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"/* sources: {digest(SOURCES)} */", "run `make player` and commit what it writes"


@pytest.mark.parametrize("path", sorted([*STATIC.rglob("*.js"), *STATIC.rglob("*.css")]), ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(ELSEWHERE.findall(text)) <= NAMES_ONLY
    loaded = re.findall(r"""(?:url\(|@import\s+)["']?([^"')\s]+)""", text)
    assert [address for address in loaded if not address.startswith(("fonts/", "data:", "#"))] == []


@pytest.mark.parametrize("line", ["https://cdn.example.com/x.js", "//cdn.example.com/x.js", "wss://example.com", "HTTP://EXAMPLE.COM"])
def test_an_address_elsewhere_would_be_seen(line: str) -> None:
    assert ELSEWHERE.search(f'import "{line}"')


def test_every_font_that_is_named_is_there() -> None:
    named = [name for path in STATIC.glob("*.css") for name in re.findall(r"fonts/[\w-]+\.woff2", path.read_text(encoding="utf-8"))]
    assert named
    assert [name for name in named if not (STATIC / name).is_file()] == []
