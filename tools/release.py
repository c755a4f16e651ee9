"""Makes of what is here a release: `make release VERSION=1.0.0`.

The version, the changelog's section and what `incident init` writes are set down; nothing is
committed or tagged. Until the tag is there, it can be run again: after a merge, for example.
With `--begin 1.1.0` the version under development begins instead: 1.1.0.dev0.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from incident_tracker import __version__, starter
from incident_tracker.releases import DIGITS, SUFFIX, released
from incident_tracker.upgrading.versions import is_development, is_version, order

ROOT = Path(__file__).parents[1]
PACKAGE = Path(__file__).parent / "incident_tracker"
RELEASES = PACKAGE / "templates" / "releases"
CHANGELOG = ROOT / "CHANGELOG.md"
UNRELEASED = "## Unreleased\n"


def release(version: str, day: date) -> None:
    """Set down a release; ValueError where it cannot be one."""
    _refuse_no_release(version)
    if _is_tagged(version):
        message = f"v{version} is tagged already: what was released stays as it is"
        raise ValueError(message)
    later = [known for known in released() if order(known) > order(version)]
    if later:
        message = f"{later[-1]} was released already, which is later than {version}"
        raise ValueError(message)
    CHANGELOG.write_text(changed(CHANGELOG.read_text("utf-8"), version, day), encoding="utf-8")
    set_version(version)
    keep(version)


def begin(version: str) -> None:
    """Let the development of a version begin; ValueError where it cannot."""
    _refuse_no_release(version)
    last = released()[-1]
    if order(version) <= order(last):
        message = f"{last} was released already, which is no earlier than {version}"
        raise ValueError(message)
    set_version(f"{version}.dev0")


def _refuse_no_release(version: str) -> None:
    if not is_version(version) or is_development(version):
        message = f'"{version}" is no version of a release, as 1.0.0 is'
        raise ValueError(message)


def changed(text: str, version: str, day: date) -> str:
    """Return the changelog with what is unreleased in the section of a version.

    A section that is there already, for it was not tagged yet, gets what was added since.
    """
    head, found, rest = text.partition(UNRELEASED)
    if not found:
        message = f"{CHANGELOG.name} has no section {UNRELEASED.strip()}"
        raise ValueError(message)
    new, border, older = _parted(rest)
    if older.startswith(f"## {version} "):
        same, border, older = _parted(older.partition("\n")[2])
        new = f"{new.strip()}\n\n{same.strip()}" if new.strip() else same
    if not new.strip():
        message = f"{CHANGELOG.name} says nothing of {version}"
        raise ValueError(message)
    section = f"## {version} - {day}\n\n{new.strip()}\n"
    return f"{head}{UNRELEASED}\n{section}{border}{older}"


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before the next section, a blank line if there is one, and the sections."""
    found = re.search(r"^## ", text, re.MULTILINE)
    return (text[: found.start()], "\n", text[found.start() :]) if found else (text, "", "")


def set_version(version: str) -> None:
    """Let the package say its version."""
    path = PACKAGE / "__init__.py"
    text = path.read_text("utf-8")
    path.write_text(
        re.sub(r'(?<=^__version__ = ").*(?="$)', version, text, flags=re.MULTILINE), "utf-8"
    )


def keep(version: str) -> None:
    """Keep what `incident init` writes, as the texts from which an upgrade will start."""
    lines = []
    for file in sorted(starter.files(demo=False), key=lambda file: file.path.as_posix()):
        digest = hashlib.sha256(file.content).hexdigest()
        (RELEASES / "texts").mkdir(parents=True, exist_ok=True)
        (RELEASES / "texts" / digest[:DIGITS]).write_bytes(file.content)
        lines.append(f"{digest}  {file.path}\n")
    (RELEASES / f"{version}{SUFFIX}").write_text("".join(lines), encoding="utf-8")
    listed = "".join(path.read_text("utf-8") for path in RELEASES.glob(f"*{SUFFIX}"))
    for path in (RELEASES / "texts").iterdir():
        if path.name not in listed:
            path.unlink()  # of an earlier run for the same version


def _is_tagged(version: str) -> bool:
    asked = ["git", "tag", "--list", f"v{version}"]
    return bool(subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout)


def main() -> None:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("version")
    parser.add_argument("--begin", action="store_true", help="begin its development instead")
    parser.add_argument("--day", type=date.fromisoformat, default=datetime.now(UTC).date())
    given = parser.parse_args()
    try:
        begin(given.version) if given.begin else release(given.version, given.day)
    except ValueError as error:
        sys.exit(f"error: {error}")
    if given.begin:
        return
    print(f"{__version__} is now {given.version}. Read `git diff`, then:")
    print(f"  git add --all && git commit -m 'Release {given.version}'")
    print(f"  git tag --annotate v{given.version} -m 'incident-tracker {given.version}'")
    print("  git push --follow-tags")


if __name__ == "__main__":
    main()
