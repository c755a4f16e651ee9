"""What several test files ask for: this repository, and its site, built once."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from mkdocs.theme import Theme

if TYPE_CHECKING:
    from typed import Tracker

    from browser import Reader

# No test reads what another build kept, or leaves something in the user's cache folder.
os.environ["INCIDENT_NO_CACHE"] = "1"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ROOT = Path(__file__).parents[1]

# The files that take longest, the longest first.
SLOWEST = {
    f"test_{name}.py": place
    for place, name in enumerate(
        (
            *("sizes", "site", "wheel", "html", "kept_pages", "asking", "plugin", "action"),
            *("export", "upgrade_cli", "memory", "owing", "export_site", "push", "pre_commit"),
            *("public_canaries", "open_data", "way_out", "import_markdown", "owed_pages"),
            *("manners", "rows_site", "afterwards", "listed"),
        )
    )
}

SAME_EVERYWHERE = ("rules", "rules.md", "protocol.md", "format.md", "coverage")
"""The kinds of pages that are the same in every tracker."""

# How long something takes is measured by tools/bench; a busy machine breaks no test.
settings.register_profile("tracker", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# `pytest --hypothesis-profile long` draws twenty times as many examples.
settings.register_profile("long", settings.get_profile("tracker"), max_examples=2_000)
settings.load_profile("tracker")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: at the end, one worker would wait for the other."""
    items.sort(key=lambda item: SLOWEST.get(item.path.name, len(SLOWEST)))
    # `-k row_12` runs every test of that row, whatever it is called.
    listed = tomllib.loads((ROOT / "tests" / "hostile_rows.toml").read_text("utf-8"))
    rows = [(row, {*tests}) for row, tests in listed.items()]
    for item in items:
        test = f"{item.path.name}::{item.name.partition('[')[0]}"
        item.extra_keyword_matches |= {row for row, tests in rows if test in tests}


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: modules, and five thousand tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no test speak to another machine: nothing here needs one to read, check or build."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:  # noqa: ANN401 # any family's address
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            message = f"a test tried to reach {address[0]}"
            raise AssertionError(message)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    """Lets all builds of this process share the theme's compiled templates: half of a build."""
    compiled: dict[tuple[str, str], Any] = {}

    class Shared(BytecodeCache):
        """Where each source has the code that it was compiled to."""

        def load_bytecode(self, bucket: Bucket) -> None:
            bucket.code = compiled.get((bucket.key, bucket.checksum))

        def dump_bytecode(self, bucket: Bucket) -> None:
            compiled[bucket.key, bucket.checksum] = bucket.code

    plain = Theme.get_env

    def get_env(self: Theme) -> Environment:
        environment = plain(self)
        environment.bytecode_cache = Shared()
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Theme, "get_env", get_env)
        yield


@pytest.fixture
def own_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets pages that are the same in every tracker be left out: they take most of the time."""
    from incident_tracker import pages  # noqa: PLC0415 # most test runs make no pages
    from incident_tracker.pages.declare import DECLARED  # noqa: PLC0415 # as above
    from incident_tracker.registry import load  # noqa: PLC0415 # as above

    load(pages.__name__)
    for name in SAME_EVERYWHERE:
        monkeypatch.delitem(DECLARED, name, raising=False)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this repository."""
    return ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own site, built with --strict."""
    return _built(tmp_path_factory, "mkdocs.yml")


@pytest.fixture(scope="session")
def public_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository's own site for everybody, built with --strict."""
    return _built(tmp_path_factory, "mkdocs-public.yml")


def _built(factory: pytest.TempPathFactory, config: str) -> Path:
    """The site of a configuration: built by the worker that asks first, read by all of them."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / f"site-of-{config}"
    with (shared / f"{config}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            # A build that fails leaves no folder, so that it fails for every worker.
            _build(folder.with_suffix(".unfinished"), config).rename(folder)
    return folder


def _build(folder: Path, config: str) -> Path:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mkdocs", "build", "--strict"),
            *("--config-file", config, "--site-dir", str(folder)),
        ],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def reader(site: Path) -> Iterator[Reader]:
    """A browser in front of this repository's own site, for one file: others open their own."""
    # Importing its driver takes longer than most test runs do.
    from browser import reading  # noqa: PLC0415 # most test runs need no browser

    with reading(site) as opened:
        yield opened


@pytest.fixture(scope="session")
def initial_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracker as `incident init` makes it, committed on main; to be copied, not to be changed."""
    from steps import repository  # noqa: PLC0415 # few test runs need it

    return repository(tmp_path_factory.mktemp("initial") / "tracker")


@pytest.fixture
def committed(initial_tracker: Path, tmp_path: Path) -> Path:
    """A copy of it of one's own."""
    return Path(shutil.copytree(initial_tracker, tmp_path / "tracker"))


@pytest.fixture
def empty_tracker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Tracker:
    """A tracker with the protocol and no record, in which commands are typed."""
    from typed import new_tracker  # noqa: PLC0415 # as above

    def read() -> tuple[str, str]:
        captured = capsys.readouterr()
        return captured.out, captured.err

    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    tracker = new_tracker(tmp_path / "tracker", read)
    monkeypatch.chdir(tracker.root)
    return tracker


@pytest.fixture
def good_tracker(empty_tracker: Tracker) -> Tracker:
    """A tracker whose records are the known-good ones, in which commands are typed."""
    empty_tracker.write_good_records()
    return empty_tracker


@pytest.fixture
def named(good_tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A repository with the known-good records, and a person with a name in it."""
    from gitting import IDENTITY, begin  # noqa: PLC0415 # as above

    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    begin(good_tracker.root)
    return good_tracker


@pytest.fixture
def remote(named: Tracker, tmp_path: Path) -> Path:
    """A remote that has the records, as ``origin``."""
    from gitting import git  # noqa: PLC0415 # as above

    bare = tmp_path / "origin.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    git(named.root, "remote", "add", "origin", str(bare))
    git(named.root, "push", "--quiet", "--set-upstream", "origin", "main")
    return bare
