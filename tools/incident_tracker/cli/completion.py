"""Print the script that lets a shell complete commands, options and values."""

from __future__ import annotations

import click

from incident_tracker.cli._options import examples

NAMES = ("bash", "zsh", "fish")


@click.command(epilog=examples(*(f"incident completion {name}" for name in NAMES)))
@click.argument("shell", type=click.Choice(NAMES))
def command(shell: str) -> None:
    r"""Print the script that lets a shell complete commands, options and values.

    Put it where your shell looks for such scripts, and open a new shell:

    \b
    bash  incident completion bash > ~/.local/share/bash-completion/completions/incident
    zsh   incident completion zsh > ~/.zfunc/_incident
          (with fpath+=~/.zfunc above compinit in ~/.zshrc)
    fish  incident completion fish > ~/.config/fish/completions/incident.fish

    Bash without the package bash-completion: add eval "$(incident completion bash)" to ~/.bashrc.
    """
    from click.shell_completion import ShellComplete

    from incident_tracker.cli import COMPLETE
    from incident_tracker.cli._shells import SHELLS
    from incident_tracker.cli._terminal import say

    root = click.get_current_context().find_root().command
    asked = SHELLS[shell](root, {}, "incident", COMPLETE)
    # Bash's own method starts a Bash to ask its version, and complains where there is none.
    say(ShellComplete.source(asked).rstrip("\n"))
