"""The way out from MkDocs: properdocs builds the same sites with the same plugin.

It takes the place of every module of MkDocs, so it runs in a process of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from conftest import ROOT

MOMENT = {"SOURCE_DATE_EPOCH": "1795510800", "NO_MKDOCS_2_WARNING": "1"}
# All that differs: each says its own name in the head of a page.
GENERATOR = re.compile(rb'<meta name="generator" content="mkdocs-([^,]*), ')


def built(program: str, config: str, folder: Path) -> Mapping[str, bytes]:
    """The files of a site, built with --strict."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", program, "build", "--strict"),
            *("--config-file", config, "--site-dir", str(folder)),
        ],
        cwd=ROOT,
        env={**os.environ, **MOMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("config", ["mkdocs.yml", "mkdocs-public.yml"])
def test_properdocs_builds_the_same_site_but_for_its_name(config: str, tmp_path: Path) -> None:
    ours = built("mkdocs", config, tmp_path / "ours")
    theirs = built("properdocs", config, tmp_path / "theirs")
    named = {name for data in theirs.values() for name in GENERATOR.findall(data)}
    assert [name.partition(b" ")[0] for name in named] == [b"ProperDocs"]
    assert set(theirs) == set(ours)
    assert [
        path
        for path, data in ours.items()
        if GENERATOR.sub(b"", data) != GENERATOR.sub(b"", theirs[path])
    ] == []
