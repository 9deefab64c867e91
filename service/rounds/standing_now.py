"""What stands in a round at present, by the codes of people: what the price of a move is counted from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from matcher.explain.again.standing import Couple, Standing
from service.rounds.decided import Two, read_decided
from service.rounds.life import LIVE, OPEN
from service.rounds.people import known_people
from service.tables.rounds import Pair, Round, Wish
from service.vault import Vault

_NOT_AGAIN = ("declined", "terminated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What stands in a round, and the id of everybody concerned by his code."""

    standing: Standing
    id_of: dict[str, str]


def standing_now(session: Session, vault: Vault, round_: Round, *others: str) -> Now:
    """Return what stands in a round; ``others`` are more people (ids) whose codes are asked for.

    Pairs that somebody has agreed to count as fixed, as they do for a solve.
    """
    pairs = list(session.exec(select(Pair).where(Pair.round_id == round_.id)))
    decided = read_decided(session, vault, round_.id)
    stand = {(pair.mentor_id, pair.mentee_id): pair for pair in pairs if pair.state in (*OPEN, *LIVE)}
    fixed = {two for two, pair in stand.items() if pair.locked or pair.state != "proposed"} | decided.locked
    vetoes = session.exec(select(Wish.from_id, Wish.to_id).where(Wish.round_id == round_.id, col(Wish.veto).is_(True)))
    never: set[Two] = {two for one, other in vetoes for two in ((one, other), (other, one))}
    never |= decided.forbidden | {(pair.mentor_id, pair.mentee_id) for pair in pairs if pair.state in _NOT_AGAIN}
    codes = _codes(session, {id_ for two in (*stand, *fixed, *never) for id_ in two} | set(others))

    def couples(twos: set[Two] | dict[Two, Pair]) -> tuple[Couple, ...]:
        found = ((codes[one], codes[other]) for one, other in twos if one in codes and other in codes)
        return tuple(sorted(found))

    return Now(
        standing=Standing(
            couples=couples(stand), locked=frozenset(couples(fixed)), forbidden=frozenset(couples(never))
        ),
        id_of={code: id_ for id_, code in codes.items()},
    )


def _codes(session: Session, ids: set[str]) -> dict[str, str]:
    """Return the code of each person; those erased have none any more."""
    return {id_: one.code for id_, one in known_people(session, sorted(ids)).items() if one.erased_at is None}
