"""The order that ends a pair (D-18): its number and day, given with the decision or when the head has signed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from service.tables.privacy import AuditEntry
from service.tables.rounds import Order, Pair
from tests.service.conftest import House
from tests.service.documents.reading import text_of
from tests.service.records.town import TODAY, Town, build_town

DAY = (TODAY - timedelta(days=1)).isoformat()


def end(town: Town, name: str) -> None:
    with town.house.core.database.writing() as session:
        pair = session.get_one(Pair, town.pairs[name])
        pair.state, pair.end_reason, pair.last_day = "terminated", "mutual", TODAY
        session.add(pair)


def record(town: Town, who: dict[str, str], *pairs: str, day: str = DAY) -> Any:
    body = {"number": "45-о", "day": day, "pairs": [town.pairs.get(one, one) for one in pairs]}
    return town.call("POST", f"rounds/{town.round}/orders", who, body)


def test_the_order_is_kept_and_stands_on_the_paper(house: House) -> None:
    town = build_town(house, "kalmykia")
    head = house.headers("head", "m1")
    assert [one["message"] for one in record(town, head, "pair").json()["faults"]] == ["the pair has not ended"]
    end(town, "pair")
    paper = f"rounds/{town.round}/documents/D-18"
    before = text_of(town.call("GET", paper, head).content)
    assert "45-о" not in before
    answer = record(town, head, "pair")
    assert answer.status_code == 201, answer.text
    after = text_of(town.call("GET", paper, head).content)
    assert "№ 45-о" in after
    assert date.fromisoformat(DAY).strftime("%Y") in after
    (listed,) = town.call("GET", f"rounds/{town.round}/orders", head).json()["items"]
    assert (listed["document"], listed["pairs"]) == ("D-18", [town.pairs["pair"]])
    assert record(town, head, "pair").status_code == 409
    with house.core.database.reading() as session:
        assert session.exec(select(Order.number)).all() == ["45-о"]
        assert "order.sign" in session.exec(select(AuditEntry.action)).all()


def test_an_order_needs_pairs_of_the_round_and_a_day_that_has_come(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    end(town, "pair")
    head = sqlite_house.headers("head", "m1")
    assert record(town, head, "0" * 32).status_code == 404
    assert record(town, sqlite_house.headers("head", "m2"), "pair").status_code == 404
    late = record(town, head, "pair", day=(TODAY + timedelta(days=3)).isoformat())
    assert [one["place"] for one in late.json()["faults"]] == ["day"]
    assert record(town, town.operator(), "pair").status_code == 201
