"""One target under atheris, in a process of its own; `run.py` starts it.

`python tools/fuzz/harness.py TARGET [options and folders of libFuzzer]`.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from itertools import islice

import atheris

NAME, OPTIONS = sys.argv[1], sys.argv[2:]

with atheris.instrument_imports(include=["incident_tracker", "jinja2", "markdown"]):
    from fuzz.seeds import seeds
    from fuzz.targets import MOST_BYTES, targets

    # Rules, importers and extensions are loaded on first use: only what is loaded here is guided.
    TARGET = targets()[NAME]
    for seed in islice(seeds(NAME), 5):
        # What breaks a promise here does it again in front of libFuzzer, which writes it down.
        with suppress(Exception):
            TARGET(seed)


def main() -> None:
    """Feed the target until libFuzzer ends the process."""
    atheris.Setup([sys.argv[0], f"-max_len={MOST_BYTES}", *OPTIONS], TARGET)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
