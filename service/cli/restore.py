"""``matcher restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import complain, t, tell
from matcher.texts import text, text_n
from service.cli.opening import DatabaseAddress, SettingsFile, chosen_settings

NEGATIVE = 1


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(help=t(text("Bring back a copy.")), context_settings={"allow_interspersed_args": True})

    @app.callback(invoke_without_command=True)
    def restore(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=t(text("The backup.")))],
        erased: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help=t(text("People erased since: erased-people.txt of the service."))),
        ] = None,
        settings: SettingsFile = None,
        database: DatabaseAddress = None,
    ) -> None:
        """Bring a backup back into an empty folder and database."""
        from service.privacy.backup.bring_back import restore as bring_back
        from service.privacy.erasure.queue import read_erased

        known = [] if erased is None else read_erased(erased)
        done = bring_back(chosen_settings(settings, database), file, erased=known)
        tell(text("Restored as of {moment}; every table is as it was.", moment=done.manifest.made_at))
        if done.erased_again:
            one, many = "{count} person was erased again.", "{count} people were erased again."
            tell(text_n(one, many, count=done.erased_again))
        tell(text("Everybody has to sign in again. Look through links and tokens that were revoked since then."))
        if done.broken is not None:
            complain(text("The chain is broken at entry {seq}.", seq=done.broken))
            raise typer.Exit(NEGATIVE)

    return app
