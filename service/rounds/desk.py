"""Where decisions are made: the round held fast, who decides, what it changes, and the row that tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from matcher.policy import Policy
from matcher.texts import Lang
from service.audit import append_audit
from service.errors import not_found
from service.records.policies import policy_of
from service.rounds.decided import owner_of, seal_words
from service.tables.access import PersonalLink, Role
from service.tables.areas import Area
from service.tables.rounds import Decision, Meeting, Pair, RosterFile, Round
from service.vault import Vault
from service.viewer import PERSONAL_ROLES, Viewer, in_areas, in_scope

Row = Round | Pair | Meeting
RUNNERS = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR})
"""Who runs rounds."""


@dataclass(slots=True, kw_only=True)
class Changes:
    """What a decision changes, as it was and as it is, so that it can be undone."""

    changed: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)

    def set(self, row: Row, **values: Any) -> None:
        """Give columns of a row new values and remember the old ones."""
        own = self.changed.setdefault(f"{row.__tablename__}:{row.id}", {})
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                own[name] = [_plain(own[name][0] if name in own else before), _plain(value)]
                setattr(row, name, value)
        row.version += 1

    def add(self, row: Row) -> None:
        """Remember a row that was made."""
        self.created.append(f"{row.__tablename__}:{row.id}")

    def as_json(self) -> dict[str, Any]:
        """Return what ``Decision.before`` keeps."""
        changed = {key: columns for key, columns in self.changed.items() if columns}
        return {"changed": changed, "created": self.created} if changed or self.created else {}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass(slots=True, kw_only=True)
class Desk:
    """A round held fast for one decision. ``roles`` are what the viewer may do over the whole round."""

    session: Session
    vault: Vault
    viewer: Viewer
    lang: Lang
    today: date
    round_: Round
    policy: Policy
    roles: frozenset[Role]

    @property
    def is_runner(self) -> bool:
        """Say whether the viewer runs the round."""
        return bool(self.roles & RUNNERS)

    @property
    def is_trial(self) -> bool:
        """Say whether the people of the round are made up: then who runs it stands for everybody, to see it all."""
        return self.session.get_one(RosterFile, self.round_.roster_id).is_made_up

    def write(
        self,
        kind: str,
        *,
        mentor_id: str | None = None,
        mentee_id: str | None = None,
        pair_id: str | None = None,
        details: Mapping[str, Any] | None = None,
        words: Mapping[str, Any] | None = None,
        changes: Changes | None = None,
        undoes_id: str | None = None,
    ) -> Decision:
        """Write a decision down: its row, the entry of the audit trail, the new version of the round."""
        session, round_ = self.session, self.round_
        last = session.exec(select(func.max(Decision.number)).where(Decision.round_id == round_.id)).one()
        one = Decision(
            number=(last or 0) + 1,
            round_id=round_.id,
            area_id=round_.area_id,
            kind=kind,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            pair_id=pair_id,
            details=dict(details or {}),
            before={} if changes is None else changes.as_json(),
            undoes_id=undoes_id,
            made_by=self.viewer.actor,
        )
        seal_words(session, self.vault, one, words or {})
        session.add(one)
        round_.version += 1
        session.add(round_)
        session.flush()
        append_audit(
            session,
            self.vault,
            actor=self.viewer.actor,
            action=f"decision.{kind}",
            area_id=round_.area_id,
            subjects=[id_ for id_ in (round_.id, one.id, pair_id, mentor_id, mentee_id, undoes_id) if id_ is not None],
            details=None if kind == "psychologist" else {"number": one.number, **one.details},
            person_id=owner_of(one),
        )
        return one


def roles_over(session: Session, viewer: Viewer, area_id: str) -> frozenset[Role]:
    """Return the roles a viewer holds over an area; those of a person of a roster do not count."""
    area = session.get_one(Area, area_id)
    return frozenset(
        held.role for held in viewer.held if held.role not in PERSONAL_ROLES and area.path.startswith(held.path)
    )


def visible_round(session: Session, viewer: Viewer, round_id: str, *, hold: bool = False) -> Round:
    """Return a round the viewer may know of: of his areas, of an area above, or one he takes part in. 404 otherwise.

    ``hold`` keeps the row to this transaction until it ends, so that two decisions never rest on one state.
    """
    own_pair = select(Pair.round_id).where(in_scope(viewer, person_ids=(Pair.mentor_id, Pair.mentee_id)))
    linked = select(PersonalLink.round_id).where(PersonalLink.id == (viewer.link_id or ""))  # before there are pairs
    own = col(Round.id).in_(own_pair) | col(Round.id).in_(linked)
    near = in_areas(Round.area_id, viewer) | col(Round.area_id).in_(viewer.above) | own
    asked = select(Round).where(Round.id == round_id, near)
    if hold:
        asked = asked.with_for_update()
    found = session.exec(asked.execution_options(populate_existing=True)).first()
    if found is None:
        raise not_found()
    return found


def open_desk(
    session: Session, vault: Vault, viewer: Viewer, lang: Lang, round_id: str, *, today: date, hold: bool = True
) -> Desk:
    """Return the desk of a round, held fast for this transaction unless one only looks."""
    round_ = visible_round(session, viewer, round_id, hold=hold)
    return Desk(
        session=session,
        vault=vault,
        viewer=viewer,
        lang=lang,
        today=today,
        round_=round_,
        policy=policy_of(round_),
        roles=roles_over(session, viewer, round_.area_id),
    )


def pairs_in_sight(viewer: Viewer) -> Any:
    """Return the condition that the viewer may see a pair: of his round, of one of its schools, or his own."""
    people = (Pair.mentor_id, Pair.mentee_id)
    return in_scope(viewer, Pair.area_id, Pair.mentor_area_id, Pair.mentee_area_id, person_ids=people)


def standing_pairs(session: Session, round_id: str, states: Sequence[str]) -> list[Pair]:
    """Return the pairs of a round in some states, in a fixed order."""
    found = select(Pair).where(Pair.round_id == round_id, col(Pair.state).in_(states))
    return list(session.exec(found.order_by(col(Pair.id))))
