"""Every benchmark in one run, side by side with stock nbgrader and stock Voilà."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks import arrivals, autograde


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=Path("academy") / "bench.json", help="where to write the figures")
    options = parser.parse_args()
    machine = {"system": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version()}
    machine["versions"] = {name: version(name) for name in ("nbgrader", "voila", "anywidget", "jupyter-server")}
    found: dict[str, object] = {"machine": machine}
    with tempfile.TemporaryDirectory() as folder:
        for name, part in (("arrivals", arrivals), ("autograde", autograde)):
            path = Path(folder) / f"{name}.json"
            part.main(["--json", str(path)])
            found[name] = json.loads(path.read_text())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(found, indent=1))
    print(f"\nFigures: {options.json}")


if __name__ == "__main__":
    main()
