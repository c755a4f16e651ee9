"""Filters: commands that Git runs between a file and what is kept of it.

Git has no switch for them, and runs one where it only wants to know whether a file has changed. So
each filter that the repository's own configuration names is set to what is configured outside of
it, by the person or the machine, and else to nothing, for every git that looks at files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incident_tracker.history.repository import GitError, Repository

OFF = {"clean": "", "smudge": "", "process": "", "required": "false"}
OWN = frozenset({"local", "worktree"})


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a repository's own configuration, and the settings that put them out."""

    names: frozenset[str]
    settings: Mapping[str, str]

    @classmethod
    def of(cls, repository: Repository) -> Filters:
        """Read them from the configuration."""
        asked = ("config", "--show-scope", "-z", "--get-regexp", r"^filter\.")
        said = repository.run(*asked, expected=(0, 1)).stdout.decode("utf-8", "surrogateescape")
        parts = said.split("\0")
        names, outside = set(), {}
        for scope, entry in zip(parts[::2], parts[1::2], strict=False):
            key, _, value = entry.partition("\n")
            name, _, kind = key.removeprefix("filter.").rpartition(".")
            if scope in OWN:
                names.add(name)
            else:
                outside[name, kind] = value
        return cls(
            frozenset(names),
            {f"filter.{n}.{k}": outside.get((n, k), v) for n in names for k, v in OFF.items()},
        )

    def first(
        self, repository: Repository, paths: Iterable[str], index: Mapping[str, str] | None = None
    ) -> tuple[str, str] | None:
        """Return the first path that one of the filters is for, and its name; None without.

        With the environment of an index the attributes are read from there.
        """
        if not self.names:
            return None
        where = ("--cached",) if index else ()
        data = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
        asked = ("check-attr", *where, "-z", "--stdin", "filter")
        said = repository.run(*asked, data=data, environment=index).stdout
        parts = said.decode("utf-8", "surrogateescape").split("\0")
        found = zip(parts[::3], parts[2::3], strict=False)
        return next(((path, name) for path, name in found if name in self.names), None)

    def refuse(self, repository: Repository, paths: Iterable[str]) -> None:
        """Refuse to commit a file unfiltered that is never meant to be: it may be a secret."""
        found = self.first(repository, paths)
        if found:
            path, name = found
            message = f'{path} goes through the filter "{name}", which this never runs'
            raise GitError(message, f"git add {path}, git commit, git push")
