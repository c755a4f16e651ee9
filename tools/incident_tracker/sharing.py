"""Work on many things, shared between processes: the same answers in the same order as in one.

A copy knows all that this process knows and writes what it makes into a file without a name. If
one fails, its share is done here, and whatever is wrong is said here.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

Thing = TypeVar("Thing")

ALONE = "INCIDENT_ONE_PROCESS"
FEWEST = 200
"""Of fewer things than this for each process the share is not worth its start."""
FEWEST_PAGES = 40
MOST = 8
_NUMBER = struct.Struct("<I")
_HEAD = struct.Struct("<IQ")


def processes_for(count: int, fewest: int = FEWEST) -> int:
    """Return how many processes should share so many things: one where none may be copied.

    A process with threads is not copied, for one of them may hold a lock.
    """
    if sys.platform != "linux" or os.environ.get(ALONE):
        return 1
    try:
        threads = len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return 1
    if threads > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), MOST, count // fewest))


def shared(things: Sequence[Thing], work: Callable[[Thing], bytes], processes: int) -> list[bytes]:
    """Return what the work makes of each thing.

    What a process that died has not delivered is done here, so that an error is raised here.
    """
    made = dict(spread(len(things), lambda number: work(things[number]), processes))
    return [made[number] for number in range(len(things))]


def spread(
    count: int, work: Callable[[int], bytes], processes: int = 0
) -> Iterator[tuple[int, bytes]]:
    """Yield each number below ``count`` with what ``work`` makes of it, in no order.

    As many processes share it as are worth it, if it is not said how many.
    """
    helpers = (processes or processes_for(count, FEWEST_PAGES)) - 1
    numbers = _numbers(count) if helpers > 0 else None
    if numbers is None:
        with _set_apart():
            yield from ((number, work(number)) for number in range(count))
        return
    done = set()
    with numbers as left, ExitStack() as until_done:
        copies: list[_Copy] = []
        # Where no more processes can be had, what they would have done is done here.
        with suppress(OSError):
            while len(copies) < helpers:
                copies.append(_Copy((number, work(number)) for number in _each(left)))
        until_done.enter_context(_set_apart())
        for number in _each(left):
            yield number, work(number)
            done.add(number)
    for copy in copies:
        for number, made in copy.results():
            yield number, made
            done.add(number)
    yield from ((number, work(number)) for number in range(count) if number not in done)


@contextmanager
def _set_apart() -> Iterator[None]:
    """Spare the garbage collector what is there already: it would look through it again and again.

    Whatever becomes garbage meanwhile is collected as ever.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def beside(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin some work in a copy, if there may be one; what is returned waits for it."""
    if processes_for(FEWEST * 2) == 1:
        return work
    try:
        copy = _Copy((number, work()) for number in range(1))
    except OSError:
        return work
    return lambda: next((made for _, made in copy.results()), None) or work()


def _numbers(count: int) -> IO[bytes] | None:
    """Numbers of which each is read once: the place in the file is one for all processes.

    None where no file can be had: no folder for one, or no room in it.
    """
    # A pipe would hold few of them.
    try:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 # whoever asked closes it
    except OSError:
        return None
    try:
        file.write(b"".join(_NUMBER.pack(number) for number in range(count)))
        file.seek(0)
    except OSError:
        file.close()
        return None
    return file


def _each(file: IO[bytes]) -> Iterator[int]:
    while len(read := file.read(_NUMBER.size)) == _NUMBER.size:
        yield _NUMBER.unpack(read)[0]


class _Copy:
    """A copy of this process that works through some pieces, if it is not interrupted."""

    def __init__(self, work: Iterable[tuple[int, bytes]]) -> None:
        self._process = 0  # until there is one, there is none to end
        self._results = tempfile.TemporaryFile()  # noqa: SIM115 # whoever reads it closes it
        gc.freeze()  # so that neither writes to the memory that both share
        try:
            self._process = os.fork()
        except OSError:
            gc.unfreeze()
            self._results.close()
            raise
        if self._process:
            gc.unfreeze()
            return
        status = 1
        try:
            for number, made in work:
                self._results.write(_HEAD.pack(number, len(made)) + made)
            self._results.flush()
            status = 0
        finally:
            # Nothing that both processes know may be tidied up twice; nor is an error told twice.
            os._exit(status)

    def __del__(self) -> None:
        """End it if nobody waits for it any more."""
        if self._process and not self._results.closed:
            with suppress(OSError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
            self._results.close()

    def results(self) -> Iterator[tuple[int, bytes]]:
        """Yield what it made, as far as it is whole."""
        # Where whoever started the command has SIGCHLD ignored, this waits as well, and then finds
        # no process to tell of: what it made tells how far it came.
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)
        with self._results as file:
            file.seek(0)
            yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        number, length = _HEAD.unpack(head)
        made = file.read(length)
        if len(made) == length:
            yield number, made
