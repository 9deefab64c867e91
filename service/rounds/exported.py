"""Whom the files of a plan name: who has to agree that they are handed on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from service.privacy.rows import consents_of
from service.rounds.life import LIVE, OPEN
from service.rounds.people import people_by_id
from service.rounds.rosters import ids_of
from service.tables.areas import Person
from service.tables.privacy import Consent
from service.tables.rounds import Pair, PlanFileRow, RosterFile, Round
from service.vault import Vault


def named_in_files(session: Session, vault: Vault, round_: Round, plan: PlanFileRow) -> list[Person]:
    """Return the people files of a plan name: those of standing pairs, and all whose word is no older than the plan.

    Who had refused or withdrawn before the plan was made was left out of it, so that its files say nothing of him.
    """
    standing = select(Pair.mentor_id, Pair.mentee_id).where(
        Pair.round_id == round_.id, col(Pair.state).in_((*OPEN, *LIVE))
    )
    paired = {one for two in session.exec(standing) for one in two}
    known = {*ids_of(session, vault, session.get_one(RosterFile, round_.roster_id)).values(), *paired}
    words = consents_of(session, known)
    named = [id_ for id_ in known if id_ in paired or _has_spoken_since(words[id_], plan.created_at)]
    return [person for person in people_by_id(session, named).values() if person.erased_at is None]


def _has_spoken_since(consents: Iterable[Consent], moment: datetime) -> bool:
    return any(
        one.recorded_at >= moment
        or (one.withdrawn_at is not None and one.withdrawn_at >= moment)
        or (one.expires_day is not None and one.expires_day >= moment.date())
        for one in consents
    )
