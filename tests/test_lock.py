"""The lock holds what pyproject.toml asks for, by hash, and names no place to get it from."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINS = re.findall(r"^(\S+)==(\S+)", LOCK, flags=re.MULTILINE)


def asked() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [Requirement(line) for line in lines]


def test_everything_asked_for_is_pinned_to_a_version_that_was_asked_for() -> None:
    pinned = {
        (name, requirement.name)
        for requirement in asked()
        for name, version in PINS
        if name == canonicalize_name(requirement.name) and requirement.specifier.contains(version)
    }
    assert sorted(name for _, name in pinned) == sorted(requirement.name for requirement in asked())


def test_every_pin_has_a_hash() -> None:
    entries = re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE)
    pinned = [entry for entry in entries if "==" in entry]
    assert len(pinned) == len(PINS)
    assert [entry for entry in pinned if "--hash=sha256:" not in entry] == []


def test_no_place_to_download_from_is_named() -> None:
    assert re.findall(r"^.*(?:://|index-url|find-links).*$", LOCK, flags=re.MULTILINE) == []
