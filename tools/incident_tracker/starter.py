"""The files of a new tracker: the one list of what `incident init` writes.

This repository is itself a tracker, so its own protocol, runbooks and records are the defaults. The
wheel carries copies of them in `starter/`; an editable install reads them where they stand.
"""

# The build reads PARTS before anything is installed: import only the standard library here.
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

PACKAGE_TEMPLATES = "tools/incident_tracker/templates/starter/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One file or folder: where it stands in this repository, and where in a new tracker."""

    source: str
    target: str
    demo: bool = False

    @property
    def packed(self) -> str:
        """The part's path inside the wheel's `starter/` folder, where no name begins with a dot."""
        return ("demo/" if self.demo else "") + self.target.removeprefix(".")

    @property
    def inside_package(self) -> bool:
        """Whether the part stands in the package in every kind of install."""
        return self.source.startswith(PACKAGE_TEMPLATES)


@dataclass(frozen=True, kw_only=True, slots=True)
class StarterFile:
    """One file that `init` writes: its path in the new tracker, and its bytes."""

    path: PurePosixPath
    content: bytes


def _shared(path: str, *, demo: bool = False) -> Part:
    return Part(source=path, target=path, demo=demo)


def _own(name: str, target: str) -> Part:
    return Part(source=PACKAGE_TEMPLATES + name, target=target)


PARTS = (
    _own("README.md", "README.md"),
    _own("requirements.txt", "requirements.txt"),
    _own("gitignore", ".gitignore"),
    _own("gitattributes", ".gitattributes"),
    _own("mkdocs.yml", "mkdocs.yml"),
    _shared("mkdocs-public.yml"),
    _shared("docs-public"),
    _shared("docs/start.md"),
    _shared("docs/guide"),
    _shared("protocol/protocol.yml"),
    _shared("protocol/components.yml"),
    _shared("protocol/contacts.yml"),
    _shared("protocol/incident-response.md"),
    _shared("protocol/severities.md"),
    _shared("protocol/messages"),
    _shared("runbooks"),
    _shared(".vscode"),
    _own("pre-commit-config.yaml", ".pre-commit-config.yaml"),
    _shared(".github/workflows/records.yml"),
    _shared(".github/workflows/site.yml"),
    _shared(".github/workflows/sweep.yml"),
    _shared(".github/workflows/declare.yml"),
    _shared(".github/ISSUE_TEMPLATE"),
    _shared(".github/pull_request_template.md"),
    _shared(".github/CODEOWNERS"),
    _shared(".github/dependabot.yml"),
    _shared("incidents", demo=True),
    _shared("pir", demo=True),
    _shared("evidence", demo=True),
)


def files(*, demo: bool) -> Iterator[StarterFile]:
    """Every file of a new tracker, example records last, if `demo`; a missing part raises."""
    for part in PARTS:
        if demo or not part.demo:
            yield from _walk(_location(part), PurePosixPath(part.target))


def _location(part: Part) -> Traversable:
    package = package_files("incident_tracker")
    if part.inside_package:
        return package / "templates" / "starter" / part.source.removeprefix(PACKAGE_TEMPLATES)
    packed = package / "starter"
    if packed.is_dir():
        return packed / part.packed
    return Path(__file__).parents[2] / part.source


def _walk(found: Traversable, path: PurePosixPath) -> Iterator[StarterFile]:
    if not found.is_dir():
        yield StarterFile(path=path, content=found.read_bytes())
        return
    for child in sorted(found.iterdir(), key=lambda entry: entry.name):
        yield from _walk(child, path / child.name)
