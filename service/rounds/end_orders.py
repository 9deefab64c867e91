"""Orders of the head that end a pair or replace its mentor (D-18): kept as signed, named on the paper.

References
----------
KAL 4.11; requirements 7.8 (D-18); HR-23.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import text
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, refused
from service.rounds.case import seal_order
from service.tables.rounds import Decision, Order, Pair, Round
from service.vault import Vault

DOCUMENT = "D-18"


def pairs_of_order(vault: Vault, order: Order) -> tuple[str, ...]:
    """Return the pairs an order is on."""
    if order.sealed is None:
        return ()
    return tuple(json.loads(vault.open(order.sealed, f"order:{order.id}"))["pairs"])


def end_orders(session: Session, vault: Vault, round_id: str) -> Mapping[str, Order]:
    """Return the newest order that ends a pair or replaces its mentor, by pair."""
    found: dict[str, Order] = {}
    orders = select(Order).where(Order.round_id == round_id, Order.document == DOCUMENT)
    for order in session.exec(orders.order_by(col(Order.created_at))):
        found |= dict.fromkeys(pairs_of_order(vault, order), order)
    return found


def sign_end(
    session: Session,
    core: Core,
    round_: Round,
    pair_ids: Iterable[str],
    *,
    number: str,
    day: date,
    by: str,
    today: date,
) -> Order:
    """Keep the order on pairs that have ended early, or whose mentor is replaced.

    Raises
    ------
    Problem
        404 for a pair of another round, 409 where a pair has not ended, or stands in such an order already.
    """
    wanted = set(pair_ids)
    pairs = session.exec(select(Pair).where(Pair.round_id == round_.id, col(Pair.id).in_(wanted))).all()
    if len(pairs) != len(wanted):
        raise not_found()
    faults = list(_faults(session, core.vault, round_, pairs, day=day, today=today))
    if faults:
        raise refused(faults)
    order = Order(
        round_id=round_.id,
        area_id=round_.area_id,
        document=DOCUMENT,
        number=number,
        day=day,
        people=sorted({one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)}),
        created_by=by,
    )
    seal_order(core.vault, order, wanted)
    session.add(order)
    session.flush()
    subjects = [order.id, *sorted(wanted)]
    append_audit(session, core.vault, actor=by, action="order.sign", area_id=round_.area_id, subjects=subjects)
    return order


def _faults(
    session: Session, vault: Vault, round_: Round, pairs: Iterable[Pair], *, day: date, today: date
) -> Iterator[Fault]:
    if day > today:
        yield Fault("day", text("this day is still to come"), text("give the day of the signature"))
    signed = end_orders(session, vault, round_.id)
    replaced = set(
        session.exec(
            select(Decision.pair_id).where(
                Decision.round_id == round_.id, Decision.kind == "replace", col(Decision.undone_by_id).is_(None)
            )
        )
    )
    for pair in pairs:
        if pair.state != "terminated" and pair.id not in replaced:
            yield Fault(pair.id, text("the pair has not ended"), text("end it with a reason first"))
        elif pair.id in signed:
            number = signed[pair.id].number
            yield Fault(pair.id, text("the pair stands in such an order already: {number}", number=number))
