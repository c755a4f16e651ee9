"""Builds the sdist and the wheel of what is committed: twice, to the same bytes, or not at all.

Nothing that lies uncommitted or untracked in the working tree comes into them. The build tools are
those of the environment that runs this, so those of the lock.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SUMS = "SHA256SUMS"


def built(folder: Path, commit: str) -> dict[str, bytes]:
    """Build a commit in a folder of its own; the files by name."""
    archive = _git("archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        opened.extractall(folder / "source", filter="data")
    moment = _git("log", "-1", "--format=%ct", commit).decode().strip()
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist"],
        cwd=folder / "source",
        env={**os.environ, "SOURCE_DATE_EPOCH": moment},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return {path.name: path.read_bytes() for path in sorted((folder / "dist").iterdir())}


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def main() -> None:
    """Build into dist/ at the root of the repository, or into the folder that is named."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    commit = _git("rev-parse", "HEAD").decode().strip()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        files = built(Path(one), commit)
        if files != built(Path(other), commit):
            sys.exit("error: two builds of one commit differ")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    sums = []
    for name, data in files.items():
        (target / name).write_bytes(data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
    (target / SUMS).write_text("".join(sums), encoding="utf-8")
    print(f"{commit}, built twice alike:\n{''.join(sums)}", end="")


if __name__ == "__main__":
    main()
