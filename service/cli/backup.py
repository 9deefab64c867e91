"""``matcher backup``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import t, tell
from matcher.texts import text, text_n
from service.cli.opening import DatabaseAddress, SettingsFile, open_for_command


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(
        help=t(text("Keep a copy of everything the service holds.")),
        context_settings={"allow_interspersed_args": True},
    )

    @app.callback(invoke_without_command=True)
    def backup(
        out: Annotated[
            Path | None,
            typer.Option("-o", "--out", metavar="FILE", help=t(text("By default a new file in the folder backups."))),
        ] = None,
        rotate: Annotated[
            bool, typer.Option("--rotate", help=t(text("Remove backups beside it whose days are over.")))
        ] = False,
        settings: SettingsFile = None,
        database: DatabaseAddress = None,
    ) -> None:
        """Write everything into one sealed file; the service may run meanwhile."""
        from service.privacy.backup.keep import default_path, make_backup
        from service.privacy.backup.keep import rotate as remove_old
        from service.privacy.backup.sealed_file import key_path

        core = open_for_command(settings, database)
        path = out or default_path(core)
        is_new = core.settings.backup_passphrase_file is None and not key_path(core.settings).exists()
        manifest = make_backup(core, path)
        tell(text("written: {path}", path=str(path)))
        rows = sum(one.rows for one in manifest.tables.values())
        tell(text_n("{count} row", "{count} rows", count=rows))
        if is_new:
            tell(text("A key of backups was made: {path}. Copy it to a safe place apart from the backups: without it "
                      "they cannot be opened.", path=str(key_path(core.settings))))  # fmt: skip
        if rotate:
            number = remove_old(core, path.parent)
            tell(text_n("{count} old backup removed", "{count} old backups removed", count=number))

    return app
