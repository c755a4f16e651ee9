"""One target under atheris, in a process of its own; `run.py` starts it.

`python tools/fuzz/harness.py TARGET [options and folders of libFuzzer]`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["incident_tracker"]):
    from fuzz.targets import MOST_BYTES, targets


def main() -> None:
    """Feed the target until libFuzzer ends the process."""
    name, *options = sys.argv[1:]
    arguments = [sys.argv[0], f"-max_len={MOST_BYTES}", *options]
    atheris.Setup(arguments, targets()[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
