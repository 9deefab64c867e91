"""``matcher person``: hand out or erase all data of one person."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import chosen, t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text, text_n
from service.cli.opening import DatabaseAddress, SettingsFile, open_for_command
from service.cli.research import research

if TYPE_CHECKING:
    from service.core import Core

ACTOR = "command"

PersonId = Annotated[str, typer.Argument(metavar="ID", help=t(text("Identifier of the person in the service.")))]


class GroundWord(StrEnum):
    """Why a person is erased; see service.privacy.grounds."""

    PURPOSE_REACHED = "purpose_reached"
    WITHDRAWN = "withdrawn"
    NOT_NEEDED = "not_needed"
    UNLAWFUL = "unlawful"
    STOP_ASKED = "stop_asked"


def build_app() -> typer.Typer:
    """Return the command."""
    app = typer.Typer(no_args_is_help=True, help=t(text("Hand out or erase all data of one person.")))
    app.command("export", help=t(text("Write everything about a person as JSON, HTML or XLSX.")))(export)
    app.command("delete", help=t(text("Erase a person now and write the act of destruction.")))(delete)
    app.command("research", help=t(text("Write a round for research, with nobody in it.")))(research)
    app.command("due", help=t(text("Erase everybody whose day has come.")))(due)
    return app


def export(
    person: PersonId,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE")],
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Write everything the service holds about a person."""
    from service.audit import append_audit
    from service.privacy.dossier import build_dossier, write_dossier
    from service.tables.areas import Person

    if out.suffix not in (".json", ".html", ".xlsx"):
        cure = text("end the name in .json, .html or .xlsx")
        raise InputError([Fault(str(out), text("this is no kind of file known here"), cure)])
    core = open_for_command(settings, database)
    _check(core, person)
    with core.database.writing() as session:
        found = session.get_one(Person, person)
        write_dossier(build_dossier(session, core, found), out, chosen())
        append_audit(session, core.vault, actor=ACTOR, action="person.export", area_id=found.area_id, subjects=[person])
    tell(text("written: {path}", path=str(out)))


def delete(
    person: PersonId,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FOLDER", help=t(text("Where the act goes.")))] = Path(),
    ground: Annotated[GroundWord, typer.Option(help=t(text("Why.")))] = GroundWord.PURPOSE_REACHED,
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Erase a person now; write the act of destruction and the extract of the log into a folder."""
    from sqlmodel import col, select

    from service.privacy.consent_rows import ask_erasure
    from service.privacy.erasure.act import write_act, write_log_extract
    from service.privacy.erasure.queue import entry_of, perform, today_of
    from service.privacy.grounds import Ground
    from service.tables.areas import Person
    from service.tables.privacy import Erasure

    core = open_for_command(settings, database)
    _check(core, person)
    with core.database.writing() as session:
        waiting = select(Erasure).where(Erasure.person_id == person, col(Erasure.done_at).is_(None))
        erasure = session.exec(waiting.order_by(col(Erasure.due_day))).first()
        if erasure is None:
            area_id = session.get_one(Person, person).area_id
            erasure = ask_erasure(session, core, person, area_id, Ground(ground), ACTOR, today_of(core))
        erasure_id = erasure.id
    act = perform(core, erasure_id, actor=ACTOR)
    out.mkdir(parents=True, exist_ok=True)
    with core.database.reading() as session:
        entry = entry_of(session, session.get_one(Erasure, erasure_id))
    write_act(act, out / f"act-{act.number}.docx", chosen())
    write_log_extract(act, entry, out / f"log-{act.number}.csv", chosen())
    tell(text("written: {path}", path=str(out / f"act-{act.number}.docx")))


def due(settings: SettingsFile = None, database: DatabaseAddress = None) -> None:
    """Erase everybody whose day has come; the service does the same every day."""
    from service.privacy.erasure.queue import perform_due

    number = perform_due(open_for_command(settings, database), actor=ACTOR)
    tell(text_n("{count} person erased", "{count} people erased", count=number))


def _check(core: Core, person_id: str) -> None:
    from service.tables.areas import Person

    with core.database.reading() as session:
        person = session.get(Person, person_id)
        erased = person is not None and person.erased_at is not None
    if person is None:
        cure = text("look the identifier up in the list of people")
        raise InputError([Fault(person_id, text("there is no such person"), cure)])
    if erased:
        raise InputError([Fault(person_id, text("this person is erased already"))])
