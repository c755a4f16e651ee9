"""The version stands in several places, and says the same in each; what was released is kept."""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from conftest import ROOT
from incident_tracker import __version__, starter
from incident_tracker.assemble import read_known_protocol
from incident_tracker.errors import PROTOCOL
from incident_tracker.releases import DIGITS, files_of, released
from incident_tracker.upgrading.versions import is_version, order
from steps import incident

sys.path.insert(0, str(ROOT / "tools"))
import release

CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
SECTION = re.compile(r"^## ([0-9.]+) - ([0-9]{4}-[0-9]{2}-[0-9]{2})$", re.MULTILINE)
HEAD = "# Changelog\n\nAll.\n\n## Unreleased\n"


def test_package_command_and_changelog_say_the_same_version(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "tools/incident_tracker/__init__.py"
    assert is_version(__version__)
    assert incident("--version", cwd=tmp_path) == f"incident-tracker {__version__}\n"
    newest = max(released(), key=order)
    if "dev" in __version__:
        assert order(newest) < order(__version__)
    else:
        assert newest == __version__


def test_each_release_has_its_section_newest_first_with_a_day_that_is_none_before() -> None:
    assert CHANGELOG.index("\n## Unreleased\n") < CHANGELOG.index("\n## ", 1) + 1
    found = SECTION.findall(CHANGELOG)
    assert [version for version, _ in found] == sorted(released(), key=order, reverse=True)
    days = [date.fromisoformat(day) for _, day in found]
    assert days == sorted(days, reverse=True)
    assert len(re.findall("^## ", CHANGELOG, re.MULTILINE)) == len(found) + 1


def test_what_a_release_is_said_to_write_is_what_it_writes() -> None:
    if "dev" in __version__:
        pytest.fail(
            "the version in development has no list yet"
        ) if __version__ in released() else None
        return
    now = {file.path.as_posix(): file.content for file in starter.files(demo=False)}
    differing = [
        path
        for path in {*now, *files_of(__version__)}
        if now.get(path) != files_of(__version__).get(path)
    ]
    assert differing == [], (
        f"not tagged yet? make release VERSION={__version__}; "
        "else the next one begins first: python tools/release.py --begin VERSION"
    )


@pytest.mark.parametrize("version", released())
def test_every_text_of_every_release_is_there_and_its_protocol_can_be_read(version: str) -> None:
    files = files_of(version)
    assert len(files) > 40
    protocol, faults = read_known_protocol(files[PROTOCOL].decode())
    assert protocol is not None, faults


def test_no_text_is_kept_that_no_release_has() -> None:
    kept = {path.name for path in (release.RELEASES / "texts").iterdir()}
    lists = [path.read_text("utf-8") for path in release.RELEASES.glob("*.sha256")]
    assert kept == {line[:DIGITS] for text in lists for line in text.splitlines()}


def test_what_is_unreleased_becomes_the_section_of_the_release() -> None:
    text = f"{HEAD}\n### Added\n\n- A.\n\n## 0.9.0 - 2026-01-01\n\n- Old.\n"
    assert release.changed(text, "1.0.0", date(2026, 2, 1)) == (
        f"{HEAD}\n## 1.0.0 - 2026-02-01\n\n### Added\n\n- A.\n\n## 0.9.0 - 2026-01-01\n\n- Old.\n"
    )


def test_a_release_that_is_made_again_before_its_tag_gets_what_was_added_since() -> None:
    text = f"{HEAD}\n- B.\n\n## 1.0.0 - 2026-01-01\n\n- A.\n\n## 0.9.0 - 2025-01-01\n\n- Old.\n"
    assert release.changed(text, "1.0.0", date(2026, 2, 1)) == (
        f"{HEAD}\n## 1.0.0 - 2026-02-01\n\n- B.\n\n- A.\n\n## 0.9.0 - 2025-01-01\n\n- Old.\n"
    )
    again = f"{HEAD}\n## 1.0.0 - 2026-01-01\n\n- A.\n"
    assert release.changed(again, "1.0.0", date(2026, 1, 1)) == again


@pytest.mark.parametrize(
    "text", [HEAD, "# Changelog\n", f"{HEAD}\n## 0.9.0 - 2026-01-01\n\n- A.\n"]
)
def test_a_release_of_which_the_changelog_says_nothing_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"Unreleased|says nothing"):
        release.changed(text, "1.0.0", date(2026, 2, 1))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a package that says its version, which a release or a beginning would change."""
    path = tmp_path / "__init__.py"
    path.write_text('"""It."""\n\n__version__ = "0.1.0"\n', encoding="utf-8")
    monkeypatch.setattr(release, "PACKAGE", tmp_path)
    return path


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.1", "no version of a release"),
        ("v98.0.0", "no version of a release"),
        ("98.0.0.dev0", "no version of a release"),
        ("\uff198.0.0", "no version of a release"),
        (released()[-1], "released already, which is no earlier than"),
        ("0.1.0", "released already, which is no earlier than"),
    ],
)
def test_a_version_that_cannot_come_next_does_not_begin(
    package: Path, version: str, why: str
) -> None:
    before = package.read_bytes()
    with pytest.raises(ValueError, match=why):
        release.begin(version)
    if why.startswith("no version"):
        with pytest.raises(ValueError, match=why):
            release.release(version, date(2026, 2, 1))
    assert package.read_bytes() == before


def test_the_next_version_begins_with_its_development(package: Path) -> None:
    release.begin("98.0.0")
    assert package.read_text("utf-8") == '"""It."""\n\n__version__ = "98.0.0.dev0"\n'


def test_versions_are_in_the_order_of_their_numbers() -> None:
    versions = ["0.9.0", "0.10.0.dev0", "0.10.0", "1.0.0.dev1", "1.0.0", "1.0.1"]
    assert sorted({*versions}, key=order) == versions
    assert not any(map(is_version, ["1.0", "v1.0.0", "1.0.0rc1", "1.0.0.dev", "\uff11.0.0", ""]))
