"""JSON of strangers: numbers stay text, so that none is too long to read; no key stands twice."""

from __future__ import annotations

import json
from collections import Counter
from typing import NoReturn


class WrongJsonError(Exception):
    """A text that is no JSON, or one that we do not take; the message is the reason."""


def json_value(data: bytes) -> object:
    """The value that bytes hold; WrongJsonError with the reason and the place in them."""
    try:
        return DECODER.decode(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise WrongJsonError(f"byte {error.start + 1} of the line is not UTF-8") from error
    except RecursionError as error:
        raise WrongJsonError("the line is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise WrongJsonError(f"no JSON: {error.msg} at column {error.colno}") from error
    except ValueError as error:
        raise WrongJsonError(str(error)) from error


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counted.items() if count > 1)
        raise ValueError(f"{twice[:60]}: stands twice in one object")
    return found


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_constant
)
