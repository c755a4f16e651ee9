"""The wheel alone, in an empty environment, is a whole tracker."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata

from incident_tracker import __version__

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.wheel


def run(*command: str | Path, cwd: Path) -> str:
    # Nothing of the environment that runs the tests may help the one under test.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**clean, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the wheel and its locked dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    (wheel,) = built.glob("*.whl")
    # Our own pip installs into it: one less to install, and nothing of ours is visible there.
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    pins = folder / "pins.txt"
    pins.write_text("\n".join(pinned()), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python")
    install = ("install", "--quiet", "--disable-pip-version-check", "--no-compile")
    run(*pip, *install, "--constraint", pins, wheel, cwd=folder)
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
    run(environment / "incident", "init", "t", "--demo", cwd=tmp_path)
    tracker = tmp_path / "t"
    run(environment / "incident", "check", cwd=tracker)
    said = run(environment / "incident", "upgrade", cwd=tracker)
    assert said == f"nothing to do: all is as {__version__} has it\n"
    run(environment / "mkdocs", "build", "--strict", cwd=tracker)
    run(environment / "mkdocs", "build", "--strict", "-f", "mkdocs-public.yml", cwd=tracker)
    assert (tracker / "site-public" / "about.html").exists()
    records = sorted((tracker / "incidents").rglob("20*.md"))
    assert records
    page = tracker / "site" / records[0].relative_to(tracker).with_suffix(".html")
    assert "<title>" in page.read_text("utf-8")
