"""What a tag of another repository stands for; the remote is asked, nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from incident_tracker.history.repository import GitError, cleaned_environment, failed, git_program

SECONDS = 60
PROTOCOLS = "file:https:ssh"


def commit_of_tag(address: str, tag: str) -> str:
    """Return the commit of a tag at an address; GitError where there is none, or no answer."""
    ref = f"refs/tags/{tag}"
    asked = ("ls-remote", "--quiet", "--tags", "--end-of-options", address, ref, f"{ref}^{{}}")
    # At the root of the disk no repository's own configuration can lead to another address.
    nowhere = Path.cwd().anchor
    env = {"GIT_ALLOW_PROTOCOL": PROTOCOLS, **cleaned_environment(os.environ, online=True)}
    try:
        done = subprocess.run(
            [git_program(), *asked],
            cwd=nowhere,
            capture_output=True,
            env=env,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{address} gave no answer within {SECONDS} seconds"
        raise GitError(message, "is it reachable? then try again") from error
    if done.returncode:
        raise failed("ls-remote", done)
    lines = (line.partition("\t") for line in done.stdout.decode("utf-8", "replace").splitlines())
    found = {name: commit for commit, _, name in lines}
    # An annotated tag is an object of its own; the second name is the commit that it stands for.
    commit = found.get(f"{ref}^{{}}") or found.get(ref)
    if commit is None:
        message = f"{address} has no tag {tag}"
        raise GitError(
            message, f"name the repository of the tracker, or see: git ls-remote {address}"
        )
    return commit
