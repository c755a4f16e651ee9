"""How the shells ask for completions, and what each needs besides Click's own script."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

NOT_PLAIN = re.compile(r"[^\w@%+=:,./-]")
TWO_BACKSLASHES = r"\\\\\g<0>"
QUOTES = ('"', "'")
BREAKS = ("=", ":")


@add_completion_class
class Bash(BashComplete):
    """Bash, which breaks words at `=` and `:`, and inserts a blank as the end of a word."""

    held = ""
    quoted = False

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is typed, and that one, put together again."""
        before, typed = super().get_completion_args()
        *args, incomplete = _joined([*before, typed])
        # Bash replaces only the piece behind the last break.
        self.held = incomplete.removesuffix("" if typed in BREAKS else typed)
        self.quoted = os.environ["COMP_WORDS"].rpartition("\n")[2].startswith(QUOTES)
        return args, incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return the piece that Bash inserts; the script's `read` takes one backslash of two."""
        value = item.value if self.held.startswith("-") else item.value.removeprefix(self.held)
        if self.quoted:
            return f"{item.type},{value}"
        return f"{item.type},{NOT_PLAIN.sub(TWO_BACKSLASHES, value)}"


@add_completion_class
class Fish(FishComplete):
    """Fish, whose script would cut a list at its first comma, and sort what is in order."""

    source_template = FishComplete.source_template.replace(
        'string split "," ', 'string split --max 1 "," '
    ).replace("complete --no-files", "complete --no-files --keep-order")


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": ZshComplete, "fish": Fish}


def _joined(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if found and (word in BREAKS or found[-1].endswith(BREAKS)):
            found[-1] += word
        else:
            found.append(word)
    return found
