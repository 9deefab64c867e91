"""Roadmaps, meetings, events, risks and reviews of an area; routes and those who support them from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.records.words import ActivityType, Incentive, PartnerType
from tests.service.conftest import House
from tests.service.records.town import TODAY, build_town

YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()


def places(answer: Any) -> list[str]:
    return [fault["place"] for fault in answer.json()["faults"]]


def test_supporters_of_a_route_read_it_and_comment(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    hangs = {"person": town.people["mentee"], "round": town.round}
    fields = {"horizon_years": 4, "goal": "Категория", "tutor": "Н. Н., ЦНППМ", "formats": ["formal", "informal"]}
    fields |= {"self_analysis": "Хочу вести проекты", "resources": "Кванториум"}
    route = town.make("routes", town.curator(), fields, **hangs)
    tutor = sqlite_house.headers("tutor", "m1")
    assert town.call("GET", f"routes/{route['id']}", tutor).json()["fields"]["formats"] == ["formal", "informal"]
    comment = {"route": route["id"], "words": "Курсы лучше весной", "day": YESTERDAY}
    made = town.make("route-comments", tutor, comment, person=town.people["mentee"])
    town.stepped("route-comments", made, "considered", town.curator())
    lecturer = sqlite_house.headers("route_supporter", "m1")
    said = {"route": route["id"], "words": "Есть стажировка в октябре"}
    town.make("route-comments", lecturer, said, person=town.people["mentee"])
    assert town.stepped("routes", route, "agreed", town.curator())["state"] == "agreed"
    assert town.call("GET", f"routes/{route['id']}", sqlite_house.headers("tutor", "s11")).status_code == 404


def test_the_authority_agrees_a_roadmap_that_says_who_and_when(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    authority = sqlite_house.headers("municipal_authority", "m1")
    items: list[dict[str, Any]] = [
        {"title": "Собрание родителей", "type": "informing", "last_day": TOMORROW, "resources": "актовый зал"}
    ]
    area = sqlite_house.areas["m1"]
    roadmap = town.make("roadmaps", town.operator(), {"title": "План", "items": items}, area=area)
    assert places(town.step("roadmaps", roadmap, "agreed", authority)) == ["fields.items.0.responsible"]
    items[0]["responsible"] = "куратор"
    path = f"roadmaps/{roadmap['id']}"
    roadmap = town.call("PATCH", path, town.operator(), {"items": items}, version=roadmap["version"]).json()
    roadmap = town.stepped("roadmaps", roadmap, "agreed", authority)
    roadmap = town.stepped("roadmaps", roadmap, "in_work", authority)
    assert places(town.step("roadmaps", roadmap, "reviewed", authority)) == ["fields.review"]
    town.stepped("roadmaps", roadmap, "reviewed", authority, {"review": "Выполнено"})


def test_meetings_and_events_are_held_on_days_that_have_come(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    operator, area = town.operator(), sqlite_house.areas["m1"]
    meeting = town.make("coordination-meetings", operator, {"day": TOMORROW, "level": "municipality"}, area=area)
    assert meeting["due_day"] == TOMORROW
    assert places(town.step("coordination-meetings", meeting, "held", operator)) == ["fields.decisions", "fields.day"]
    service = sqlite_house.headers("methodical_service", "m1")
    for type_ in ("forum", "contest", "workshop", "young_teacher_school", "seminar"):
        event = town.make("events", operator, {"type": type_, "title": "Событие", "day": YESTERDAY}, area=area)
        town.stepped("events", event, "held", service, {"participants": 20})


def test_a_risk_is_handled_by_measures_and_the_expert_writes_his_own_review(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    note = town.make("risk-notes", town.operator(), {"risk": "high_load", "words": "Много часов"}, round=town.round)
    assert places(town.step("risk-notes", note, "handled", town.operator())) == ["fields.measures"]
    town.stepped("risk-notes", note, "handled", town.operator(), {"measures": "Часы перераспределены"})
    expert = sqlite_house.headers("outside_expert", "m1")
    review = town.make("expert-reviews", expert, {"expert": "Н. Н.", "rating": 8}, round=town.round)
    assert places(town.step("expert-reviews", review, "given", expert)) == ["fields.day", "fields.findings"]


def test_the_technical_specialist_takes_registers_away(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    specialist = sqlite_house.headers("technical_specialist", "m1")
    path = f"registers/partners/xlsx?area={sqlite_house.areas['m1']}"
    assert town.call("GET", path, specialist).status_code == 200


def test_a_curator_of_a_partner_is_not_remarked(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "kalmykia")
    fields = {"name": "Н. Н.", "position": "доцент", "deputy_head": False, "partner": "Университет"}
    named = town.make("curator-appointments", town.operator(), fields, area=sqlite_house.areas["m1"])
    assert named["remarks"] == []


def test_a_programme_takes_every_sort_of_activity(sqlite_house: House) -> None:
    """Lesson visits, mentor's hours, extracurricular work, work with the family, projects (DAL 4.1-4.3, KAL 4.8)."""
    town = build_town(sqlite_house, "dalnerechensk")
    activities = [{"title": str(one), "direction": "methodical", "type": str(one)} for one in ActivityType]
    made = town.make("programmes", town.curator(), {"activities": activities}, pair=town.pairs["pair"])
    assert [one["type"] for one in made["fields"]["activities"]] == list(ActivityType)


def test_success_of_a_pupil_is_rated_by_spheres_at_the_start_and_at_the_end(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    start = {"cognitive": 3, "communicative": 2, "emotional": 4, "independence": 2}
    end = dict.fromkeys(start, 6)
    fields = {"spheres_at_start": start, "spheres_at_end": end}
    made = town.make("final-reports", town.curator(), fields, pair=town.pairs["pair"])
    assert (made["fields"]["spheres_at_start"], made["fields"]["spheres_at_end"]) == (start, end)
    body = {"pair": town.pairs["other_pair"], "fields": {"spheres_at_end": {"cognitive": 11}}}
    assert town.call("POST", "final-reports", town.operator(), body).status_code == 422


def test_partners_of_every_sort_stand_in_the_register(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    area = sqlite_house.areas["m1"]
    for one in PartnerType:
        town.make("partners", town.operator(), {"name": f"Партнёр {one}", "type": str(one)}, area=area)
    found = town.call("GET", f"registers/partners?area={area}", town.operator()).json()["items"]
    assert {one["type"] for one in found} == set(PartnerType)


def test_mentors_and_mentees_are_recognised_in_every_way(sqlite_house: House) -> None:
    """Reserve, attestation, diplomas, awards, contests, forums (BAR 3.4, DAL 3.2.2, SMO 4.4, 6.1)."""
    town = build_town(sqlite_house, "smolensk_school_23")
    for side in ("mentor", "mentee"):
        for one in Incentive:
            made = town.make("incentives", town.operator(), {"type": str(one)}, person=town.people[side])
            assert (made["fields"]["type"], made["state"]) == (one, "proposed")
