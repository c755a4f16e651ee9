"""The colours are readable and stay apart, computed anew from the one file that holds them."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from incident_tracker.site.colour import Rgb, contrast, linear
from incident_tracker.site.look import stylesheet
from incident_tracker.site.tokens import (
    ACCENT_TINT,
    GROUNDS,
    INKS,
    LINES,
    PHASES,
    RAMP,
    READABLE,
    STATES,
    VISIBLE,
    Pair,
    severities,
)

SCHEMES = ("light", "dark")
APART = 11.0  # CIEDE2000 of any two states, for every kind of colour vision
# Full-strength simulation, Machado, Oliveira and Fernandes 2009, in linear RGB.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)  # D65


def product(matrix: tuple[tuple[float, ...], ...], vector: Rgb) -> Rgb:
    red, green, blue = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return (red, green, blue)


def seen(colour: str, vision: str) -> Rgb:
    """The colour in CIELAB as somebody of that vision sees it."""
    red, green, blue = product(VISIONS[vision], linear(colour))
    light = (min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1))
    x, y, z = (
        cubed(value / white) for value, white in zip(product(TO_XYZ, light), WHITE, strict=True)
    )
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def cubed(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360


def difference(one: Rgb, other: Rgb) -> float:
    """CIEDE2000 (Sharma, Wu and Dalal 2005), of two colours in CIELAB."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * math.sqrt(mean7 / (mean7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = hue(a1 * stretch, b1), hue(a2 * stretch, b2)
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    if turn == -180:
        turn = 180.0 if h2 > h1 else -180.0
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    middle = h1 + h2
    if c1 * c2:
        far = abs(h1 - h2) > 180
        middle = (h1 + h2 + (360 if far and h1 + h2 < 360 else -360 if far else 0)) / 2
    angle = math.radians(middle)
    t = (
        1
        - 0.17 * math.cos(angle - math.radians(30))
        + 0.24 * math.cos(2 * angle)
        + 0.32 * math.cos(3 * angle + math.radians(6))
        - 0.20 * math.cos(4 * angle - math.radians(63))
    )
    from_50 = (lightness - 50) ** 2
    dl = (l2 - l1) / (1 + 0.015 * from_50 / math.sqrt(20 + from_50))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    blue = math.radians(60 * math.exp(-(((middle - 275) / 25) ** 2)))
    turned = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(blue)
    return math.sqrt(dl**2 + dc**2 + dh**2 + turned * dc * dh)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_agrees_with_the_published_pairs(
    one: Rgb, other: Rgb, expected: float
) -> None:
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


def test_the_contrast_agrees_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_any_two_states_stay_apart(scheme: str, vision: str) -> None:
    graphics = {name: getattr(state.graphic, scheme) for name, state in STATES.items()}

    close = {
        pair: found
        for pair in combinations(graphics, 2)
        if (found := difference(*(seen(graphics[name], vision) for name in pair))) < APART
    }

    assert not close


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_is_readable_on_every_ground(scheme: str) -> None:
    def of(pair: Pair) -> str:
        value: str = getattr(pair, scheme)
        return value

    pairs = [(ink, ground) for ink in INKS.values() for ground in GROUNDS.values()]
    for state in STATES.values():
        pairs += [(state.text, ground) for ground in (*GROUNDS.values(), state.tint)]
        pairs += [(INKS["ink"], state.tint), (INKS["ink2"], state.tint)]
    pairs += [(INKS["ink"], ACCENT_TINT), (INKS["accent"], ACCENT_TINT)]

    weak = [(one, other) for one, other in pairs if contrast(of(one), of(other)) < READABLE]

    assert not weak


@pytest.mark.parametrize("scheme", SCHEMES)
def test_graphics_are_visible_where_they_stand(scheme: str) -> None:
    graphics = [state.graphic for state in STATES.values()] + list(PHASES.values())
    stand_on = [GROUNDS["page"], GROUNDS["surface"]]
    pairs = [(graphic, ground) for graphic in graphics for ground in stand_on]
    pairs += [(LINES["edge"], ground) for ground in GROUNDS.values()]

    weak = [
        (one, other)
        for one, other in pairs
        if contrast(getattr(one, scheme), getattr(other, scheme)) < VISIBLE
    ]

    assert not weak


@pytest.mark.parametrize("count", range(1, 13))
def test_a_ramp_of_any_length_is_readable_and_has_an_outline(count: int) -> None:
    for tag in severities(count):
        for scheme in SCHEMES:
            fill, text, border = (
                getattr(part, scheme) for part in (tag.fill, tag.text, tag.border)
            )
            assert contrast(fill, text) >= READABLE, (tag, scheme)
            assert contrast(border, getattr(GROUNDS["page"], scheme)) >= VISIBLE, (tag, scheme)
    assert len({tag.fill for tag in severities(count)}) == count


def test_four_severities_are_the_ramp_itself() -> None:
    assert tuple(tag.fill for tag in severities(4)) == RAMP


def test_the_stylesheet_defines_every_colour_that_it_uses() -> None:
    sheet = stylesheet(severities=4)

    used = {part.split(")")[0].split(",")[0] for part in sheet.split("var(--it-")[1:]}
    defined = {part.split(":")[0].strip() for part in sheet.split("--it-") if ":" in part[:24]}

    assert used <= defined, used - defined


def test_the_written_stylesheet_holds_no_colour_of_its_own() -> None:
    written = stylesheet(severities=0).split(":root,[data-md-color-scheme]{\n  --it-page")[0]

    assert [line for line in written.splitlines() if "light-dark(" in line] == []
    assert {word for word in written.split() if word.startswith("#") and len(word) in {7, 8}} <= {
        "#434d5a"  # the page number in the margin of a print, which knows no custom property
    }
