"""Folds into a roster what has been decided and said since it was uploaded, so that solvers know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time, timedelta

from sqlmodel import Session, col, select

from matcher.roster import (
    Absence,
    Availability,
    AvailabilityState,
    Compatibility,
    Consent,
    ConsentPurpose,
    Lock,
    LockStatus,
    MentoringForm,
    MentoringKind,
    MentorStatus,
    Override,
    Recommendation,
    Roster,
    Wish,
)
from service.among import among
from service.rounds.decided import Decided, read_decided
from service.rounds.papers import AGREEMENT, DUTIES, PERSONAL_DATA
from service.tables import privacy, rounds
from service.tables.areas import Person
from service.tables.rounds import Pair, Round
from service.vault import Vault

_LOCKED = {
    "agreed": LockStatus.AGREED,
    "confirmed": LockStatus.CONFIRMED,
    "active": LockStatus.ACTIVE,
    "prolonged": LockStatus.PROLONGED,
    "aftercare": LockStatus.AFTERCARE,
}
_NOT_AGAIN = ("declined", "terminated")
_PURPOSES = {
    DUTIES: ConsentPurpose.MENTORING,
    AGREEMENT: ConsentPurpose.MENTORING,
    PERSONAL_DATA: ConsentPurpose.PERSONAL_DATA,
    "dissemination": ConsentPurpose.DISSEMINATION,
}
_LAST_MINUTE = time(23, 59)


def fold_in(session: Session, vault: Vault, round_: Round, roster: Roster, ids: Mapping[str, str]) -> Roster:
    """Return a roster with the decisions, wishes, absences, consents and hours of a round; ``ids`` are code → id."""
    code_of = {id_: code for code, id_ in ids.items()}
    decided = read_decided(session, vault, round_.id)
    pairs = session.exec(select(Pair).where(Pair.round_id == round_.id)).all()
    folded = replace(
        roster,
        locks=_locks(roster, decided, list(pairs), code_of),
        overrides=(*roster.overrides, *_overrides(decided, code_of)),
        compatibility=_opinions(roster, decided, code_of),
        wishes=_wishes(session, roster, round_, code_of),
        absences=(*roster.absences, *_absences(session, code_of)),
        availability=_availability(session, roster, code_of),
        consents=_consents(session, roster, round_, code_of),
    )
    return _without_erased(session, folded, ids)


def _locks(roster: Roster, decided: Decided, pairs: list[Pair], code_of: Mapping[str, str]) -> tuple[Lock, ...]:
    """Return what is fixed or forbidden: the pairs of the round over the roster, decisions over both."""
    found: dict[tuple[str, str], list[Lock]] = {}
    released = {(code_of[one], code_of[other]) for one, other in decided.released if {one, other} <= code_of.keys()}
    for lock in roster.locks:
        if (lock.mentor, lock.mentee) not in released or lock.status is LockStatus.FORBIDDEN:
            found.setdefault((lock.mentor, lock.mentee), []).append(lock)
    for pair in pairs:
        two = (code_of[pair.mentor_id], code_of[pair.mentee_id])
        if pair.state in _LOCKED:
            found[two] = [_lock(pair, two, _LOCKED[pair.state])]
        elif pair.state in _NOT_AGAIN:
            found[two] = [Lock(mentor=two[0], mentee=two[1], status=LockStatus.FORBIDDEN)]
        elif pair.state == "closed":
            found.pop(two, None)
    for ids, status in _decided_locks(decided):
        if ids[0] not in code_of or ids[1] not in code_of:
            continue
        two = (code_of[ids[0]], code_of[ids[1]])
        kept = [lock for lock in found.get(two, []) if lock.status in _LOCKED.values()]
        if status is None:
            found[two] = [lock for lock in found.get(two, []) if lock.status is not LockStatus.FORBIDDEN]
        elif status is LockStatus.FORBIDDEN or not kept:
            found[two] = [Lock(mentor=two[0], mentee=two[1], status=status)]
    return tuple(lock for locks in found.values() for lock in locks)


def _lock(pair: Pair, two: tuple[str, str], status: LockStatus) -> Lock:
    return Lock(
        mentor=two[0],
        mentee=two[1],
        form=MentoringForm(pair.form),
        kind=MentoringKind(pair.kind),
        status=status,
        since=pair.first_day,
    )


def _decided_locks(decided: Decided) -> Iterator[tuple[tuple[str, str], LockStatus | None]]:
    for two in sorted(decided.allowed):
        yield two, None
    for two in sorted(decided.locked):
        yield two, LockStatus.AGREED
    for two in sorted(decided.forbidden):
        yield two, LockStatus.FORBIDDEN


def _overrides(decided: Decided, code_of: Mapping[str, str]) -> Iterator[Override]:
    for one in decided.lifted:
        mentor = None if one.mentor_id is None else code_of.get(one.mentor_id)
        mentee = None if one.mentee_id is None else code_of.get(one.mentee_id)
        if mentor is not None or mentee is not None:
            yield Override(rule=one.rule, mentor=mentor, mentee=mentee, reason=one.reason or "…", by="curator")


def _opinions(roster: Roster, decided: Decided, code_of: Mapping[str, str]) -> tuple[Compatibility, ...]:
    found = {(one.mentor, one.mentee): one for one in roster.compatibility}
    for ids, said in decided.opinions.items():
        if ids[0] in code_of and ids[1] in code_of and said:
            two = (code_of[ids[0]], code_of[ids[1]])
            word = said.get("recommendation")
            before = found.get(two, Compatibility(mentor=two[0], mentee=two[1]))
            found[two] = replace(
                before, psychologist=said.get("score"), recommendation=None if word is None else Recommendation(word)
            )
    return tuple(found.values())


def _wishes(session: Session, roster: Roster, round_: Round, code_of: Mapping[str, str]) -> tuple[Wish, ...]:
    found = {(wish.from_person, wish.to_person): wish for wish in roster.wishes}
    for row in session.exec(select(rounds.Wish).where(rounds.Wish.round_id == round_.id)):
        if row.from_id in code_of and row.to_id in code_of:
            two = (code_of[row.from_id], code_of[row.to_id])
            found[two] = Wish(from_person=two[0], to_person=two[1], score=row.score, veto=row.veto)
    return tuple(found.values())


def _absences(session: Session, code_of: Mapping[str, str]) -> Iterator[Absence]:
    for row in session.exec(select(rounds.Absence).where(among(rounds.Absence.person_id, code_of))):
        yield Absence(person=code_of[row.person_id], start_day=row.first_day, end_day=row.last_day)


def _availability(session: Session, roster: Roster, code_of: Mapping[str, str]) -> tuple[Availability, ...]:
    """Return the hours of a usual week; who has said his own is not asked of the roster any more."""
    said = [
        Availability(
            person=code_of[row.person_id],
            weekday=row.weekday,
            week=row.week or "",
            start=_clock(row.from_minute),
            end=_clock(row.to_minute),
            state=AvailabilityState(row.state),
        )
        for row in session.exec(select(rounds.Availability).where(among(rounds.Availability.person_id, code_of)))
    ]
    own = {one.person for one in said}
    return (*(one for one in roster.availability if one.person not in own), *said)


def _clock(minute: int) -> time:
    return _LAST_MINUTE if minute >= 24 * 60 else time(minute // 60, minute % 60)


def _consents(session: Session, roster: Roster, round_: Round, code_of: Mapping[str, str]) -> tuple[Consent, ...]:
    """Return the consents; a refused or withdrawn one has ended before the day everything is counted on (C-03)."""
    found = list(roster.consents)
    ended = round_.reference_day - timedelta(days=1)
    for row in session.exec(select(privacy.Consent).where(among(privacy.Consent.person_id, code_of))):
        if row.purpose not in _PURPOSES or row.round_id not in (None, round_.id):
            continue
        person, purpose = code_of[row.person_id], _PURPOSES[row.purpose]
        if row.refused or row.withdrawn_at is not None:
            found = [one for one in found if (one.person, one.purpose) != (person, purpose)]
            found.append(Consent(person=person, purpose=purpose, day=min(row.given_day, ended), expires=ended))
        else:
            found.append(Consent(person=person, purpose=purpose, day=row.given_day, expires=row.expires_day))
    return tuple(found)


def _without_erased(session: Session, roster: Roster, ids: Mapping[str, str]) -> Roster:
    """Return the roster in which those whose data are destroyed take no part any more."""
    erased = select(Person.id).where(col(Person.erased_at).is_not(None), among(Person.id, ids.values()))
    missing = set(session.exec(erased))
    gone = {code for code, id_ in ids.items() if id_ in missing}
    if not gone:
        return roster
    return replace(
        roster,
        mentors=tuple(replace(m, status=MentorStatus.LEFT) if m.person in gone else m for m in roster.mentors),
        mentees=tuple(mentee for mentee in roster.mentees if mentee.person not in gone),
    )
