"""The wheel alone, in an empty environment, is a whole tracker."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from conftest import ROOT
from incident_tracker import __version__

sys.path.insert(0, str(ROOT / "tools"))
from smoke import run

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(ROOT, sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    return folder


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel and its locked dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    (wheel,) = built.glob("*.whl")
    # Our own pip installs into it: one less to install, and nothing of ours is visible there.
    run(folder, sys.executable, "-m", "venv", "--without-pip", folder)
    pins = folder / "pins.txt"
    pins.write_text("\n".join(pinned()), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python")
    install = ("install", "--quiet", "--disable-pip-version-check", "--no-compile")
    run(folder, *pip, *install, "--constraint", pins, wheel)
    return folder / "bin"


def pinned() -> list[str]:
    """The pins of the lock without their hashes, with which pip would ask for the wheel's own."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [line.removesuffix("\\").strip() for line in lines if line[:1].isalnum()]


def names(archive: Path) -> set[str]:
    if archive.suffix == ".whl":
        return set(zipfile.ZipFile(archive).namelist())
    with tarfile.open(archive) as opened:
        return {name.partition("/")[2] for name in opened.getnames()}


def test_the_wheel_carries_the_starter_and_no_tests(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    inside = names(wheel)
    assert "incident_tracker/starter/protocol/protocol.yml" in inside
    assert "incident_tracker/starter/github/workflows/records.yml" in inside
    assert not [name for name in inside if name.startswith(("tests/", "tools/"))]
    assert {name.partition("/")[0].partition("-")[0] for name in inside} == {"incident_tracker"}
    assert not [name for name in inside if "__pycache__" in name or name.endswith(".pyc")]


def test_the_metadata_say_what_an_index_asks_for(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    (path,) = (name for name in names(wheel) if name.endswith(".dist-info/METADATA"))
    # As strict as an index: an unknown or wrong field raises.
    read = Metadata.from_email(zipfile.ZipFile(wheel).read(path), validate=True)
    assert (read.name, str(read.version)) == ("incident-tracker", __version__)
    assert (read.license_expression, read.license_files) == ("MIT", ["LICENSE"])
    assert read.description_content_type == "text/markdown"
    assert read.requires_python == ">=3.11"
    assert "# incident-tracker" in (read.description or "")


def test_the_sdist_holds_what_a_release_is_tested_with(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    assert {"CHANGELOG.md", "LICENSE", "Makefile", "requirements.lock"} < names(sdist)
    assert "tests/test_wheel.py" in names(sdist)


def test_a_tracker_made_by_the_wheel_checks_and_builds(environment: Path, tmp_path: Path) -> None:
    run(tmp_path, environment / "incident", "init", "t", "--demo")
    tracker = tmp_path / "t"
    run(tracker, environment / "incident", "check")
    said = run(tracker, environment / "incident", "upgrade")
    assert said == f"nothing to do: all is as {__version__} has it\n"
    run(tracker, environment / "mkdocs", "build", "--strict")
    run(tracker, environment / "mkdocs", "build", "--strict", "-f", "mkdocs-public.yml")
    assert (tracker / "site-public" / "about.html").exists()
    records = sorted((tracker / "incidents").rglob("20*.md"))
    assert records
    page = tracker / "site" / records[0].relative_to(tracker).with_suffix(".html")
    assert "<title>" in page.read_text("utf-8")
