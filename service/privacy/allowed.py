"""Whether data of people may be put to a use today: who lacks which consent, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from matcher.errors import Fault
from matcher.texts import Text, text
from service.core import Core
from service.errors import Problem
from service.privacy.consents import State, missing
from service.privacy.purposes import TITLES, uses
from service.privacy.rows import consents_of
from service.rounds.people import Known
from service.tables.areas import Person
from service.tables.columns import now

_LACKS: dict[State, Text] = {
    State.NONE: text("{who} has not given this: {paper}"),
    State.REFUSED: text("{who} has refused this: {paper}"),
    State.WITHDRAWN: text("{who} has withdrawn this: {paper}"),
    State.EXPIRED: text("this has ended for {who}: {paper}"),
}
_CURES: dict[State, Text] = {
    State.NONE: text("ask for it and record the signed paper, or leave this person out"),
    State.REFUSED: text("leave this person out; only a new consent of his own opens this again"),
    State.WITHDRAWN: text("leave this person out; only a new consent of his own opens this again"),
    State.EXPIRED: text("ask for it anew and record the signed paper, or leave this person out"),
}


def what_people_lack(
    session: Session, people: Iterable[Person | Known], use: str, day: date, *, round_id: str | None = None
) -> dict[str, list[Fault]]:
    """Return for each of many people whose data may not be put to a use on a day what is lacking; by id."""
    known = {person.id: person for person in people}
    rows = consents_of(session, known)
    found: dict[str, list[Fault]] = {}
    for id_, person in known.items():
        lacking = missing(rows[id_], uses()[use], day, round_id=round_id)
        if lacking:
            found[id_] = [_fault(person, purpose, standing) for purpose, standing in lacking.items()]
    return found


def demand(session: Session, people: Iterable[Person], use: str, day: date, *, round_id: str | None = None) -> None:
    """Let a use of the data of people through, or say who lacks what.

    Raises
    ------
    Problem
        409 with everybody whose data may not be used so, and the cure.
    """
    found = what_people_lack(session, people, use, day, round_id=round_id)
    refuse([fault for id_ in sorted(found) for fault in found[id_]])


def refuse(faults: list[Fault]) -> None:
    """Raise the problem of lacking consents, where there are any."""
    if faults:
        title = text("This needs consents that are not there.")
        raise Problem(409, "consent-missing", title, faults=sorted(faults, key=lambda one: one.place))


def today_in(core: Core) -> date:
    """Return the day it is where the service stands."""
    moment: datetime = now()
    return moment.astimezone(ZoneInfo(core.settings.time_zone)).date()


def _fault(person: Person | Known, purpose: str, standing: State) -> Fault:
    message = replace(_LACKS[standing], params={"who": person.code, "paper": TITLES[purpose]})
    return Fault(person.code, message, _CURES[standing])
