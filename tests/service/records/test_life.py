"""What each kind of record allows and refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from matcher.io.policy_toml import read_policy
from matcher.policy_words import ConflictBody
from matcher.roster import CompetenceBlock, Deficit, Mentee, Roster
from service.records.facts import pair_facts, round_facts
from service.records.for_rosters import measured_deficits, signed_contracts, training_days, with_records
from service.rounds.inputs import present_roster
from service.tables.areas import Area
from service.tables.privacy import Consent
from service.tables.rounds import Decision, Pair, Round
from tests.service.conftest import House
from tests.service.records.test_programmes import BASE, POLICIES, acknowledged, made
from tests.service.records.town import TODAY, Town, build_town

YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
ANSWERS = {"satisfaction": 8, "results": 7, "motivation": 9, "innovation": 4, "adaptation": 6, "readiness": 10}


def places(answer: Any) -> list[str]:
    return [fault["place"] for fault in answer.json()["faults"]]


def test_interviews_and_questionnaires_of_both_sides_are_facts_of_the_pair(house: House) -> None:
    town = build_town(house, "dalnerechensk", state="proposed")
    curator = town.operator()
    for side in ("mentor", "mentee"):
        hangs = {"person": town.people[side], "pair": town.pairs["pair"], "round": town.round}
        interview = town.make("interviews", curator, {"side": side}, **hangs)
        assert town.step("interviews", interview, "done", curator).status_code == 409
        interview = town.call(
            "PATCH", f"interviews/{interview['id']}", curator, {"day": YESTERDAY}, version=interview["version"]
        ).json()
        town.stepped("interviews", interview, "done", curator)
        answers = {"template": "satisfaction", "side": side, "answers": ANSWERS}
        asked = town.make("questionnaires", town.person(side, side), answers, round=town.round)
        town.stepped("questionnaires", asked, "submitted", town.person(side, side))
    with house.core.database.reading() as session:
        facts = pair_facts(session, house.core.vault, session.get_one(Pair, town.pairs["pair"]))
        other = pair_facts(session, house.core.vault, session.get_one(Pair, town.pairs["other_pair"]))
    assert facts.interview_done
    assert facts.questionnaire_done
    assert facts.programme_missing == ("programme",)
    assert not other.interview_done
    assert not other.questionnaire_done


def test_answers_have_to_fit_their_questions(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    who = town.person("mentee", "mentee")
    body = {
        "round": town.round,
        "fields": {
            "template": "interest",
            "side": "mentee",
            "answers": {"interest": "много", "work_together": "x", "z": 1},
        },
    }
    answer = town.call("POST", "questionnaires", who, body)
    assert places(answer) == ["fields.answers.interest", "fields.answers.work_together", "fields.answers.z"]
    record = town.make("questionnaires", who, {"template": "interest", "side": "mentee"}, round=town.round)
    answer = town.step("questionnaires", record, "submitted", who)
    assert places(answer) == ["fields.answers.interest", "fields.answers.work_together"]


def test_diagnostics_become_gaps_of_the_roster(house: House) -> None:
    town = build_town(house, "kalmykia")
    person = town.people["mentee"]
    for day, level in (("2026-09-01", 1), ("2026-10-01", 2)):
        fields = {"day": day, "source": "questionnaire", "deficits": [{"competence": "digital", "level": level}]}
        record = town.make("diagnostics", town.curator(), fields, person=person)
        town.stepped("diagnostics", record, "final", town.curator())
    with house.core.database.reading() as session:
        gaps = measured_deficits(session, house.core.vault, [person])[person]
    assert [(gap.competence, gap.level, gap.source, gap.day) for gap in gaps] == [
        ("digital", 2, "questionnaire", date(2026, 10, 1))
    ]


def test_the_mentor_writes_the_quarterly_report_and_the_curator_checks_it(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    mentor, curator = town.person("mentor", "mentor"), town.curator()
    record = town.make("quarterly-reports", mentor, {"year": 2026, "quarter": 3}, pair=town.pairs["pair"])
    assert record["due_day"] == "2026-10-10"
    assert places(town.step("quarterly-reports", record, "submitted", mentor)) == ["fields.done"]
    path = f"quarterly-reports/{record['id']}"
    record = town.call("PATCH", path, mentor, {"done": "Шесть встреч"}, version=record["version"]).json()
    record = town.stepped("quarterly-reports", record, "submitted", mentor)
    assert town.step("quarterly-reports", record, "checked", mentor).status_code == 403
    assert places(town.step("quarterly-reports", record, "returned", curator)) == ["fields.curator_remark"]
    record = town.stepped("quarterly-reports", record, "returned", curator, {"curator_remark": "Добавьте цели"})
    record = town.stepped("quarterly-reports", record, "submitted", mentor)
    record = town.stepped("quarterly-reports", record, "checked", curator)
    assert town.call("PATCH", path, mentor, {"done": "Иное"}, version=record["version"]).status_code == 409


def test_a_final_report_has_three_signatures(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    fields = {"process": "шло", "mentee_progress": "вырос", "mentor_work": "вёл", "rating": 9, "plan_reached": True}
    record = town.make("final-reports", town.curator(), fields, pair=town.pairs["pair"])
    assert record["remarks"] == ["The plan is reached: describe the programme as a best practice (DAL 5.3)."]
    for side in ("mentor", "mentee"):
        path = f"final-reports/{record['id']}/acknowledge"
        record = town.call("POST", path, town.person(side, side), {}, version=record["version"]).json()
    assert places(town.step("final-reports", record, "signed", town.curator())) == ["acknowledged.curator"]
    path = f"final-reports/{record['id']}/acknowledge"
    record = town.call("POST", path, town.curator(), {"side": "curator"}, version=record["version"]).json()
    assert town.stepped("final-reports", record, "signed", town.curator())["state"] == "signed"


def test_only_the_office_notes_signatures_on_paper(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record = made(town, BASE)
    path = f"programmes/{record['id']}/acknowledge"
    mentor = town.person("mentor", "mentor")
    body = {"side": "mentee", "on_paper": True}
    assert town.call("POST", path, mentor, body, version=record["version"]).status_code == 403
    assert town.call("POST", path, town.curator(), {"side": "mentee"}, version=record["version"]).status_code == 403
    answer = town.call("POST", path, town.curator(), body, version=record["version"]).json()
    assert [(one["side"], one["on_paper"]) for one in answer["acknowledged"]] == [("mentee", True)]


def test_the_full_cycle_stands_in_the_pair(house: House) -> None:
    town = build_town(house, "dalnerechensk")
    record = town.make("full-cycles", town.curator(), {"day": YESTERDAY}, pair=town.pairs["pair"])
    record = town.stepped("full-cycles", record, "marked", town.curator())
    with house.core.database.reading() as session:
        pair = session.get_one(Pair, town.pairs["pair"])
        assert (pair.full_cycle, str(pair.full_cycle_day)) == (True, YESTERDAY)
    town.stepped("full-cycles", record, "withdrawn", town.curator())
    with house.core.database.reading() as session:
        assert not session.get_one(Pair, town.pairs["pair"]).full_cycle


def test_a_pair_that_never_worked_has_no_full_cycle(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk", state="proposed")
    record = town.make("full-cycles", town.curator(), {}, pair=town.pairs["pair"])
    assert places(town.step("full-cycles", record, "marked", town.curator())) == ["pair"]


@pytest.mark.parametrize("policy", POLICIES)
def test_conflicts_end_as_the_regulation_says(sqlite_house: House, policy: str) -> None:
    town = build_town(sqlite_house, policy)
    rule = read_policy(policy).conflict
    council, curator = sqlite_house.headers("council_member", "m1"), town.operator()
    ticket = town.make("conflicts", town.person("mentee", "mentee"), {"words": "Спор"}, pair=town.pairs["pair"])
    ticket = town.stepped("conflicts", ticket, "in_review", curator)
    decided = {"outcome": "mediated", "decision": "Помирились"}
    answer = town.step("conflicts", ticket, "decided", council, decided)
    assert (answer.status_code == 200) == ("mediated" in rule.outcomes)
    if answer.status_code == 409:
        assert places(answer) == ["fields.outcome"]
        kept = {"outcome": "keep", "decision": "Продолжать"}
        answer = town.step("conflicts", ticket, "decided", curator, kept)
        assert (answer.status_code == 200) == (rule.body is ConflictBody.CURATOR)
        if answer.status_code == 409:
            assert places(answer) == ["fields.protocol"]
            answer = town.step("conflicts", ticket, "decided", curator, kept | {"protocol": "7"})
    assert answer.json()["state"] == "decided"


def test_the_council_lets_another_mentor_be_found(house: House) -> None:
    town = build_town(house, "kalmykia")
    ticket = town.make("conflicts", town.curator(), {"words": "Спор"}, pair=town.pairs["pair"])
    ticket = town.stepped("conflicts", ticket, "in_review", town.curator())
    council = house.headers("council_member", "m1")
    town.stepped("conflicts", ticket, "decided", council, {"outcome": "rematch", "decision": "Другой наставник"})
    with house.core.database.reading() as session:
        decision = session.exec(select(Decision)).one()
        told = (decision.kind, decision.pair_id, decision.details["trigger"])
        assert told == ("replace", town.pairs["pair"], "council")
        assert decision.details["due_day"] > TODAY.isoformat()


def test_a_conflict_may_end_the_pair(house: House) -> None:
    town = build_town(house, "barnaul")
    ticket = town.make("conflicts", town.curator(), {"words": "Спор"}, pair=town.pairs["pair"])
    ticket = town.stepped("conflicts", ticket, "in_review", town.curator())
    council = house.headers("council_member", "m1")
    decided = {"outcome": "end", "decision": "Закончить", "end_reason": "mutual"}
    town.stepped("conflicts", ticket, "decided", council, decided)
    with house.core.database.reading() as session:
        pair = session.get_one(Pair, town.pairs["pair"])
        assert (pair.state, pair.end_reason) == ("terminated", "mutual")


def consent(house: House, town: Town, *people: str) -> None:
    with house.core.database.writing() as session:
        for name in people:
            session.add(
                Consent(
                    person_id=town.people[name],
                    area_id=house.areas["m1"],
                    purpose="dissemination",
                    given_day=TODAY,
                    recorded_by="test",
                )
            )


def test_results_are_published_when_the_programme_is_over_and_by_name_with_consent(house: House) -> None:
    town = build_town(house, "kalmykia")
    fields = {"block": "best_cases", "title": "Год", "words": "Итоги", "naming": "names"}
    record = town.make("publications", town.curator(), fields, pair=town.pairs["pair"])
    answer = town.step("publications", record, "published", town.curator())
    assert places(answer) == ["pair", "pair.mentor", "pair.mentee"]
    programme = made(town, {})
    town.stepped("programmes", programme, "closed", town.curator(), {"end_reason": "mutual", "end_day": YESTERDAY})
    consent(house, town, "mentor")
    assert places(town.step("publications", record, "published", town.curator())) == ["pair.mentee"]
    consent(house, town, "mentee")
    assert town.stepped("publications", record, "published", town.curator())["state"] == "published"


def test_what_no_regulation_publishes_is_refused(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "anuchino")
    body = {"pair": town.pairs["pair"], "fields": {"block": "news", "title": "x"}}
    assert places(town.call("POST", "publications", town.curator(), body)) == ["pair"]


GATES = {
    "barnaul": ["regulation", "roadmap", "curator", "review"],
    "anuchino": ["roadmap", "curator"],
    "kalmykia": ["regulation", "roadmap", "curator", "council", "council_tasks"],
    "dalnerechensk": ["implementing_act", "regulation", "roadmap", "curator"],
    "smolensk_school_23": ["regulation", "roadmap", "curator", "council", "psychologist", "review"],
}


@pytest.mark.parametrize("policy", POLICIES)
def test_gates_open_one_by_one(sqlite_house: House, policy: str) -> None:
    house = sqlite_house
    town = build_town(house, policy)
    operator, head = town.operator(), house.headers("head", "m1")
    area = house.areas["m1"]

    def open_gates() -> list[str]:
        with house.core.database.reading() as session:
            facts = round_facts(session, house.core.vault, session.get_one(Round, town.round))
            return [gate.id for gate in facts.open_gates]

    assert open_gates() == GATES[policy]
    day = {"day": YESTERDAY}
    papers = {"number": "1", "title": "Акт", **day}
    act = town.make("document-slots", operator, {**papers, "code": "D-01", "parts": ["grounds"]}, area=area)
    assert places(town.step("document-slots", act, "in_force", operator)) == ["fields.parts"]
    parts = ["grounds", "terms", "responsible", "monitoring", "planned_results"]
    path = f"document-slots/{act['id']}"
    act = town.call("PATCH", path, operator, {"parts": parts}, version=act["version"]).json()
    town.stepped("document-slots", act, "in_force", operator)
    regulation = town.make("document-slots", operator, {**papers, "code": "D-02"}, area=area)
    town.stepped("document-slots", regulation, "in_force", operator)
    items = [{"title": "Обучение", "last_day": TOMORROW, "responsible": "куратор"}]
    roadmap = town.make("roadmaps", operator, {"title": "План", "items": items}, area=area)
    assert places(town.step("roadmaps", roadmap, "agreed", operator)) == ["fields.order_number", "fields.day"]
    town.stepped("roadmaps", roadmap, "agreed", head)
    curator = {"name": "Н. Н.", "position": "методист", "deputy_head": False, "order_number": "3", **day}
    named = town.make("curator-appointments", operator, curator, area=area)
    assert named["remarks"] == ["The regulations name deputy heads as curators."]
    town.stepped("curator-appointments", named, "in_force", operator)
    council = town.make("councils", operator, {"title": "Совет", "members": [{"name": "А. А."}], **day}, area=area)
    town.stepped("councils", council, "approved", head)
    review = town.make("registry-reviews", operator, day, area=area)
    town.stepped("registry-reviews", review, "done", operator)
    for item in ("council_tasks", "psychologist"):
        if item in GATES[policy]:
            ticked = town.make("gates", operator, {"item": item, **day}, round=town.round)
            town.stepped("gates", ticked, "done", operator)
    assert open_gates() == []


def test_an_old_review_opens_no_gate(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    operator, area = town.operator(), sqlite_house.areas["m1"]
    old = (TODAY - timedelta(days=400)).isoformat()
    town.stepped("registry-reviews", town.make("registry-reviews", operator, {"day": old}, area=area), "done", operator)
    with sqlite_house.core.database.reading() as session:
        facts = round_facts(session, sqlite_house.core.vault, session.get_one(Round, town.round))
    assert "review" in [gate.id for gate in facts.open_gates]
    assert facts.last_review_day == TODAY - timedelta(days=400)


def test_the_union_signs_for_itself(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "smolensk_school_23")
    union = sqlite_house.headers("union", "m1")
    record = town.make("union-sign-offs", town.operator(), {"document": "D-02"}, round=town.round)
    assert town.step("union-sign-offs", record, "signed", town.operator()).status_code == 403
    answer = town.step("union-sign-offs", record, "objected", union, {"day": YESTERDAY})
    assert places(answer) == ["fields.words"]
    town.stepped("union-sign-offs", record, "signed", union, {"day": YESTERDAY, "protocol": "4"})
    with sqlite_house.core.database.reading() as session:
        facts = round_facts(session, sqlite_house.core.vault, session.get_one(Round, town.round))
    assert facts.union_signed == frozenset({"D-02"})


def test_routes_keep_the_years_of_the_regulation(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    hangs = {"person": town.people["mentee"], "round": town.round}
    body = {**hangs, "fields": {"horizon_years": 2}}
    assert places(town.call("POST", "routes", town.curator(), body)) == ["fields.horizon_years"]
    record = town.make("routes", town.curator(), {"horizon_years": 4, "goal": "Категория"}, **hangs)
    assert places(town.step("routes", record, "agreed", town.curator())) == ["fields.tutor"]


def test_a_regulation_without_routes_is_told_of(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "smolensk_school_23")
    hangs = {"person": town.people["mentee"], "round": town.round}
    record = town.make("routes", town.curator(), {"horizon_years": 2}, **hangs)
    assert record["remarks"] == ["The regulation names no individual routes; this one is kept beside it."]


def test_an_amount_may_stay_unknown(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    person = town.people["mentee"]
    record = town.make("incentives", town.curator(), {"type": "extra_pay"}, person=person)
    assert (record["fields"]["payment_basis"], record["fields"]["payment_amount"]) == ("local_act", None)
    body = {"person": person, "fields": {"type": "bonus", "payment_basis": "none", "payment_amount": 1000}}
    assert places(town.call("POST", "incentives", town.curator(), body)) == ["fields.payment_basis"]
    assert town.step("incentives", record, "approved", town.curator()).status_code == 403
    town.stepped("incentives", record, "approved", sqlite_house.headers("head", "s12"), {"order_number": "5"})


def test_a_log_is_of_a_day_that_has_come_and_once_a_meeting(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    mentor = town.person("mentor", "mentor")
    body = {"pair": town.pairs["pair"], "fields": {"day": TOMORROW, "meeting": "0" * 32}}
    assert places(town.call("POST", "session-logs", mentor, body)) == ["fields.day", "fields.meeting"]
    town.make("session-logs", mentor, {"day": YESTERDAY, "minutes": 30}, pair=town.pairs["pair"])


def test_contracts_and_training_go_into_rosters(house: House) -> None:
    town = build_town(house, "dalnerechensk")
    operator, area = town.operator(), house.areas["m1"]
    partner = town.make("partners", operator, {"name": "Завод", "code": "P-1"}, area=area)
    unknown = {"area": area, "fields": {"partner": "0" * 32}}
    assert places(town.call("POST", "partner-contracts", operator, unknown)) == ["fields.partner"]
    contract = {"partner": partner["id"], "number": "7", "day": YESTERDAY, "first_day": "2026-09-01"}
    town.stepped("partner-contracts", town.make("partner-contracts", operator, contract, area=area), "signed", operator)
    training = {"title": "Школа наставника", "last_day": "2026-08-28"}
    record = town.make("mentor-trainings", operator, training, person=town.people["mentor"])
    town.stepped("mentor-trainings", record, "completed", operator)
    with house.core.database.reading() as session:
        found = signed_contracts(session, house.core.vault, session.get_one(Area, area))
        days = training_days(session, list(town.people.values()))
    assert sorted((one.organisation, one.partner) for one in found) == [("S11", "P-1"), ("S12", "P-1")]
    assert days == {town.people["mentor"]: date(2026, 8, 28)}


def test_a_solve_starts_from_what_is_on_record(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    operator = town.operator()
    mentor, mentee = town.people["mentor"], town.people["mentee"]
    gap = {"day": YESTERDAY, "deficits": [{"competence": "digital", "level": 1}]}
    town.stepped("diagnostics", town.make("diagnostics", operator, gap, person=mentee), "final", operator)
    training = {"title": "Школа наставника", "last_day": "2026-08-28"}
    record = town.make("mentor-trainings", operator, training, person=mentor)
    town.stepped("mentor-trainings", record, "completed", operator)
    approval = town.make("mentor-approvals", operator, {"approval": "pedagogical_council"}, person=mentor)
    assert places(town.step("mentor-approvals", approval, "given", operator)) == ["fields.day", "fields.protocol"]
    town.stepped("mentor-approvals", approval, "given", operator, {"day": YESTERDAY, "protocol": "2"})
    with sqlite_house.core.database.reading() as session:
        roster = present_roster(session, sqlite_house.core.vault, session.get_one(Round, town.round))
    said = {one.person: one for one in roster.mentors}["mentor"]
    assert (list(said.approvals), said.mentor_training_day) == (["pedagogical_council"], date(2026, 8, 28))
    (found,) = {one.person: one for one in roster.mentees}["mentee"].deficits
    assert (found.competence, found.level, found.gap) == ("digital", 1, 2)


def test_the_later_word_on_a_gap_counts(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "dalnerechensk")
    operator, ids = town.operator(), {"mentee": town.people["mentee"]}
    gap = {"day": "2026-09-10", "deficits": [{"competence": "digital", "level": 3}]}
    record = town.make("diagnostics", operator, gap, person=town.people["mentee"])
    town.stepped("diagnostics", record, "final", operator)
    for day, level in ((date(2026, 9, 1), 3), (date(2026, 10, 1), 1), (None, 3)):
        said = Deficit(competence=CompetenceBlock.DIGITAL, level=1, day=day)
        roster = Roster(mentees=(Mentee(person="mentee", deficits=(said,)),))
        with sqlite_house.core.database.reading() as session:
            area = session.get_one(Area, sqlite_house.areas["m1"])
            (found,) = with_records(session, sqlite_house.core.vault, area, roster, ids).mentees[0].deficits
        assert found.level == level


def test_the_curator_presents_the_final_report_and_the_head_accepts_it(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    operator, head = town.operator(), sqlite_house.headers("head", "m1")
    record = town.make("analytical-reports", operator, {"results": "Итоги"}, round=town.round)
    lacking = town.step("analytical-reports", record, "presented", operator)
    assert places(lacking) == ["fields.day", "fields.risks", "fields.plan_next_year"]
    rest = {"day": YESTERDAY, "risks": "Нагрузка", "plan_next_year": "Обучение"}
    path = f"analytical-reports/{record['id']}"
    record = town.call("PATCH", path, operator, rest, version=record["version"]).json()
    record = town.stepped("analytical-reports", record, "presented", operator)
    assert town.step("analytical-reports", record, "accepted", operator).status_code == 403
    town.stepped("analytical-reports", record, "accepted", head)


def test_a_programme_tells_of_newer_diagnostics(sqlite_house: House) -> None:
    town = build_town(sqlite_house, "barnaul")
    record = acknowledged(town, made(town, BASE), "mentor", "mentee")
    found = town.make("diagnostics", town.curator(), {"day": YESTERDAY}, person=town.people["mentee"])
    town.stepped("diagnostics", found, "final", town.curator())
    remarks = town.call("GET", f"programmes/{record['id']}", town.curator()).json()["remarks"]
    assert remarks == ["There are newer diagnostics of the mentee: see whether the programme still fits."]
