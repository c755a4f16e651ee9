"""Work on many things, shared between processes: the same answers in the same order as in one."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

Thing = TypeVar("Thing")
FEWEST = 200
"""Of fewer things than this for each process the share is not worth its start."""
MOST = 8


def processes_for(count: int) -> int:
    """Return how many processes should share so many things: one where the system has no fork."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(allowed or 1, MOST, count // FEWEST))


def shared(things: Sequence[Thing], work: Callable[[Thing], bytes], processes: int) -> list[bytes]:
    """Return what the work makes of each thing, one line each.

    What a process that died has not delivered is done here, so that an error is raised here.
    """
    shares = [things[number::processes] for number in range(processes)]
    started = [_start(share, work) for share in shares[1:]]
    try:
        done = [[work(thing) for thing in shares[0]]]
        for share, (process, pipe) in zip(shares[1:], started, strict=True):
            lines = _received(pipe)
            os.waitpid(process, 0)
            whole = len(lines) == len(share)
            done.append(lines if whole else [work(thing) for thing in share])
    except BaseException:
        _end(started)
        raise
    answers: list[bytes] = [b""] * len(things)
    for number, lines in enumerate(done):
        answers[number::processes] = lines
    return answers


def _start(share: Sequence[Thing], work: Callable[[Thing], bytes]) -> tuple[int, int]:
    """Start a process for a share; return it and the pipe that its lines come through."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    # From here on in the child: whatever happens, it ends here and leaves the buffers alone.
    status = 1
    with suppress(BaseException):
        os.close(reading)
        lines = [work(thing) for thing in share]
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(b"".join(line + b"\n" for line in lines))
        status = 0
    os._exit(status)


def _received(pipe: int) -> list[bytes]:
    with os.fdopen(pipe, "rb") as file:
        return file.read().split(b"\n")[:-1]


def _end(started: Sequence[tuple[int, int]]) -> None:
    for process, pipe in started:
        with suppress(OSError):
            os.close(pipe)
        with suppress(OSError):
            os.kill(process, 15)
            os.waitpid(process, 0)
