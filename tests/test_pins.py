"""A tracker asks for one version of the tool, by its number or by the commit of its tag."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_tracker import __version__
from incident_tracker.upgrading.pins import Pin, pin_of, pinned, repinned
from steps import BIN, _done, git

ONE, OTHER = "a" * 40, "b" * 40
ADDRESS = "https://git.example.org/ops/incident-tracker"
REQUIREMENTS = b"# The tool.\n{{tool}}{{tag}}\n"


@pytest.mark.parametrize(
    "pin",
    [Pin("0.9.0"), Pin("1.0.0", ADDRESS, ONE), Pin("1.0.0", f"ssh://git@{ADDRESS[8:]}", ONE)],
)
def test_what_is_written_is_read_again(pin: Pin) -> None:
    assert pin_of(pinned(REQUIREMENTS, pin).decode()) == pin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "incident-tracker",
        "incident-tracker>=0.9,<1",
        "incident-tracker==0.*",
        "incident-tracker==0.9.0,!=0.9.1",
        f"incident-tracker==0.9.0 --hash=sha256:{ONE}",
        "incident-tracker==0.9.0 \\\n    --hash=sha256:1",
        "incident-tracker==0.9.0; python_version < '3'\nincident-tracker==1.0.0",
        "# incident-tracker==0.9.0",
        "click  # for incident-tracker==0.9.0",
        "my-incident-tracker==0.9.0",
        "my.incident-tracker==0.9.0",
        f"x@ git+https://e.org/incident-tracker @ git+{ADDRESS}@{ONE}",
        f"incident-tracker @ git+{ADDRESS}@main",
    ],
)
def test_a_range_a_branch_or_a_hash_is_no_pin_of_ours(text: str) -> None:
    assert pin_of(text) is None


def test_a_line_without_end_is_read_in_a_time_in_proportion_to_its_length() -> None:
    assert pin_of("incident-tracker @ git+x" * 100_000) is None


def test_only_the_tool_and_only_that_version_of_it_is_asked_for_anew() -> None:
    text = "incident-tracker==0.9.0\nincident-tracker==0.9.1\nmy-incident-tool==0.9.0\n"
    assert repinned(text, Pin("0.9.0"), Pin("1.0.0")) == text.replace(
        "tracker==0.9.0", "tracker==1.0.0"
    )


@pytest.mark.parametrize(
    "line",
    [
        "my-incident-tracker==0.9.0",
        "# We came from incident-tracker==0.9.0.",
        "click  # as incident-tracker==0.9.0 asks",
    ],
)
def test_other_packages_and_remarks_stay_as_they_are(line: str) -> None:
    text = f"{line}\nincident-tracker==0.9.0  # ours\n{line}"
    new = f"{line}\nincident-tracker==1.0.0  # ours\n{line}"
    assert repinned(text, Pin("0.9.0"), Pin("1.0.0")) == new
    assert pin_of(text) == Pin("0.9.0")


def test_a_commit_and_the_tag_behind_it_change_together_also_where_no_tag_is_named() -> None:
    pin = f"incident-tracker @ git+{ADDRESS}@{ONE}"
    text = f'{pin}  # v0.9.0\n["{pin}"]'
    new = repinned(text, Pin("0.9.0", ADDRESS, ONE), Pin("1.0.0", ADDRESS, OTHER))
    assert new == text.replace(ONE, OTHER).replace("0.9.0", "1.0.0")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A repository of the tool with the tag of this version."""
    folder = tmp_path / "source"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Release")
    git(folder, "tag", "--annotate", "-m", "x", f"v{__version__}")
    git(folder, "commit", "-q", "--allow-empty", "-m", "Later")
    return folder


def test_a_new_tracker_takes_the_tool_from_git_by_the_commit_of_its_tag(
    source: Path, tmp_path: Path
) -> None:
    commit = git(source, "rev-parse", f"v{__version__}^{{commit}}").strip()
    _done(BIN / "incident", "init", "t", "--tool-from", source.as_uri(), cwd=tmp_path)
    pin = f"incident-tracker @ git+{source.as_uri()}@{commit}"
    asked = (tmp_path / "t" / "requirements.txt").read_text("utf-8")
    assert asked.splitlines()[-1] == f"{pin}  # v{__version__}"
    assert (tmp_path / "t" / ".pre-commit-config.yaml").read_text("utf-8").count(f'"{pin}"') == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ext::sh -c touch% pwn", "is no address that pip takes"),
        ("--upload-pack=touch", "is no address that pip takes"),
        ("https://x.example/\nevil==1", "is no address that pip takes"),
        ("file:///nowhere/at/all", "ls-remote failed"),
    ],
)
def test_an_address_that_is_none_writes_nothing(address: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=said):
        _done(BIN / "incident", "init", "t", f"--tool-from={address}", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_repository_without_the_tag_is_refused(source: Path, tmp_path: Path) -> None:
    git(source, "tag", "--delete", f"v{__version__}")
    with pytest.raises(AssertionError, match=f"has no tag v{__version__}"):
        _done(BIN / "incident", "init", "t", "--tool-from", source.as_uri(), cwd=tmp_path)
    assert not (tmp_path / "t").exists()
