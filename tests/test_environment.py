"""The ways to install the workbook say the same: pyproject.toml, requirements.lock, environment.yml."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest
import yaml
from sample import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
OTHER_NAME_IN_CONDA = {"playwright-python": "playwright"}
TOOLS_OF_CONDA = {"python", "pip"}


def named(requirement: str) -> tuple[str, frozenset[str]]:
    """Return the name and the bounds of a requirement: ("pandas", {">=2.2"}). Extras and markers are left out."""
    match = re.match(r"([A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*([^;]*)", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[1]).lower(), frozenset(filter(None, re.split(r"[,\s]+", match[2])))


def wanted() -> dict[str, frozenset[str]]:
    """Return the name and bounds of every package in pyproject.toml, extras too."""
    extras = PROJECT["project"]["optional-dependencies"]
    return dict(map(named, [*PROJECT["project"]["dependencies"], *(r for extra in extras.values() for r in extra)]))


def locked() -> list[str]:
    """Return each requirement of the lock file as one line."""
    lines = [line for line in LOCK.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return re.split(r"\n(?=\S)", "\n".join(lines))


def conda() -> tuple[dict[str, frozenset[str]], list[str]]:
    """Return what environment.yml takes from conda-forge, by its name on PyPI, and what it takes from pip."""
    plain = [entry for entry in CONDA["dependencies"] if isinstance(entry, str)]
    (pip,) = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    return {OTHER_NAME_IN_CONDA.get(name, name): bounds for name, bounds in map(named, plain)}, pip


def test_every_package_has_a_lower_bound() -> None:
    assert [name for name, bounds in wanted().items() if not any(b.startswith(">=") for b in bounds)] == []


def test_conda_users_get_the_same_packages_and_bounds() -> None:
    packages, pip = conda()
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert {name: b for name, b in packages.items() if name not in TOOLS_OF_CONDA} | dict(map(named, pip)) == wanted()
    assert not set(packages) & {named(r)[0] for r in pip}, "each from one place"


def test_every_locked_requirement_is_pinned_and_has_hashes() -> None:
    requirements = locked()
    assert len(requirements) > 50
    for requirement in requirements:
        first, *rest = requirement.replace("\\\n", "\n").splitlines()
        assert re.fullmatch(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==[^\s;]+(\s*;.+)?\s*", first), first
        assert rest and all(re.fullmatch(r"\s+--hash=sha256:[0-9a-f]{64}\s*", line) for line in rest), first


@pytest.mark.parametrize(
    "pattern", [r"://", r"\bfile:", r"--(extra-)?index", r"--find-links", r"(^|\s)-[ef]\s", r"/(home|root|tmp|work|Users)/", r" @ "]
)
def test_the_lock_file_names_no_index_and_no_folder(pattern: str) -> None:
    assert not re.search(pattern, LOCK, re.M)


def test_every_dependency_is_locked_within_its_bounds() -> None:
    pins: dict[str, set[str]] = {}
    for requirement in locked():
        name, bounds = named(requirement.split("\\")[0].split(" --hash")[0])
        pins.setdefault(name, set()).update(b.removeprefix("==") for b in bounds)
    assert set(wanted()) <= set(pins)
    for name, bounds in wanted().items():
        for pin in pins[name]:
            for bound in bounds:
                edge = numbers(bound.lstrip("<>="))
                assert numbers(pin) >= edge if bound.startswith(">=") else numbers(pin) < edge, (name, pin, bound)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_python_is_the_same_everywhere() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert PROJECT["tool"]["mypy"]["python_version"] == "3.11"
    assert conda()[0]["python"] == {">=3.11"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--python-version 3.11" in makefile and "sys.version_info < (3, 11)" in makefile
    assert sys.version_info >= (3, 11)
