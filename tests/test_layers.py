"""Imports point one way: each part of sopkit may use those named beside it, and nothing above it."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys

import pytest
from sample import ROOT

PACKAGE = ROOT / "sopkit"

# What each part may import from sopkit. `errors`, `model` and `kinds` are open to all below them, so they are named once.
CORE = {"errors", "model", "kinds"}
MAY_IMPORT = {
    "errors": set(),
    "model": {"errors"},
    "kinds": {"errors", "model"},
    # these never import one another
    "content": CORE,
    "store": CORE | {"tables"},
    "tables": set(),
    "spacing": set(),
    "agreement": CORE,
    "widgets": CORE,
    "hints": CORE,
    "measure": CORE,
    # these stand on them
    "marks": CORE | {"store", "tables"},
    "coaching": CORE | {"store", "tables"},
    "record": CORE | {"content"},
    "responses": CORE,
    "roster": CORE | {"content"},
    "release": CORE | {"content"},
    "plain": CORE | {"responses"},
    "academy": CORE | {"content", "store"},
    "sitting": CORE | {"content", "store", "widgets", "hints", "responses", "marks"},
    # where people meet it
    "apps": CORE
    | {
        "content",
        "store",
        "widgets",
        "sitting",
        "academy",
        "measure",
        "reports",
        "marks",
        "coaching",
        "record",
        "spacing",
        "agreement",
        "hints",
    },
    "surface": CORE | {"content", "store", "widgets", "sitting", "academy", "responses", "release", "plain"},
    "gradebook": CORE | {"content", "store", "tables", "academy", "responses", "release", "plain", "marks"},
    "reports": CORE | {"content", "store", "measure"},
    # the server, and the command line over all
    "signin": CORE | {"store"},
    "practice": CORE | {"content", "store", "academy", "signin"},
    "handlers": CORE | {"signin"},
    "server": CORE | {"handlers", "content", "store", "widgets", "academy", "apps", "gradebook", "signin", "marks"},
    "cli": CORE | {"content", "release", "store", "academy", "roster", "practice", "signin", "gradebook", "server", "reports"},
    "__init__": {"apps", "surface"},
}
PARTS = sorted(path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())


def files(part: str) -> list[str]:
    """Return the source of each module of a part, which is a module or a package."""
    folder = PACKAGE / part
    paths = sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{part}.py"]
    return [path.read_text(encoding="utf-8") for path in paths]


def imports(source: str) -> set[str]:
    """Return the parts of sopkit that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom(module="sopkit"):
                names = [f"sopkit.{alias.name}" for alias in node.names]
            case ast.ImportFrom():
                assert node.level == 0, "imports are written out in full"
                names = [node.module or ""]
        found |= {name.split(".")[1] for name in names if name.startswith("sopkit.")}
    return found


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_only_what_it_may(part: str) -> None:
    assert part in MAY_IMPORT, f"{part} is new: say in the table what it may import"
    found = set().union(*map(imports, files(part))) - {part}
    assert found - MAY_IMPORT[part] == set()


def test_the_table_points_one_way() -> None:
    order = list(graphlib.TopologicalSorter(MAY_IMPORT).static_order())
    assert order[0] == "errors"
    assert order.index("cli") > order.index("server") > order.index("apps") > order.index("sitting") > order.index("content")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from sopkit import store", {"store"}),
        ("import sopkit.store as s", {"store"}),
        ("from sopkit.kinds.tag import Tag", {"kinds"}),
        ("def f():\n    from sopkit.server import build", {"server"}),
        ("import sopkitten, os", set()),
    ],
)
def test_imports_are_seen_wherever_they_are(source: str, found: set[str]) -> None:
    assert imports(source) == found


@pytest.mark.parametrize("module", ["sopkit.apps.page", "sopkit.apps.workbook"])
def test_a_trainee_s_kernel_stays_small(module: str) -> None:
    """Every kernel that is warmed for a class holds what this imports."""
    heavy = ("pandas", "numpy", "nbgrader", "nbconvert", "voila", "matplotlib")
    code = f"import sys, {module}; print(*sorted(set({heavy}) & {{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""


def test_notebooks_need_only_the_public_names() -> None:
    code = (
        "import sopkit, sys; assert not [m for m in sys.modules if m.startswith('sopkit.')]; [getattr(sopkit, n) for n in sopkit.__all__]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
