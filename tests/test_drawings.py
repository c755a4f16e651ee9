"""The drawings: values to markup, harmless whatever the words, alike whenever they are made."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from incident_tracker.pages import drawings, drawings_days, drawings_dots, drawings_phases
from incident_tracker.pages.allowed_html import clean
from incident_tracker.pages.drawings import Clock, OpenActions, Rate, State, Verdict
from incident_tracker.pages.drawings_days import Day, Days
from incident_tracker.pages.drawings_dots import Dot, DotRow, linear_axis, log_axis
from incident_tracker.pages.drawings_phases import Phase, PhaseBar, Span

HOSTILE = "\"><script>alert(1)</script>'&"
MINUTE, HOUR = 60, 3600


def days(words: str) -> Markup:
    eventful = tuple(
        Day(position=index, look=look, label=words, href=words) for index, look in enumerate(State)
    )
    return drawings_days.bars(
        Days(component=words, count=90, recent=30, eventful=eventful, begins=2)
    )


def phases(words: str) -> Markup:
    bars = [
        PhaseBar(
            phase=phase,
            span=Span(start=index * HOUR, end=(index + 1) * HOUR),
            target=Span(start=0, end=HOUR),
        )
        for index, phase in enumerate(Phase)
    ]
    scale = drawings_phases.scale_of(bars)
    return drawings_phases.axis([(0, words)], scale) + Markup("").join(
        drawings_phases.phase(bar, scale, grid=[HOUR]) for bar in bars
    )


def plots(words: str) -> Markup:
    axis = linear_axis(90, [(0, words), (30, "30")])
    rows = [
        DotRow(dots=(), target=10),
        DotRow(dots=(Dot(value=5), Dot(value=5, missed=True)), median=5, low=1, high=9),
        DotRow(dots=tuple(Dot(value=value % 90) for value in range(40))),
        DotRow(dots=tuple(Dot(value=value % 90, missed=value > 9) for value in range(200))),
    ]
    return drawings_dots.axis(axis) + Markup("").join(drawings_dots.dots(row, axis) for row in rows)


def marks(words: str) -> Markup:
    return Markup("").join(
        (
            *(drawings.state(look, words) for look in State),
            *(drawings.verdict(what, words) for what in Verdict),
            *(drawings_days.legend_bar(look) for look in State),
            drawings.severity(0, words),
            drawings.status(2, 6, words),
            drawings.clock(Clock(allowed=60, used=90, verdict=Verdict.MISSED)),
            drawings.rate(Rate(share=0.5, low=0.1, high=0.9)),
            drawings.rate(None),
            drawings.actions(OpenActions(late=1, soon=2, later=3)),
            drawings.stack([1, 0, 2], tallest=5),
        )
    )


ALL = [days, phases, plots, marks]


@pytest.mark.parametrize("draw", ALL)
def test_words_stay_words(draw: Callable[[str], Markup]) -> None:
    tree = ET.fromstring(f"<div>{draw(HOSTILE)}</div>")  # noqa: S314 # our own text

    assert "script" not in {element.tag for element in tree.iter()}
    assert HOSTILE in [*tree.itertext(), *(v for e in tree.iter() for v in e.attrib.values())]


@pytest.mark.parametrize("draw", ALL)
def test_the_gate_lets_every_drawing_through_unchanged(draw: Callable[[str], Markup]) -> None:
    drawn = draw("words.html")

    assert ET.canonicalize(f"<div>{clean(drawn)}</div>") == ET.canonicalize(f"<div>{drawn}</div>")


@pytest.mark.parametrize("draw", ALL)
def test_a_drawing_is_hidden_from_a_screen_reader_or_has_a_name(
    draw: Callable[[str], Markup],
) -> None:
    tree = ET.fromstring(f"<div>{draw('words')}</div>")  # noqa: S314 # our own text
    outermost = [
        svg for parent in tree.iter() if parent.tag != "svg" for svg in parent.findall("svg")
    ]

    assert outermost
    for svg in outermost:
        assert svg.get("aria-hidden") == "true" or svg.get("aria-label")


@pytest.mark.parametrize("draw", ALL)
def test_the_same_values_are_the_same_bytes(draw: Callable[[str], Markup]) -> None:
    assert draw("words") == draw("words")


def test_the_target_of_a_clock_stands_at_the_same_place_and_an_overrun_runs_past_it() -> None:
    kept = drawings.clock(Clock(allowed=900, used=480, verdict=Verdict.KEPT))
    late = drawings.clock(Clock(allowed=900, used=1080, verdict=Verdict.MISSED))

    assert 'class="it-c-kept" x="0" y="5" width="40%"' in kept
    assert "it-c-over" not in kept
    assert 'class="it-c-over" x="75%" y="5" width="15%"' in late
    assert kept.count('x="75%"') == 1


def test_a_clock_that_allows_no_time_is_drawn_as_over() -> None:
    assert "it-c-over" in drawings.clock(Clock(allowed=0, used=1, verdict=Verdict.MISSED))


def test_as_many_status_steps_are_tall_as_were_reached() -> None:
    drawn = drawings.status(2, 6, "Identified")

    assert drawn.count('height="8"></rect>') == 2
    assert drawn.count('height="2"></rect>') == 4


def test_a_severity_is_drawn_by_its_place_not_by_its_name() -> None:
    assert drawings.severity(1, "SEV-2") == '<span class="it-sev it-sev--1">SEV-2</span>'


def test_a_month_is_stacked_from_the_least_severe_up() -> None:
    drawn = ET.fromstring(drawings.stack([1, 0, 2], tallest=3))  # noqa: S314 # our own text

    layers = [(rect.get("class"), float(rect.get("y", "0"))) for rect in drawn]
    assert [name for name, _ in layers] == ["it-s-0", "it-s-2", "it-s-2"]
    assert layers == sorted(layers, key=lambda layer: layer[1])


def test_a_quiet_component_costs_two_paths_however_many_its_days() -> None:
    drawn = drawings_days.bars(Days(component="Website", count=90, recent=30))

    assert drawn.count("<path") == 2
    assert drawn.count("v-7") == 90


def test_the_days_before_a_component_existed_are_a_hairline() -> None:
    drawn = drawings_days.bars(Days(component="Website", count=90, recent=30, begins=45))

    assert '<rect class="it-b-void" x="0" y="27" width="50%" height="1">' in drawn
    assert drawn.count("v-7") == 45


def test_the_bars_of_a_folded_group_hold_no_link() -> None:
    day = Day(position=89, look=State.MAJOR, label="3 Nov: Major outage, P0", href="x.md")
    component = Days(component="Website", count=90, recent=30, eventful=(day,))

    assert 'aria-label="3 Nov: Major outage, P0"' in drawings_days.bars(component)
    assert "<a" not in drawings_days.bars(component, links=False)


def test_worse_days_are_taller() -> None:
    order = [State.OK, State.MAINTENANCE, State.DEGRADED, State.PARTIAL, State.MAJOR]

    assert sorted(order, key=drawings_days.HEIGHTS.__getitem__) == order


def test_phases_of_like_length_are_to_scale_with_ticks_on_round_times() -> None:
    bars = [
        PhaseBar(phase=Phase.WAITING, span=Span(start=0, end=7 * MINUTE)),
        PhaseBar(phase=Phase.IMPACT, span=Span(start=7 * MINUTE, end=83 * MINUTE)),
    ]
    scale = drawings_phases.scale_of(bars)

    found = drawings_phases.ticks(scale, since_midnight=14 * HOUR + 2 * MINUTE)

    assert scale.true
    assert [(moment + 2 * MINUTE) / MINUTE for moment in found] == [20, 40, 60, 80]


def test_a_phase_too_long_to_compare_is_cut_and_the_column_says_so() -> None:
    bars = [
        PhaseBar(phase=Phase.WAITING, span=Span(start=0, end=MINUTE)),
        PhaseBar(phase=Phase.IMPACT, span=Span(start=MINUTE, end=100 * HOUR)),
    ]
    scale = drawings_phases.scale_of(bars)

    assert "it-ph-break" in drawings_phases.phase(bars[1], scale)
    assert "it-ph-break" not in drawings_phases.phase(bars[0], scale)
    assert drawings_phases.ticks(scale) == ()
    assert "not to scale" in drawings_phases.axis([], scale)


@pytest.mark.parametrize("spans", [[], [Span(start=0, end=0)], [Span(start=9, end=3)]])
def test_spans_that_make_no_sense_are_drawn_all_the_same(spans: list[Span]) -> None:
    bars = [PhaseBar(phase=Phase.IMPACT, span=span) for span in spans]
    scale = drawings_phases.scale_of(bars)

    drawn = Markup("").join(drawings_phases.phase(bar, scale) for bar in bars)

    assert "-" not in "".join(part.split('"')[0] for part in drawn.split('width="')[1:])
    assert drawings_phases.ticks(scale) == ()


def test_a_logarithmic_axis_spans_the_values_in_human_steps() -> None:
    axis = log_axis([400, 5000])

    assert [label for _, label in axis.ticks] == ["5 min", "15", "1 h", "4 h"]
    assert axis.at(300) == 3
    assert axis.at(14_400) == 97


@pytest.mark.parametrize("values", [[], [0.0], [1.0, 1e12], [86_400.0, 86_400.0], [4e7, 5e7]])
def test_an_axis_holds_any_values(values: list[float]) -> None:
    axis = log_axis(values)

    assert all(3 <= axis.at(value) <= 97 for value in values)
    assert len(axis.ticks) >= 2


def test_values_that_would_touch_are_stacked_by_turns() -> None:
    axis = linear_axis(100, [(0, "0")])
    row = DotRow(dots=tuple(Dot(value=50) for _ in range(3)))

    tree = ET.fromstring(drawings_dots.dots(row, axis))  # noqa: S314 # our own text

    assert [dot.get("cy") for dot in tree.findall("circle")] == ["23", "29.5", "16.5"]


def test_more_values_than_fit_as_dots_are_a_rug() -> None:
    axis = linear_axis(100, [(0, "0")])
    drawn = drawings_dots.dots(DotRow(dots=tuple(Dot(value=50) for _ in range(121))), axis)

    assert drawn.count("it-d-rug") == 121
    assert "circle" not in drawn


def test_a_missed_target_is_another_shape() -> None:
    axis = linear_axis(100, [(0, "0")])

    assert "<circle" not in drawings_dots.dots(DotRow(dots=(Dot(value=5, missed=True),)), axis)
