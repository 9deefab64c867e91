"""What records add to a roster before a solve: gaps, training and standing of mentors, who has left, contracts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from matcher.roster import Approval, Contract, Deficit, MentorStatus, Roster
from service.among import among
from service.keys import Erased
from service.records.diagnostics import Diagnostics
from service.records.resources import Partner, PartnerContract, line_of
from service.records.store import read_fields
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.records import Record
from service.vault import Vault


def measured_deficits(session: Session, vault: Vault, person_ids: Collection[str]) -> Mapping[str, tuple[Deficit, ...]]:
    """Return the gaps of people by their final diagnostics, the latest of each competence, with source and day."""
    kind = Diagnostics()
    found: dict[str, dict[str, Deficit]] = {}
    for record in _of_people(session, kind.id, "final", person_ids):
        assert record.person_id is not None
        try:
            fields = read_fields(session, vault, kind, record)
        except Erased:
            continue
        own = found.setdefault(record.person_id, {})
        for one in fields.deficits:
            known = own.get(one.competence)
            if known is None or (known.day or date.min) <= (fields.day or date.min):
                own[one.competence] = Deficit(
                    competence=one.competence,
                    level=one.level,
                    target=one.target,
                    source=str(fields.source),
                    day=fields.day,
                )
    return {person: tuple(gaps.values()) for person, gaps in found.items()}


def training_days(session: Session, person_ids: Collection[str]) -> Mapping[str, date]:
    """Return the last day on which each mentor completed training."""
    found: dict[str, date] = {}
    for record in _of_people(session, "mentor_training", "completed", person_ids):
        assert record.person_id is not None
        day = date.fromisoformat(record.figures["last_day"])
        found[record.person_id] = max(day, found.get(record.person_id, day))
    return found


def given_approvals(session: Session, person_ids: Collection[str]) -> Mapping[str, tuple[Approval, ...]]:
    """Return the approvals each mentor has been given."""
    found: dict[str, list[Approval]] = {}
    for record in _of_people(session, "mentor_approval", "given", person_ids):
        assert record.person_id is not None
        found.setdefault(record.person_id, []).append(Approval(record.figures["approval"]))
    return {person: tuple(sorted(given)) for person, given in found.items()}


def standings(session: Session, person_ids: Collection[str], day: date) -> Mapping[str, MentorStatus]:
    """Return how mentors stand in the register, and who has left his organisation by a day."""
    found = {
        str(record.person_id): MentorStatus(record.state)
        for record in _of_people(session, "mentor_standing", None, person_ids)
    }
    return found | dict.fromkeys(left_days(session, person_ids, day), MentorStatus.LEFT)


def left_days(session: Session, person_ids: Collection[str], day: date) -> Mapping[str, date]:
    """Return the last day of everybody who has left his organisation by a day."""
    days = {
        str(record.person_id): date.fromisoformat(record.figures["day"])
        for record in _of_people(session, "departure", "left", person_ids)
    }
    return {id_: last for id_, last in days.items() if last <= day}


def with_records(session: Session, vault: Vault, area: Area, roster: Roster, ids: Mapping[str, str]) -> Roster:
    """Return a roster with what records add to it; ``ids`` map the codes of its people to their rows.

    How a mentor stands in the register counts over what the roster says; who has left takes no part.
    Of a competence the later word counts, be it of the roster or of diagnostics; one without a day is the earlier.
    Contracts count where the roster knows both organisations.
    """
    gaps, trained = measured_deficits(session, vault, ids.values()), training_days(session, ids.values())
    approved = given_approvals(session, ids.values())
    today = now().date()
    stands, gone = standings(session, ids.values(), today), left_days(session, ids.values(), today)
    known = {one.id for one in roster.organisations}
    signed = [one for one in signed_contracts(session, vault, area) if {one.organisation, one.partner} <= known]
    return replace(
        roster,
        mentors=tuple(
            replace(
                one,
                status=stands.get(ids.get(one.person, ""), one.status),
                approvals=tuple(dict.fromkeys((*one.approvals, *approved.get(ids.get(one.person, ""), ())))),
                mentor_training_day=_latest(one.mentor_training_day, trained.get(ids.get(one.person, ""))),
            )
            for one in roster.mentors
        ),
        mentees=tuple(
            replace(one, deficits=_later(one.deficits, gaps.get(ids.get(one.person, ""), ())))
            for one in roster.mentees
            if ids.get(one.person, "") not in gone
        ),
        contracts=tuple(dict.fromkeys((*roster.contracts, *signed))),
    )


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _later(said: Iterable[Deficit], measured: Iterable[Deficit]) -> tuple[Deficit, ...]:
    found = {one.competence: one for one in said}
    for one in measured:
        known = found.get(one.competence)
        if known is None or (known.day or date.min) <= (one.day or date.min):
            found[one.competence] = one
    return tuple(found.values())


def signed_contracts(session: Session, vault: Vault, area: Area) -> tuple[Contract, ...]:
    """Return the signed contracts of an area and of those below, between the codes that rosters use.

    A contract of a municipality holds for all its organisations: it stands once for each.
    """
    below = list(session.exec(select(Area).where(col(Area.path).startswith(area.path, autoescape=True))))
    paths = {one.id: one for one in below}
    wanted = [*paths, *line_of(area)]
    codes = _partner_codes(session, vault, wanted)
    kind = PartnerContract()
    found = []
    for record in session.exec(_newest(kind.id, "signed").where(col(Record.area_id).in_(wanted))):
        fields = read_fields(session, vault, kind, record)
        partner = codes.get(fields.partner)
        if partner is None:
            continue
        holder = paths.get(record.area_id)
        for one in below:
            if one.kind == "organisation" and (holder is None or one.path.startswith(holder.path)):
                found.append(
                    Contract(
                        organisation=one.code, partner=partner, start_day=fields.first_day, end_day=fields.last_day
                    )
                )
    return tuple(found)


def _partner_codes(session: Session, vault: Vault, areas: Collection[str]) -> dict[str, str]:
    kind = Partner()
    found: dict[str, str] = {}
    for record in session.exec(_newest(kind.id, "active").where(col(Record.area_id).in_(areas))):
        code = read_fields(session, vault, kind, record).code
        if code is not None:
            found[record.root_id] = code
    return found


def _newest(kind: str, state: str | None) -> SelectOfScalar[Record]:
    found = select(Record).where(Record.kind == kind, col(Record.replaced_at).is_(None))
    return found if state is None else found.where(Record.state == state)


def _of_people(session: Session, kind: str, state: str | None, person_ids: Collection[str]) -> list[Record]:
    asked = _newest(kind, state).where(among(Record.person_id, person_ids)).order_by(col(Record.created_at))
    return list(session.exec(asked))
