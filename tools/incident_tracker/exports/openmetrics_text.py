"""Families of metrics as OpenMetrics text (1.0): https://prometheus.io/docs/specs/om/open_metrics_spec/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from incident_tracker.text.characters import scrubbed

GAUGE, INFO, STATESET, GAUGE_HISTOGRAM = "gauge", "info", "stateset", "gaugehistogram"
EXPONENT_FROM = 7
"""From so many digits before the point on, Go writes a number with an exponent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One line: what stands behind the family's name, the labels, and the value."""

    value: float
    suffix: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """One metric; ``unit`` is the end of its name, empty where it counts."""

    name: str
    type: str
    help: str
    samples: Sequence[Sample]
    unit: str = ""


def exposition(families: Iterable[Family]) -> str:
    """Return the text with its end mark, without which a reader takes it for cut off."""
    return "".join(f"{line}\n" for family in families for line in _lines(family)) + "# EOF\n"


def distribution(values: Sequence[float], bounds: Sequence[float], **labels: str) -> list[Sample]:
    """Return the samples of a distribution: how many values are at most each bound."""
    ends = [*bounds, float("inf")]
    return [
        *(
            Sample(
                suffix="_bucket",
                labels={**labels, "le": number(end)},
                value=sum(value <= end for value in values),
            )
            for end in ends
        ),
        Sample(suffix="_gcount", labels=labels, value=len(values)),
        Sample(suffix="_gsum", labels=labels, value=sum(values)),
    ]


def number(value: float) -> str:
    """Return a bound as every writer has to write it, so that it is one text everywhere."""
    if value == float("inf"):
        return "+Inf"
    plain = repr(float(value))
    whole, _, rest = plain.partition(".")
    if len(whole) < EXPONENT_FROM or "e" in plain:
        return plain
    mantissa = f"{whole[0]}.{whole[1:]}{rest}".rstrip("0").rstrip(".")
    return f"{mantissa}e+{len(whole) - 1:02}"


def _lines(family: Family) -> Iterator[str]:
    yield f"# TYPE {family.name} {family.type}"
    if family.unit:
        yield f"# UNIT {family.name} {family.unit}"
    yield f"# HELP {family.name} {_escaped(family.help)}"
    for sample in family.samples:
        value = int(sample.value) if sample.value == int(sample.value) else sample.value
        yield f"{family.name}{sample.suffix}{_labelled(sample.labels)} {value}"


def _labelled(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items()) + "}"


def _escaped(text: str) -> str:
    """A text on one line; a character that no record may hold is left out."""
    plain = scrubbed(text.replace("\r\n", "\n")).replace("\r", "\n").replace("\t", " ")
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
