"""A tracker in a Git repository of its own, and branches of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "Bo",
    "GIT_AUTHOR_EMAIL": "bo@example.org",
    "GIT_COMMITTER_NAME": "Bo",
    "GIT_COMMITTER_EMAIL": "bo@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str, expected: int = 0) -> str:
    """Run git as a person with a name and without any configuration; return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**os.environ, **IDENTITY},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout.strip()


def begin(folder: Path) -> None:
    """Make a repository with a branch ``main`` that holds all files of the folder."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "begin")


def commit(folder: Path, message: str) -> str:
    """Commit all that differs; return the hash."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def others_push(remote: Path, clone: Path, path: str, text: str) -> None:
    """Let somebody else push a file, from a clone of their own."""
    git(remote.parent, "clone", "--quiet", str(remote), str(clone))
    (clone / path).write_text(text)
    commit(clone, "words")
    git(clone, "push", "--quiet")


def type_in(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Begin a command as a person with a name, beside whatever else runs."""
    return subprocess.Popen(
        [sys.executable, "-m", "incident_tracker", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def typed_in(folder: Path, *arguments: str) -> str:
    """Run a command to its end, which is a good one; return what it said."""
    running = type_in(folder, *arguments)
    out, _ = running.communicate(timeout=120)
    assert running.returncode == 0, out
    return out


CUT = """
import os, signal, sys
from incident_tracker.history.repository import Repository
from incident_tracker.cli import main
run, left = Repository.run, int(sys.argv.pop(1))
def cut(self, *arguments, **options):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return run(self, *arguments, **options)
Repository.run = cut
main(sys.argv[1:])
"""


def cut_off(folder: Path, after: int, *arguments: str) -> bool:
    """Kill a command in front of its next git, after some of them; whether it came so far."""
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(after), *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        check=False,
        capture_output=True,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0
