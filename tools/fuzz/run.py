"""Fuzz what reads, edits, imports and shows strangers' text: each target for its share of the time.

`pip install -e '.[fuzz]'` and `python tools/fuzz/run.py [--seconds N] [--list] [TARGET…]`: all
targets for a minute if nothing is said. It prints for each how many inputs were tried, in how many
seconds of processor time, and how many features of the code (edges, and how often they were taken)
these reached. What was found lies in `.cache/fuzz/TARGET/`, or below `--keep FOLDER`: the corpus,
from which the next run goes on, and each input that broke a promise, which
`python tools/fuzz/run.py --replay FILE TARGET` tries again. The exit status is 1 if one was found.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from fuzz.seeds import dictionary, seeds  # noqa: E402 # found by the line above
from fuzz.targets import targets  # noqa: E402 # as above

KEPT = ROOT / ".cache" / "fuzz"
HEAD = f"{'target':<20} {'cases':>10} {'seconds':>8} {'features':>9} {'broken':>7}"
SLOWEST = 20
"""Seconds after which libFuzzer calls one input a hang; the targets promise less."""
MOST_MEMORY = 2_048
"""Megabytes."""
MOST_FOUND = 5
"""Inputs that break a promise, after which a target is left alone."""
DONE = re.compile(r"(?:Done |#|number_of_executed_units: )(\d+)")
REACHED = re.compile(r" ft: (\d+) ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What fuzzing one target gave."""

    cases: int
    seconds: float
    features: int
    found: tuple[Path, ...]
    said: str


def main() -> int:
    """Fuzz the targets that were named, print a line for each, and return the exit status."""
    asked = _arguments()
    names = asked.targets or list(targets())
    unknown = sorted(set(names) - set(targets()))
    if unknown:
        print(f"no such target: {', '.join(unknown)}; there are {', '.join(targets())}")
        return 2
    if asked.list:
        print(*names, sep="\n")
        return 0
    if asked.replay:
        targets()[names[0]](asked.replay.read_bytes())
        print("every promise is kept")
        return 0
    if find_spec("atheris") is None:
        print("atheris is not installed: pip install -e '.[fuzz]'")
        return 2
    print(HEAD, flush=True)
    gave = []
    for name in names:
        gave.append(fuzz(name, max(1, asked.seconds // len(names)), asked.keep))
        print(_row(name, gave[-1:]), *gave[-1].found, sep="\n  ", flush=True)
        print(end=gave[-1].said)
    print(_row("in all", gave))
    return 1 if any(one.found or one.said for one in gave) else 0


def _row(name: str, gave: Sequence[Outcome]) -> str:
    cases, seconds = sum(one.cases for one in gave), sum(one.seconds for one in gave)
    features, broken = sum(one.features for one in gave), sum(len(one.found) for one in gave)
    return f"{name:<20} {cases:>10,} {seconds:>8,.0f} {features:>9,} {broken:>7}"


def fuzz(name: str, seconds: int, kept: Path = KEPT) -> Outcome:
    """Feed one target for some seconds, from the last corpus on, and past what breaks."""
    folder = kept / name
    corpus, words = folder / "corpus", folder / "words.dict"
    corpus.mkdir(parents=True, exist_ok=True)
    known = {path.read_bytes() for path in _broken(folder)}
    for seed in (one for one in seeds(name) if one not in known):
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words.write_text(dictionary(name), "utf-8")
    end = time.monotonic() + seconds
    cases, features, found, told, begin = 0, 0, set[Path](), "", _processor()
    while (left := int(end - time.monotonic())) > 0 and len(found) < MOST_FOUND:
        before = _broken(folder)
        options = (f"-max_total_time={left}", f"-dict={words}", f"-artifact_prefix={folder}/")
        status, said = _harness(name, *options, str(corpus))
        cases += max((int(one) for one in DONE.findall(said)), default=0)
        features = max((int(one) for one in REACHED.findall(said)), default=features)
        told += "\n".join(said.splitlines()[-40:]) if status else ""
        new = _broken(folder) - before
        found |= new
        _taken_out(new, corpus)
        if status and not new:
            break  # the harness itself failed, and says why
    return Outcome(
        cases=cases,
        seconds=_processor() - begin,
        features=features,
        found=tuple(sorted(found)),
        said=told,
    )


def _processor() -> float:
    """The seconds of processor time of all that was started and has ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _harness(name: str, *options: str) -> tuple[int, str]:
    """Run the harness once; return its exit status and what it said."""
    done = subprocess.run(  # noqa: S603 # our own harness
        [
            *(sys.executable, str(ROOT / "tools" / "fuzz" / "harness.py"), name),
            *(f"-timeout={SLOWEST}", f"-rss_limit_mb={MOST_MEMORY}"),
            *("-print_final_stats=1", *options),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
        capture_output=True,
        check=False,
    )
    return done.returncode, (done.stderr + done.stdout).decode("utf-8", "replace")


def _taken_out(broken: Iterable[Path], corpus: Path) -> None:
    """Take out of the corpus what would end the next run before it begins."""
    inputs = {path.read_bytes() for path in broken}
    for path in corpus.iterdir():
        if path.read_bytes() in inputs:
            path.unlink()


def _broken(folder: Path) -> set[Path]:
    """The inputs that broke a promise of a target, in this run and those before."""
    return {path for kind in ("crash", "timeout", "oom") for path in folder.glob(f"{kind}-*")}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("--list", action="store_true", help="print the targets and end")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try one input again")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where corpora lie: .cache/fuzz")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
