"""Help in the language of this run: the words that the command line library puts round ours."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from matcher.cli.language import t
from matcher.texts import text


def word_help(app: typer.Typer) -> None:
    """Let a command and all its sub-commands give their help in the language of this run."""
    app.info.cls = HelpingGroup
    for command in app.registered_commands:
        command.cls = HelpingCommand
    for group in app.registered_groups:
        if group.typer_instance is not None:
            word_help(group.typer_instance)


class _Helping:
    """Says the words of a help page; mixed into what prints one."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        words: Any = self
        words.options_metavar = f"[{t(text('OPTIONS'))}]"
        words.subcommand_metavar = t(text("COMMAND [ARGUMENTS]..."))
        formatter.write_usage(
            ctx.command_path, " ".join(words.collect_usage_pieces(ctx)), prefix=f"{t(text('Usage'))}: "
        )

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        _word_panels()
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, without the names of Python's types."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in found:
            if isinstance(param, TyperArgument):
                param.display_type_rich = _no_type  # type: ignore[method-assign]
            elif isinstance(param, TyperOption) and param.metavar is None:
                param.metavar = ""
            if "--help" in param.opts:
                param.help = t(text("Show this page."))
        return found


class HelpingCommand(_Helping, TyperCommand):
    """A command with its help in the language of this run."""


class HelpingGroup(_Helping, TyperGroup):
    """A group of commands with its help in the language of this run."""


def _no_type(ctx: Any) -> None:
    return None


def _word_panels() -> None:
    """Set the words of the panels; read here, since only help needs them."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = t(text("Arguments"))
    rich_utils.OPTIONS_PANEL_TITLE = t(text("Options"))
    rich_utils.COMMANDS_PANEL_TITLE = t(text("Commands"))
    rich_utils.REQUIRED_LONG_STRING = f"[{t(text('required'))}]"
    rich_utils.DEFAULT_STRING = f"[{t(text('default: {value}', value='{}'))}]"
