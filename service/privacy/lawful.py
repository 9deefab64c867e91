"""What of a roster may be used in a solve: nobody whose consent was refused, withdrawn or has ended.

Health (a pupil with limited possibilities of health) is used only with a consent of its own, on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from matcher.roster import Mentee, MenteeCategory, MentorStatus, RoleModel, Roster
from service.privacy.consents import missing, valid
from service.privacy.purposes import uses
from service.privacy.rows import consents_of
from service.tables.privacy import Consent


def lawful_roster(
    session: Session, roster: Roster, ids: Mapping[str, str], *, round_id: str, today: date, strict: bool = False
) -> Roster:
    """Return a roster without those whose data may not be used today, and without health nobody agreed to.

    ``ids`` are code → id. Who is left out stays in the list as a code that other rows name, with nothing that names
    or describes him. ``strict`` leaves out everybody who has not consented yet, too.
    """
    rows = consents_of(session, ids.values())
    consents: dict[str, list[Consent]] = {code: rows[id_] for code, id_ in ids.items()}
    use = uses()["solve"]
    out = {
        code
        for code, own in consents.items()
        if (own or strict) and missing(own, use, today, round_id=round_id, strict=strict)
    }
    return replace(
        _without(roster, frozenset(out)),
        mentees=tuple(
            one if not _speaks_of_health(one) or _has_health(consents.get(one.person, []), today) else _healthless(one)
            for one in roster.mentees
            if one.person not in out
        ),
    )


def _without(roster: Roster, out: frozenset[str]) -> Roster:
    if not out:
        return roster
    return replace(
        roster,
        people=tuple(
            replace(one, name="", timetable_name=None, birth_date=None, legal_representative=None)
            if one.id in out
            else one
            for one in roster.people
        ),
        mentors=tuple(replace(one, status=MentorStatus.LEFT) if one.person in out else one for one in roster.mentors),
        wishes=tuple(one for one in roster.wishes if not {one.from_person, one.to_person} & out),
        compatibility=tuple(one for one in roster.compatibility if not {one.mentor, one.mentee} & out),
        availability=tuple(one for one in roster.availability if one.person not in out),
        absences=tuple(one for one in roster.absences if one.person not in out),
    )


def _has_health(consents: list[Consent], today: date) -> bool:
    return all(valid(consents, purpose, today) for purpose in uses()["health_in_solve"].needs)


def _speaks_of_health(mentee: Mentee) -> bool:
    return MenteeCategory.PUPIL_OVZ in mentee.categories or mentee.model is RoleModel.OVZ


def _healthless(mentee: Mentee) -> Mentee:
    primary = mentee.primary_category
    return replace(
        mentee,
        categories=tuple(one for one in mentee.categories if one is not MenteeCategory.PUPIL_OVZ),
        primary_category=None if primary is MenteeCategory.PUPIL_OVZ else primary,
        model=None if mentee.model is RoleModel.OVZ else mentee.model,
    )
