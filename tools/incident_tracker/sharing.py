"""Work on many things, shared between processes: the same answers in the same order as in one."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

Thing = TypeVar("Thing")
FEWEST = 200
"""Of fewer things than this for each process the share is not worth its start."""
MOST = 8


def processes_for(count: int) -> int:
    """Return how many processes should share so many things.

    It is one outside of Linux, where a copy of a process is not always sound, and where threads
    run, which a copy would not have.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), MOST, count // FEWEST))


def shared(things: Sequence[Thing], work: Callable[[Thing], bytes], processes: int) -> list[bytes]:
    """Return what the work makes of each thing, one line each.

    What a process that died has not delivered is done here, so that an error is raised here.
    """
    shares = [things[number::processes] for number in range(processes)]
    started: list[tuple[int, int]] = []
    try:
        # Where no more processes can be had, what they would have done is done here.
        with suppress(OSError):
            for share in shares[1:]:
                started.append(_start(share, work))  # noqa: PERF401 # known if the next one fails
        done = [[work(thing) for thing in shares[0]]]
        while started:
            done.append(_delivered(*started[0]))
            del started[0]
    except BaseException:
        _end(started)
        raise
    done += [[] for _ in range(processes - len(done))]
    answers: list[bytes] = [b""] * len(things)
    for number, (share, lines) in enumerate(zip(shares, done, strict=True)):
        is_whole = len(lines) == len(share)
        answers[number::processes] = lines if is_whole else [work(thing) for thing in share]
    return answers


def _start(share: Sequence[Thing], work: Callable[[Thing], bytes]) -> tuple[int, int]:
    """Start a process for a share; return it and the pipe that its lines come through."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
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


def _delivered(process: int, pipe: int) -> list[bytes]:
    """The lines of a process, fewer than its share where it died."""
    with os.fdopen(pipe, "rb") as file:
        lines = file.read().split(b"\n")[:-1]
    os.waitpid(process, 0)
    return lines


def _end(started: Sequence[tuple[int, int]]) -> None:
    for process, pipe in started:
        with suppress(OSError):
            os.close(pipe)
        with suppress(OSError):
            os.kill(process, 15)
            os.waitpid(process, 0)
