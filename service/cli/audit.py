"""``matcher audit``: check the trail, write its head out, say who looked at what, let old lines of the log go."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import chosen, complain, t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text, text_n
from service.cli.opening import DatabaseAddress, SettingsFile, open_for_command

NEGATIVE = 1


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(no_args_is_help=True, help=t(text("Check the audit trail.")))
    app.command("verify", help=t(text("Check that nothing in the audit trail was changed or cut off.")))(verify)
    app.command("head", help=t(text("Write the head of the audit trail into a file.")))(head)
    app.command("access", help=t(text("Who looked at what between two days, as CSV or XLSX.")))(access)
    app.command("prune", help=t(text("Let lines of the access log go whose time is over.")))(prune)
    return app


def verify(
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
    heads: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help=t(text("Heads that were copied away; by default those of the service."))),
    ] = None,
) -> None:
    """Check the chain and compare it with the heads written out; exit code 1 where it does not hold."""
    from service.privacy.heads import FOLDER, check_chain, read_heads

    core = open_for_command(settings, database)
    known = read_heads(heads or core.settings.folder / FOLDER)
    with core.database.reading() as session:
        verdict = check_chain(session, known)
    tell(text_n("{count} entry", "{count} entries", count=verdict.num_entries))
    if verdict.head is not None:
        tell(text("head: {seq} {hash}", seq=verdict.head.seq, hash=verdict.head.hash))
    if verdict.broken is not None:
        complain(text("The chain is broken at entry {seq}.", seq=verdict.broken))
    for lost in verdict.lost:
        complain(text("Entry {seq} of {at} is missing or is another one than it was.", seq=lost.seq, at=lost.at))
    if not verdict.holds:
        raise typer.Exit(NEGATIVE)
    tell(
        text_n("The chain holds; {count} head compared.", "The chain holds; {count} heads compared.", count=len(known))
    )


def head(settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Write the head of the trail into the folder of the service and print where."""
    from service.privacy.heads import export_head

    path = export_head(open_for_command(settings, database))
    tell(text("There is no entry yet.") if path is None else text("written: {path}", path=str(path)))


def access(
    first_day: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")],
    last_day: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE")],
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Write who looked at what into a CSV or XLSX file."""
    from service.audit import append_audit
    from service.privacy.access_report import lines_between, moments_of, write_access_report

    if out.suffix not in (".csv", ".xlsx"):
        raise InputError(
            [Fault(str(out), text("this is no kind of file known here"), text("end the name in .csv or .xlsx"))]
        )
    core = open_for_command(settings, database)
    span = moments_of(first_day.date(), last_day.date(), core.settings.time_zone)
    with core.database.reading() as session:
        time_zone = core.settings.time_zone
        write_access_report(session, out, lines_between(*span), lang=chosen(), time_zone=time_zone)
    with core.database.writing() as session:
        append_audit(session, core.vault, actor="command", action="access_log.export", area_id=None)
    tell(text("written: {path}", path=str(out)))


def prune(settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Let lines of the access log go that are older than the setting keep_access_log_days; the act is audited."""
    from service.privacy.retention import prune_access_log

    number = prune_access_log(open_for_command(settings, database), actor="command")
    tell(text_n("{count} line has gone", "{count} lines have gone", count=number))
