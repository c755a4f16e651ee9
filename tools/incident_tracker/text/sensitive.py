"""Secrets and personal data in a text: where they stand, and the text with their letters hidden.

Forms are those that their makers publish; what has no form, such as a password in a sentence, is
found by people only. Each pattern reads a text once, however long or repetitive it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

SHOWN = "*"
"""Takes the place of each character: one byte for one, so that columns of all kinds stay."""
_KEY = r"[A-Za-z0-9_-]"
_SECRETS = {
    # IAM User Guide, "Unique identifiers": AKIA for long-lived keys, ASIA for those that expire
    "an access key of AWS": r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])",
    # RFC 7519: parts in base64url, of which the first two are objects in JSON
    "a JSON web token": rf"(?<!{_KEY})eyJ{_KEY}{{8,4000}}+\.eyJ{_KEY}{{8,4000}}+\.{_KEY}{{1,4000}}",
    # RFC 7468, and the labels of OpenSSL, OpenSSH and OpenPGP
    "a private key": r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
    # RFC 3986, section 3.2.1; of the address only the password is hidden
    "a password in an address": r"://[!-.0-9;-?A-~]{0,256}+:(?P<part>[!-.0-?A-~]{1,256}+)@",
    # The prefixes that GitHub and Slack document for their tokens
    "an access token": r"(?<![A-Za-z0-9])"
    r"(?:gh[opsur]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,200})",
}
_PERSONAL = {
    "an e-mail address": r"(?<![A-Za-z0-9_.+%-])[A-Za-z0-9][A-Za-z0-9_.+%-]{0,63}+"
    r"@(?P<host>(?:[A-Za-z0-9-]{1,63}+\.){1,8}[A-Za-z]{2,24})",
    "a card number": r"(?<![A-Za-z0-9_.+-])(?P<card>(?:[0-9][ -]?){12,18}[0-9])(?![A-Za-z0-9_-])",
    # ITU-T E.123 with the country; the North American Numbering Plan without one
    "a phone number": r"(?<![A-Za-z0-9_.:+-])(?:\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}"
    r"|(?:\([0-9]{3}\) ?|[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4})(?![A-Za-z0-9_-])",
}
_FOUND = {what: re.compile(form) for what, form in (_SECRETS | _PERSONAL).items()}
_BODY_OF_A_KEY = re.compile(r"^[ \t>-]{0,20}[A-Za-z0-9+/]{40,}={0,2}[ \t\r]*$", re.MULTILINE)
_NO_PASSWORD = re.compile(
    r"[*x.]+|<.*|\$.*|\{.*|%.*%|password|passwd|secret|redacted|hidden|token", re.IGNORECASE
)
_RESERVED = re.compile(r"(?:.*\.)?(?:example(?:\.[a-z]+)?|test|invalid|localhost)", re.IGNORECASE)
"""The hosts that RFC 2606 and RFC 6761 keep for texts such as ours."""
_NOBODY = re.compile(r"(?:git|no-?reply)@.*", re.IGNORECASE)
_FICTITIOUS = re.compile(r".*555.?01[0-9]{2}")
"""The numbers that the North American Numbering Plan keeps for stories."""
_BRANDS = re.compile(
    r"4[0-9]{12}(?:[0-9]{3}){0,2}|(?:5[1-5]|2[2-7]|6[0-9])[0-9]{14}|3[47][0-9]{13}"
)
_MARKS = {
    "an access key of AWS": ("AKIA", "ASIA"),
    "a JSON web token": ("eyJ",),
    "a private key": ("-----BEGIN",),
    "a password in an address": ("://",),
    "an access token": ("xox",),
    "an e-mail address": ("@",),
}
"""What stands in each of them, in forms that begin with a sign: most texts hold none, and what
looks back from each letter takes twenty times as long to say so."""
_HINTS = {
    "an access token": ("_", re.compile(r"gh[opsur]_")),
    "a phone number": ("+", re.compile(r"\+[1-9]")),
}
"""The same, where a letter that few texts hold says first whether to search."""
_DIGITS = re.compile(r"[0-9][0-9 ().-]{11,}")
"""The shortest that a number for calling or paying may be written; a date is shorter."""
_CALLED = re.compile(r"[0-9]{3}(?:\) ?|[ .-])[0-9]{3}[ .-][0-9]{4}")
_CARD = 13


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Something that is no public word: what it is, and where in the text."""

    what: str
    is_secret: bool
    start: int
    end: int


@lru_cache(maxsize=8)
def sensitive(text: str) -> tuple[Sensitive, ...]:
    """Return the secrets and personal data in a text, kind by kind."""
    likely = [what for what, marks in _MARKS.items() if any(mark in text for mark in marks)]
    likely += [what for what, (sign, hint) in _HINTS.items() if sign in text and hint.search(text)]
    for run in _DIGITS.findall(text):
        if _CALLED.search(run):
            likely.append("a phone number")
        if sum(map(str.isdigit, run)) >= _CARD:
            likely.append("a card number")
    return tuple(_found(text, likely)) if likely else ()


def _found(text: str, likely: Sequence[str]) -> Iterator[Sensitive]:
    """What is there of the kinds that are likely; to hide one makes no other one appear."""
    left = text
    for what, form in _FOUND.items():
        if what not in likely:
            continue
        found = [one for one in form.finditer(left) if _is_meant(one)]
        for one in found:
            start, end = one.span("part" if "part" in form.groupindex else 0)
            yield Sensitive(what, what in _SECRETS, start, end)
        # Behind a password an address goes on like one for mail, and so it is taken once.
        left = _hidden(left, [one.span() for one in found])


def masked(text: str) -> str:
    """The text with each letter hidden that is a secret or personal; what else stands, stays."""
    spans = [(found.start, found.end) for found in sensitive(text)]
    spans += [found.span() for found in _BODY_OF_A_KEY.finditer(text)]
    return _hidden(text, spans)


def _hidden(text: str, spans: Sequence[tuple[int, int]]) -> str:
    if not spans:
        return text
    hidden = list(text)
    for start, end in spans:
        hidden[start:end] = SHOWN * (end - start)
    return "".join(hidden)


def _is_meant(found: re.Match[str]) -> bool:
    """Whether it is one in fact: no placeholder, no address for examples, digits that add up."""
    parts = found.groupdict()
    if "part" in parts:
        return not _NO_PASSWORD.fullmatch(parts["part"])
    if "host" in parts:
        return not _RESERVED.fullmatch(parts["host"]) and not _NOBODY.fullmatch(found[0])
    if "card" in parts:
        return _is_card(re.sub(r"[ -]", "", parts["card"]))
    return not _FICTITIOUS.fullmatch(found[0])


def _is_card(digits: str) -> bool:
    """Whether a number has a brand's length and beginning, and the check digit of ISO/IEC 7812."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    total = sum(int(digit) for digit in digits[::-2]) + sum(doubled)
    return bool(_BRANDS.fullmatch(digits)) and total % 10 == 0
