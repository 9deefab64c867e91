"""A checked roster becomes one of the service's: kept whole, or refused with everything that is wrong."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.roster import Roster
from matcher.texts import Text, say, text, text_n
from service.audit import append_audit
from service.errors import wrong_input
from service.rounds.rosters import keep_roster
from service.rounds.uploads import Checked
from service.tables.areas import Area
from service.tables.rounds import RosterFile
from service.work import Work


def take_checked(work: Work, place: Area, found: Checked) -> RosterFile:
    """Keep a roster that was checked, in a transaction of its own.

    Raises
    ------
    Problem
        422 where it has faults; then nothing is kept.
    """
    if found.roster is None:
        raise wrong_input(cut_faults(found))
    faults = unfit(found.roster)
    if faults:
        raise wrong_input(faults)
    remarks = [*found.remarks, *_strange_organisations(work, place, found.roster)]
    with work.core.database.writing() as session:
        row = keep_roster(
            session,
            work.core.vault,
            session.get_one(Area, place.id),
            found.roster,
            name=found.name,
            remarks=[{"place": at, "ru": say(said, "ru"), "en": say(said, "en")} for at, said in remarks],
            by=work.viewer.actor,
        )
        note_taken(session, work, row)
        return row


def note_taken(session: Any, work: Work, row: RosterFile) -> None:
    """Write down that a roster was taken."""
    append_audit(
        session,
        work.core.vault,
        actor=work.viewer.actor,
        action="roster.upload",
        area_id=row.area_id,
        subjects=[row.id],
        details={"digest": row.digest, "people": row.num_people, "made_up": row.is_made_up},
    )


def cut_faults(found: Checked) -> list[Fault]:
    """Return the faults of a check, and as the last one how many more there are."""
    faults, more = list(found.faults), found.num_faults - len(found.faults)
    if more > 0:
        message = text_n("and {count} more fault", "and {count} more faults", count=more)
        faults.append(Fault(found.name, message, text("ask for the workbook with the faults marked")))
    return faults


def unfit(roster: Roster) -> list[Fault]:
    """Return what cannot be kept: a class and a person of one code, codes no database can hold."""
    people = {person.id for person in roster.people}
    classes = {one.person for one in roster.mentees if one.is_class}
    found = [
        Fault(code, text("a class and a person have the same code"), text("give one of them another code"))
        for code in sorted(people & classes)
    ]
    for code in sorted(people | classes):
        if len(code) > 200 or not code.isprintable():
            found.append(Fault(repr(code[:60]), text("the code is too long, or has signs nobody can see")))
    return found


def _strange_organisations(work: Work, area: Area, roster: Roster) -> list[tuple[str, Text]]:
    """Remark on organisations that are no areas yet: their people belong to the area of the roster."""
    if area.kind == "organisation":
        return []
    below = select(Area.code).where(col(Area.path).startswith(area.path, autoescape=True), Area.kind == "organisation")
    known = set(work.session.exec(below))
    strange = sorted({one.id for one in roster.organisations} - known)
    if not strange:
        return []
    message = text_n(
        "{count} organisation is not set up here yet, so its curator does not see its people: {names}",
        "{count} organisations are not set up here yet, so their curators do not see their people: {names}",
        count=len(strange),
        names=", ".join(strange[:12]) + (" …" if len(strange) > 12 else ""),
    )
    return [("organisations", message)]
