"""Finished pages of a site, kept from one build to the next in the user's own cache folder.

What is kept is JSON and compressed text, never anything that runs when it is read, in a folder
that no repository can write to. Whatever is damaged, foreign or in use is not used: then the pages
stand in a temporary place until the build is over.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from incident_tracker.memory import cache_folder, is_own, is_ready

MOST_SITES = 12  # an internal and a public one, built and served, of three trackers
LAYOUT = 2
# Outputs lie in the order in which they came, beside an index of paths: in a tree by path, with
# small pages, each one that is added moves others.
_PAGES = "PRAGMA page_size = 16384"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS pages"
    " (path TEXT PRIMARY KEY, key TEXT, facts TEXT, sum TEXT, output BLOB)"
)
Facts = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A page: what its output depends on besides its key and what it says, and the output."""

    facts: Facts
    output: bytes  # compressed

    @property
    def text(self) -> str:
        """The output."""
        return zlib.decompress(self.output).decode("utf-8", "surrogatepass")


def compressed(text: str) -> bytes:
    """An output as it is kept."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


@dataclass(slots=True)
class Store:
    """The pages of one site. One build at a time holds it; what it does not put again is lost."""

    connection: sqlite3.Connection
    is_lasting: bool
    _made: dict[str, Kept] = field(default_factory=dict)

    def get(self, path: str, key: str) -> Kept | None:
        """The page of a path if it was kept under this key and is whole."""
        asked = "SELECT facts, sum, output FROM pages WHERE path = ? AND key = ?"
        try:
            row = self.connection.execute(asked, (path, key)).fetchone()
            if row is None or _sum(key, row[0], row[2]) != row[1]:
                return None
            facts = json.loads(row[0])
        except (sqlite3.Error, ValueError, TypeError, AttributeError, RecursionError):
            return None
        return Kept(facts=facts, output=row[2]) if isinstance(facts, dict) else None

    def put(self, path: str, key: str, page: Kept) -> None:
        """Keep a page; where that fails it stands in memory."""
        facts = json.dumps(page.facts, allow_nan=False)
        row = (path, key, facts, _sum(key, facts, page.output), page.output)
        try:
            self.connection.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.Error:
            self._made[path] = page

    def find(self, name: str, key: str) -> tuple[Facts, bytes] | None:
        """Facts and bytes that were kept under a name and a key, if they are whole."""
        found = self.get(name, key)
        return None if found is None else (found.facts, zlib.decompress(found.output))

    def keep(self, name: str, key: str, facts: Mapping[str, object], data: bytes) -> None:
        """Keep facts and bytes under a name and a key."""
        self.put(name, key, Kept(facts=dict(facts), output=zlib.compress(data, 1)))

    def text(self, path: str) -> str:
        """The output of a page that was found or put in this build."""
        if path in self._made:
            return self._made[path].text
        asked = "SELECT output FROM pages WHERE path = ?"
        return Kept(facts={}, output=self.connection.execute(asked, (path,)).fetchone()[0]).text

    def close(self, paths: Collection[str] | None = None) -> None:
        """Let go of it; with ``paths``, what is there besides them is left out from now on."""
        try:
            if paths is not None and self.is_lasting:
                there = {row[0] for row in self.connection.execute("SELECT path FROM pages")}
                gone = [(path,) for path in there.difference(paths)]
                self.connection.executemany("DELETE FROM pages WHERE path = ?", gone)
                self.connection.commit()
        except sqlite3.Error:
            pass
        finally:
            self.connection.close()


def opened(site: str, root: Path, *, use: bool = True) -> Store:
    """The kept pages of the site of this name; of none where nothing may be kept.

    ``root`` is the tracker's folder: what lies in it is the repository's.
    """
    place = _place(root) if use else None
    if place is not None:
        name = blake2b(f"{LAYOUT}\0{site}".encode(), digest_size=16).hexdigest()
        file = place / f"{name}.pages"
        found = _connected(file)
        if found is not None:
            _prune(place, file)
            return Store(found, is_lasting=True)
    temporary = sqlite3.connect("", isolation_level=None)  # a file of its own, gone when closed
    temporary.execute(_PAGES)
    temporary.execute(_TABLE)
    temporary.execute("BEGIN")
    return Store(temporary, is_lasting=False)


def _place(root: Path) -> Path | None:
    """The folder of kept pages, made if it is not there; None where there can be none."""
    place = cache_folder(root)
    return place if place is not None and is_ready(place) else None


def _connected(file: Path) -> sqlite3.Connection | None:
    """The file, held; None where another build holds it. One that is damaged begins anew."""
    for again in (True, False):
        connection = None
        try:
            os.close(os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
            if not is_own(file.lstat(), stat.S_ISREG):
                return None
            connection = sqlite3.connect(file, timeout=0, isolation_level=None)
            connection.execute(_PAGES)  # of a file that is still empty
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute(_TABLE)
            connection.execute("SELECT path, key, facts, sum, output FROM pages LIMIT 1").fetchone()
        except sqlite3.OperationalError as problem:
            _closed(connection)
            if "locked" in str(problem) or not again:
                return None
            file.unlink(missing_ok=True)
        except sqlite3.Error:
            _closed(connection)
            file.unlink(missing_ok=True)
        except OSError:
            return None
        else:
            return connection
    return None


def _closed(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        connection.close()


def _prune(place: Path, mine: Path) -> None:
    """Leave the sites that were built last; of others nothing is kept for ever."""
    try:
        found = sorted(place.glob("*.pages"), key=lambda path: path.stat().st_mtime)
        for path in found[: max(len(found) - MOST_SITES, 0)]:
            if path != mine:
                path.unlink(missing_ok=True)
    except OSError:
        return


def _sum(key: str, facts: str, output: bytes) -> str:
    whole = blake2b(digest_size=16)
    for part in (key.encode(), facts.encode(), output):
        whole.update(b"%d\n" % len(part) + part)
    return whole.hexdigest()
