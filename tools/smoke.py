"""Tries the wheel alone, in an empty environment of the Python that runs this.

`python tools/smoke.py WHEEL`, with `--constraint FILE` for other versions of what it needs than the
newest. Only the standard library is needed here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path


def main() -> None:
    """Install it, make a tracker, check it, build its sites, export and upgrade it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--constraint", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        venv.create(home / "env", with_pip=True)
        programs = home / "env" / ("Scripts" if os.name == "nt" else "bin")
        constraint = ("--constraint", str(given.constraint.resolve())) if given.constraint else ()
        pip = (programs / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
        run(home, *pip, "install", *constraint, given.wheel.resolve())
        run(home, *pip, "check")
        for command in COMMANDS:
            name, *arguments = command.split()
            run(home, programs / name, *arguments)
        needs = [line.partition(" ")[0] for line in run(home, *pip, "freeze").splitlines()]
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"{given.wheel.name} works on Python {python} with {len(needs)} packages:")
    print(" ".join(needs))


COMMANDS = (
    "incident --version",
    "incident init t --demo",
    "incident -C t check",
    "incident -C t list",
    "incident -C t schema --check",
    "incident -C t export json out",
    "incident -C t upgrade",
    "mkdocs build --quiet --strict --config-file t/mkdocs.yml",
    "mkdocs build --quiet --strict --config-file t/mkdocs-public.yml",
)


def run(folder: Path, *command: str | Path) -> str:
    """What a command prints; the end of the run where it fails."""
    # Nothing of the environment that runs this may help the one under test.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**clean, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"error: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
