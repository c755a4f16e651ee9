"""Work shared between processes gives what one process gives, whatever the system refuses."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from conftest import ROOT
from incident_tracker.sharing import shared

VERDICTS = """
from pathlib import Path
from incident_tracker.checking import check_files
from incident_tracker.sharing import beside, spread
from incident_tracker.workspace import Workspace

def said(processes):
    report = check_files(Workspace(Path.cwd()), processes=processes).report
    return report.findings, report.waived

alone = said(1)
assert alone[0]
{}
print(said(3) == alone)
squares = [(number, b"%d" % number**2) for number in range(500)]
print(sorted(spread(500, lambda number: b"%d" % number**2, 3)) == squares)
print(beside(lambda: b"made")() == b"made")
"""


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param("", id="nothing"),
        pytest.param("import tempfile; tempfile.tempdir = 'no/such/folder'", id="no folder"),
        pytest.param(
            "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))", id="no room"
        ),
        pytest.param(
            "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))",
            id="little room",
        ),
        pytest.param(
            "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)", id="no word of its end"
        ),
        pytest.param(
            "import os\ndef fork(): raise BlockingIOError\nos.fork = fork", id="no process"
        ),
    ],
)
def test_what_the_system_refuses_changes_no_answer(refused: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", VERDICTS.format(refused)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.stdout.split(), done.stderr) == (["True"] * 3, "")


def test_a_process_that_dies_changes_no_answer() -> None:
    here = os.getpid()

    def work(number: int) -> bytes:
        if os.getpid() != here and number > 50:
            os._exit(0)
        return b"%d" % (number * number)

    things = range(100)
    assert shared(things, work, 3) == [b"%d" % (number * number) for number in things]


def test_an_error_in_a_process_is_raised_here() -> None:
    def work(number: int) -> bytes:
        if number == 5:
            raise LookupError(number)
        return b""

    with pytest.raises(LookupError):
        shared(range(100), work, 2)
