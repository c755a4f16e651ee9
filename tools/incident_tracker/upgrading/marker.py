"""The file in a tracker that says which version of the tool wrote its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from incident_tracker.finding import Fault
from incident_tracker.text.tables import read_table
from incident_tracker.text.yaml_reader import read_yaml
from incident_tracker.text.yaml_writer import scalar
from incident_tracker.upgrading.versions import is_version

PATH = ".incident-tracker.yml"
HEAD = """\
# Which version of incident-tracker wrote the files here that came with it.
# An upgrade begins with it: keep it in Git, and leave it as it is.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeBy:
    """Which version wrote the files of a tracker.

    ``day`` is that on which its contacts and runbooks were begun, None where these are examples.
    ``waiting`` are the files that are still those of an older version, each with that version.
    ``writing`` are those of an upgrade that is under way, each with the digest that it will have;
    ``towards`` is the version that it brings, empty where none is under way.
    """

    version: str
    day: date | None = None
    waiting: Mapping[str, str] = field(default_factory=dict)
    towards: str = ""
    writing: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The file."""
        lines = [f"version: {self.version}"]
        lines += [f"day: {self.day}"] if self.day else []
        lines += _listed("waiting", self.waiting)
        lines += [f"towards: {self.towards}"] if self.towards else []
        lines += _listed("writing", self.writing)
        return HEAD + "".join(f"{line}\n" for line in lines)


def _listed(name: str, files: Mapping[str, str]) -> list[str]:
    # What stood there before may be a stranger's, and must be read again all the same.
    said = [
        f"  {json.dumps(path, ensure_ascii=False, allow_nan=False)}: {scalar(what)}"
        for path, what in sorted(files.items())
    ]
    return [f"{name}:", *said] if files else []


def read_marker(text: str) -> tuple[MadeBy | None, tuple[Fault, ...]]:
    """Return what the file says, or what is wrong with it."""
    node, faults = read_yaml(text)
    if node is None or faults:
        return None, faults
    found, faults = read_table(MadeBy, node)
    if found is not None and not all(map(is_version, _versions(found))):
        wrong = Fault(code="CFG001", message="a version has three numbers", position=node.position)
        return None, (wrong,)
    return found, faults


def _versions(made_by: MadeBy) -> list[str]:
    towards = [made_by.towards] if made_by.towards else []
    return [made_by.version, *made_by.waiting.values(), *towards]
