"""The hooks of .pre-commit-hooks.yaml, run by pre-commit itself, see what a commit would hold."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from steps import BIN, ROOT, git, incident

RECORD = "incidents/2026/2026-11-03-search.md"
TITLE = "title: Search finds nothing\n"
BROKEN = f"{TITLE}title: twice\n"
# `--fix` writes an entry as the commands do.
UNTIDY, TIDY = "* 10:20 - A note", "- 10:20 - A note"
# The packages that the tracker needs lie on this machine already: nothing is fetched.
OFFLINE = {
    "PYTHONPATH": sysconfig.get_path("purelib"),
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
}


@dataclass(frozen=True)
class Repository:
    """A tracker whose commits go through the hooks."""

    root: Path
    home: Path

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_", "PYTHON"))
        }
        here = {**OFFLINE, "PRE_COMMIT_HOME": str(self.home), "PRE_COMMIT_COLOR": "never"}
        return subprocess.run(
            command,
            cwd=self.root,
            env={**kept, **here},
            capture_output=True,
            text=True,
            check=False,
        )

    def commit(self, *options: str) -> subprocess.CompletedProcess[str]:
        name = ("-c", "user.name=asha", "-c", "user.email=asha@example.org")
        return self.run("git", *name, "commit", "-m", "A record", *options)

    def write(self, old: str, new: str) -> str:
        path = self.root / RECORD
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path.read_text("utf-8")

    def stage(self) -> None:
        git(self.root, "add", "-A")


def said_by(done: subprocess.CompletedProcess[str], hook: str) -> str:
    """What pre-commit shows of a hook that failed, empty for one that did not."""
    _, _, said = (done.stdout + done.stderr).partition(f"- hook id: {hook}\n")
    return said.partition("- hook id:")[0]


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This very state of the tracker as a repository that pre-commit clones."""
    folder = tmp_path_factory.mktemp("hooks")
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "The tracker")
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments that it made: one for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def repository(committed: Path, hooks: Path, home: Path) -> Repository:
    """A tracker with one record, whose hooks are installed."""
    revision = git(hooks, "rev-parse", "HEAD").strip()
    ids = [{"id": "incident-fix"}, {"id": "incident-check"}]
    config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": ids}]}
    (committed / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    new = ("new", "Search finds nothing", "--severity", "P3", "--slug", "search")
    incident(*new, "--at", "2026-11-03T10:00-06:00", cwd=committed)
    git(committed, "add", "-A")
    git(committed, "commit", "-q", "-m", "A record")
    made = Repository(committed, home)
    done = made.run(BIN / "pre-commit", "install")
    assert done.returncode == 0, done.stderr
    return made


def test_the_manifest_is_what_pre_commit_takes() -> None:
    done = subprocess.run(
        [BIN / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_clean_record_is_committed(repository: Repository) -> None:
    repository.write(TITLE, "title: Search finds little\n")
    repository.stage()
    done = repository.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stderr + done.stdout


def test_what_is_staged_is_judged_and_not_what_was_mended_since(repository: Repository) -> None:
    repository.write(TITLE, BROKEN)
    repository.stage()
    repository.write(BROKEN, TITLE)
    done = repository.commit()
    assert done.returncode == 1
    assert f"{RECORD}:3:1" in said_by(done, "incident-check")


def test_what_is_broken_but_not_staged_holds_up_no_commit(repository: Repository) -> None:
    repository.write(TITLE, "title: Search finds little\n")
    repository.stage()
    later = repository.write("title: Search finds little\n", BROKEN)
    (repository.root / "incidents" / "2026" / "2026-11-04-untracked.md").write_text("no\n")
    done = repository.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (repository.root / RECORD).read_text("utf-8") == later


def test_a_deletion_that_breaks_another_record_is_seen(repository: Repository) -> None:
    review = repository.root / RECORD.replace("incidents/", "pir/")
    review.parent.mkdir(parents=True)
    text = "---\nstatus: draft\n---\n"
    review.write_text(text, encoding="utf-8")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-q", "--no-verify", "-m", "A review")
    git(repository.root, "rm", "-q", RECORD)
    done = repository.commit()
    assert done.returncode == 1
    assert RECORD.replace("incidents/", "pir/") in said_by(done, "incident-check")


@pytest.mark.parametrize("options", [["-a"], ["--", RECORD]])
def test_a_commit_of_files_that_are_not_staged_is_judged_as_well(
    repository: Repository, options: list[str]
) -> None:
    repository.write(TITLE, BROKEN)
    done = repository.commit(*options)
    assert done.returncode == 1
    assert f"{RECORD}:3:1" in said_by(done, "incident-check")


def test_what_is_mended_stops_the_commit_and_shows_in_the_working_tree(
    repository: Repository,
) -> None:
    path = repository.root / RECORD
    path.write_text(f"{path.read_text('utf-8')}{UNTIDY}\n", encoding="utf-8")
    repository.stage()
    done = repository.commit()
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout + done.stderr
    assert TIDY in path.read_text("utf-8")
    assert UNTIDY in git(repository.root, "show", f":{RECORD}")
    repository.stage()
    done = repository.commit()
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_commit_without_records_runs_no_hook(repository: Repository) -> None:
    (repository.root / "README.md").write_text("changed\n", encoding="utf-8")
    repository.stage()
    done = repository.commit()
    assert done.returncode == 0
    assert "incident check --fix.................................(no files to check)Skipped" in (
        done.stdout + done.stderr
    )


def test_the_configurations_that_are_written_by_hand_say_the_same(committed: Path) -> None:
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    wanted = {hook["id"]: hook for hook in manifest}
    asked = (committed / "requirements.txt").read_text("utf-8").splitlines()[-1]
    for root in (ROOT, committed):
        text = (root / ".pre-commit-config.yaml").read_text("utf-8")
        (repo,) = yaml.safe_load(text)["repos"]
        assert [hook["id"] for hook in repo["hooks"]] == ["incident-fix", "incident-check"]
        for hook in repo["hooks"]:
            for key in ("name", "files", "pass_filenames", "always_run", "require_serial"):
                assert hook.get(key) == wanted[hook["id"]].get(key)
            assert hook["entry"].removeprefix(".venv/bin/") == wanted[hook["id"]]["entry"]
            assert hook.get("additional_dependencies", [asked]) == [asked]
