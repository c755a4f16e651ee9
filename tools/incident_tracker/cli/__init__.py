"""The command line: one module per command, found by its file's name, imported only when it runs.

A module here (names with a leading underscore aside) holds ``command``, and its short help as the
first line of its docstring. A command returns its exit status, None for 0, and speaks through
:func:`_terminal.say` only.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from incident_tracker import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

STARTED = time.time()
"""Before nearly all code was loaded: what is changed later is not what runs here."""
FOLDER = Path(__file__).parent
COMPLETE = "_INCIDENT_COMPLETE"
SUMMARY = re.compile(r'[ru]*"""(.+?)\.?(?:"""|\n)')


class Commands(click.Group):
    """A group that knows its commands from their files and imports the one that is called."""

    @cached_property
    def modules(self) -> dict[str, Path]:
        """The files of the commands by the commands' names."""
        files = (path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
        # A module named like a builtin would take its place right here, hence list_.py, set_.py.
        return {path.stem.rstrip("_").replace("_", "-"): path for path in sorted(files)}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # Click asks so
        """The names of all commands."""
        return list(self.modules)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 # Click asks so
        cmd_name: str,
    ) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name not in self.modules:
            return None
        found: click.Command = import_module(f"{__name__}.{self.modules[cmd_name].stem}").command
        found.short_help = found.short_help or self.summary(cmd_name)
        if COMPLETE in os.environ:
            from incident_tracker.cli._suggesting import with_suggestions

            with_suggestions(found)
        return found

    def summary(self, name: str) -> str:
        """The first line of a command module's docstring, read without importing the module."""
        found = SUMMARY.match(self.modules[name].read_text("utf-8"))
        return found[1] if found else ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        if self.modules:
            with formatter.section("Commands"):
                formatter.write_dl([(name, self.summary(name)) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The names of commands that begin so, and the options of all; no command is imported."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=self.summary(name)) for name in names), *options]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name; a wrong name is answered with the nearest ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.list_commands(ctx), n=3) if args else []
            help_ = f"; did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f'no command "{args[0]}"{help_}', ctx) from error

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401 # Click's own
    ) -> Any:  # noqa: ANN401 # Click's own signature
        """Run one command; the one place that turns errors into messages and an exit status."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        status, stream = 0, sys.stdout
        if COMPLETE in os.environ:
            import_module(f"{__name__}._shells")
        try:
            result = super().main(args, "incident", COMPLETE, standalone_mode=False, **extra)
            status = result if isinstance(result, int) else 0
            sys.stdout.flush()
        except BrokenPipeError:
            status = _left()
        except SystemExit:
            # Click puts another stream there when the pipe is closed, and exits with 1: findings.
            if sys.stdout is stream:
                raise
            status = _left()
        except Exception as error:  # noqa: BLE001 # the boundary: nothing passes it as a traceback
            if COMPLETE in os.environ:  # a message would stand in the midst of what is being typed
                raise SystemExit(1) from None
            from incident_tracker.cli._errors import exit_status

            status = exit_status(error)
        raise SystemExit(status)


def _left() -> int:
    """Return the status of a command whose reader left: never 0, which would be a verdict."""
    # The interpreter flushes once more when it ends, and would complain there.
    with contextlib.suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "-C",
    "directory",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="Work as if started in DIR.",
)
@click.option("--no-input", is_flag=True, help="Never ask; what is missing is an error.")
@click.version_option(__version__, message="incident-tracker %(version)s")
@click.pass_context
def main(ctx: click.Context, directory: str | None, no_input: bool) -> None:
    """Declare, work, close, review and check incidents that live as Markdown in Git.

    Example: incident new "Checkout returns 500" --severity P0
    """
    from incident_tracker.cli._terminal import called_in

    ctx.meta["incident_tracker.no_input"] = no_input
    called_in(directory)
    if directory is not None:
        ctx.with_resource(contextlib.chdir(directory))
    if ctx.invoked_subcommand is None:
        from incident_tracker.cli._terminal import say

        say(ctx.get_help())
