"""Objects by their hashes. Only hashes that git itself named are ever asked for."""

from __future__ import annotations

from incident_tracker.history.repository import GitError, Repository
from incident_tracker.history.revisions import HASH

# GitPython's object database knows no SHA-256 and inherits GIT_DIR, so git itself is asked here.


class Objects:
    """The objects of a repository, each read once; content only where its size was accepted."""

    def __init__(self, repository: Repository) -> None:
        """Take the repository; nothing is asked before the first question."""
        self.repository = repository
        self._sizes: dict[str, int] = {}

    def size(self, name: str) -> int:
        """Return how many bytes the object of a hash has; GitError where it is missing."""
        if name not in self._sizes:
            self.expect([name])
        return self._sizes[name]

    def expect(self, names: list[str]) -> None:
        """Learn the sizes of many objects at once; GitError where one is missing."""
        for name in names:
            if not HASH.fullmatch(name):
                message = f"{name!r} is no hash of an object"
                raise ValueError(message)
        asked = "".join(f"{name}\n" for name in names).encode()
        said = self.repository.run("cat-file", "--batch-check", data=asked).stdout.decode()
        for name, line in zip(names, said.splitlines(), strict=True):
            if line.endswith(" missing"):
                message = f"the object {name} is missing from this clone"
                raise GitError(message, "git fetch origin, or clone it whole")
            self._sizes[name] = int(line.rpartition(" ")[2])

    def contents(self, names: list[str]) -> dict[str, bytes]:
        """Return the bytes of objects whose sizes were accepted."""
        for name in names:
            self.size(name)
        asked = "".join(f"{name}\n" for name in names).encode()
        said = self.repository.run("cat-file", "--batch", data=asked).stdout if names else b""
        found, start = {}, 0
        for name in names:
            start = said.index(b"\n", start) + 1
            end = start + self._sizes[name]
            found[name] = said[start:end]
            start = end + 1
        return found
