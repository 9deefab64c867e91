"""Personal links: the way in of mentors, mentees and their representatives, who have no account.

People come back, so a link works until it ends, is revoked or is replaced by another; each opening is written down.
Looking at its address changes nothing (mail programs and messengers do look); only the button opens a session.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fastapi import Request, Response
from sqlmodel import Session, col, select

from service.access.secrets import hash_of, new_secret
from service.access.sessions import end_sessions, open_session
from service.access.set_up import public_address
from service.audit import append_audit
from service.core import Core
from service.errors import not_found
from service.privacy.allowed import demand, today_in
from service.tables.access import PersonalLink, Role
from service.tables.areas import Person
from service.tables.columns import now
from service.tables.rounds import Round
from service.viewer import Viewer, in_areas

MAX_DAYS = 366


def make_link(
    session: Session, core: Core, viewer: Viewer, *, person_id: str, role: Role, round_id: str | None, days: int
) -> tuple[PersonalLink, str]:
    """Return a new link of a person and its address, which is shown only now.

    Raises
    ------
    Problem
        404 for a person or a round the viewer does not see, 409 where he has refused or withdrawn his consent.
    """
    person = _person(session, viewer, person_id)
    demand(session, [person], "personal_link", today_in(core), round_id=round_id)
    if round_id is not None:
        where = Round.id == round_id, in_areas(Round.area_id, viewer) | col(Round.area_id).in_(viewer.above)
        if session.exec(select(Round.id).where(*where)).first() is None:
            raise not_found()
    word = new_secret()
    moment = now()
    link = PersonalLink(
        token_hash=hash_of(word),
        person_id=person_id,
        role=role,
        round_id=round_id,
        created_by=viewer.actor,
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    session.add(link)
    session.flush()
    _write_down(session, core, viewer.actor, "link.make", link, person.area_id)
    return link, f"{public_address(core.settings)}/p/{word}"


def link_of(session: Session, viewer: Viewer, link_id: str) -> PersonalLink:
    """Return a link of a person in the viewer's areas; 404 otherwise."""
    link = session.get(PersonalLink, link_id)
    if link is None:
        raise not_found()
    _person(session, viewer, link.person_id)
    return link


def links_of(
    session: Session, viewer: Viewer, *, person_id: str | None, round_id: str | None, after: str | None, limit: int
) -> Sequence[PersonalLink]:
    """Return links of people in the viewer's areas, by their ids."""
    people = select(Person.id).where(in_areas(Person.area_id, viewer))
    asked = select(PersonalLink).where(col(PersonalLink.person_id).in_(people)).order_by(PersonalLink.id).limit(limit)
    if person_id is not None:
        asked = asked.where(PersonalLink.person_id == person_id)
    if round_id is not None:
        asked = asked.where(PersonalLink.round_id == round_id)
    if after is not None:
        asked = asked.where(PersonalLink.id > after)
    return session.exec(asked).all()


def revoke_link(session: Session, core: Core, viewer: Viewer, link: PersonalLink) -> None:
    """Revoke a link; the sessions it has opened end at once."""
    if link.revoked_at is not None:
        return
    link.revoked_at = now()
    session.add(link)
    end_sessions(session, link_id=link.id)
    area_id = session.get_one(Person, link.person_id).area_id
    _write_down(session, core, viewer.actor, "link.revoke", link, area_id)


def working_link(session: Session, word: str) -> tuple[PersonalLink, Person]:
    """Return the link of a secret, and its person, where it works; 404 otherwise."""
    found = session.exec(
        select(PersonalLink, Person)
        .join(Person, col(Person.id) == PersonalLink.person_id)
        .where(PersonalLink.token_hash == hash_of(word))
    ).first()
    if found is None:
        raise not_found()
    link, person = found
    if link.revoked_at is not None or link.expires_at <= now() or person.erased_at is not None:
        raise not_found()
    return link, person


def open_link(request: Request, response: Response, session: Session, core: Core, word: str) -> PersonalLink:
    """Open a short session for the person of a link.

    Raises
    ------
    Problem
        404 where the link does not work.
    """
    link, person = working_link(session, word)
    link.used_at = now()
    session.add(link)
    open_session(request, response, session, core.settings, link_id=link.id)
    _write_down(session, core, f"link:{link.id}", "link.open", link, person.area_id)
    return link


def _person(session: Session, viewer: Viewer, person_id: str) -> Person:
    where = Person.id == person_id, in_areas(Person.area_id, viewer), col(Person.erased_at).is_(None)
    person = session.exec(select(Person).where(*where)).first()
    if person is None:
        raise not_found()
    return person


def _write_down(session: Session, core: Core, actor: str, action: str, link: PersonalLink, area_id: str) -> None:
    subjects = [link.id, link.person_id]
    append_audit(session, core.vault, actor=actor, action=action, area_id=area_id, subjects=subjects)
