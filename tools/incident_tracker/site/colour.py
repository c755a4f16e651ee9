"""Colour arithmetic: contrast and mixing of sRGB colours, written `#rrggbb`."""

Rgb = tuple[float, float, float]

KNEE = 0.04045  # below it the sRGB transfer curve is a line (IEC 61966-2-1)
LUMINANCE = (0.2126, 0.7152, 0.0722)  # WCAG 2.2, "relative luminance"


def linear(colour: str) -> Rgb:
    """The light that a colour emits, each channel from 0 to 1."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return (_decoded(red), _decoded(green), _decoded(blue))


def _decoded(channel: float) -> float:
    """The inverse of the sRGB transfer curve."""
    return channel / 12.92 if channel <= KNEE else ((channel + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    return sum(weight * light for weight, light in zip(LUMINANCE, linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """The colour at `share`, 0 to 1, of the way from one to the other, as a screen fades."""
    channels = (
        round(int(one[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
