"""One repository by its known root, and git run in it with no command of its configuration.

A repository is a stranger's input: its files, its ref names and, in a folder that was copied
whole, its configuration. So the environment is cleaned, hooks and file monitors are off, embedded
bare repositories are no repositories, and what only reads never speaks to the network. Filters,
which have no switch, are put out one by one (``filters``) where git looks at files.

What is obeyed: how a remote is reached and logged in to (``core.sshCommand``, ``credential.helper``
and the like), once a push asks for it; who somebody is; where the working tree lies and how its
lines end.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from incident_tracker.errors import TrackerError

TIMEOUT = 120
"""Seconds after which a git that only reads is given up."""

# What tells git how to reach, sign or log in, and who somebody is; all else of it leads astray.
KEPT = frozenset(
    {
        "GIT_ALLOW_PROTOCOL",
        "GIT_ASKPASS",
        "GIT_AUTHOR_DATE",
        "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_NAME",
        "GIT_CEILING_DIRECTORIES",
        "GIT_COMMITTER_DATE",
        "GIT_COMMITTER_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
        "GIT_PROXY_COMMAND",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_SSL_CAINFO",
        "GIT_SSL_CAPATH",
        "GIT_SSL_NO_VERIFY",
    }
)
INERT = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "gc.auto": "0",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "safe.bareRepository": "explicit",
}
"""Configuration that runs a command of somebody's, or waits for one, set to what does neither."""


class GitError(TrackerError):
    """Git did not do what was asked; ``hint`` is the way out."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree with its ``.git``, and where below it the tracker lies."""

    top: Path
    prefix: str
    """The tracker's folder relative to ``top`` with a slash at its end, empty for ``top``."""

    @classmethod
    def of(cls, folder: Path) -> Repository | None:
        """Return the repository that a tracker's root lies in, None where there is none.

        It is found by its ``.git`` and by nothing else: a bare repository that a pull request
        brings along inside a record folder is never taken for it.
        """
        root = folder.resolve()
        for top in (root, *root.parents):
            if os.path.lexists(top / ".git"):
                below = root.relative_to(top).as_posix()
                return cls(top, "" if below == "." else f"{below}/")
        return None

    @classmethod
    def needed(cls, folder: Path, what: str) -> Repository:
        """Return the repository of a folder; GitError naming ``what`` needs it where none is."""
        found = cls.of(folder)
        if found is None:
            message = f"{what} needs a Git repository, and {folder} is in none"
            raise GitError(message, "git init && git add -A && git commit -m 'Records'")
        return found

    def run(
        self,
        *arguments: str,
        data: bytes | None = None,
        expected: tuple[int, ...] = (0,),
        environment: Mapping[str, str] | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
        online: bool = False,
        timeout: float = TIMEOUT,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one git command at the root; GitError for any exit status but the expected ones.

        Every name that came from outside must have been resolved to a hash before, or stand
        behind ``--end-of-options`` or ``--``. Paths are taken literally, never as patterns.
        ``settings`` go before all that is configured; ``timeout`` counts seconds.
        """
        command = [git_program(), "-C", str(self.top), "--literal-pathspecs", *arguments]
        env = cleaned_environment(os.environ, settings, online=online) | dict(environment or {})
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, env=env, check=False, timeout=timeout
            )
        except subprocess.TimeoutExpired as error:
            message = f"git {arguments[0]} gave no answer within {timeout:g} seconds"
            raise GitError(
                message, "is the disk or the remote reachable? then try again"
            ) from error
        except ValueError as error:  # a NUL in a name
            message = f"git {arguments[0]} cannot be asked: {error}"
            raise GitError(message) from error
        if done.returncode not in expected:
            raise failed(arguments[0], done)
        return done

    def text(self, *arguments: str) -> str:
        """Return what a reading git command prints, without the line end behind it."""
        return self.run(*arguments).stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def inside(self, path: str) -> str:
        """Return a path of the repository relative to the tracker; ValueError outside of it."""
        if not path.startswith(self.prefix):
            message = f"{path} lies outside of {self.prefix}"
            raise ValueError(message)
        return path[len(self.prefix) :]


def failed(what: str, done: subprocess.CompletedProcess[bytes]) -> GitError:
    """Return what git said when it failed, in its first line, with the way out where one is known.

    Git's own hints name commands, so its words are kept.
    """
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    reasons = [line for line in said if line.startswith(("fatal:", "error:"))] or said
    reason = reasons[0].partition(": ")[2] or reasons[0] if reasons else f"status {done.returncode}"
    hint = None
    if "dubious ownership" in reason:
        hint = "it belongs to another user: git config --global --add safe.directory FOLDER"
    return GitError(f"git {what} failed: {reason}", hint)


@cache
def git_program() -> str:
    """Return where git is; GitError where it is not installed."""
    found = shutil.which("git")
    if found is None:
        raise GitError("git is not installed, or not on PATH", "install git 2.31 or newer")
    return found


def cleaned_environment(
    given: Mapping[str, str],
    more: Mapping[str, str] = MappingProxyType({}),
    *,
    online: bool = False,
) -> dict[str, str]:
    """Return the environment in which git runs: none of ours can redirect it, nothing asks.

    ``online`` allows it to speak to a remote; otherwise no transport is allowed at all, not even
    to fetch what a partial clone lacks.
    """
    kept = {k: v for k, v in given.items() if not k.startswith("GIT_") or k in KEPT}
    settings = {**_settings(given), **more, **INERT}
    for number, (key, value) in enumerate(settings.items()):
        kept |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    kept |= {
        "GIT_CONFIG_COUNT": str(len(settings)),
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "C",
    }
    return kept if online else {**kept, "GIT_ALLOW_PROTOCOL": "none"}


def _settings(given: Mapping[str, str]) -> dict[str, str]:
    """Return what the environment configures; a CI hands its credentials over in this way."""
    count = given.get("GIT_CONFIG_COUNT", "")
    numbers = range(int(count)) if count.isascii() and count.isdigit() else ()
    pairs = (
        (given.get(f"GIT_CONFIG_KEY_{n}"), given.get(f"GIT_CONFIG_VALUE_{n}")) for n in numbers
    )
    return {key: value for key, value in pairs if key is not None and value is not None}
