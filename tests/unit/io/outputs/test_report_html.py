"""The page of a plan: one file that asks for nothing else and says what the plan says."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from matcher.explain.report import explain_plan
from matcher.io.write_report_html import write_report_html
from matcher.sessions.schedule import ActivityPurpose
from tests.schedules import scheduled_plan


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "rect", "line", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


@pytest.mark.parametrize(("lang", "title"), [("ru", "Обычная неделя"), ("en", "The usual week")])
def test_the_page_is_whole_and_needs_no_other_file(tmp_path: Path, lang: str, title: str) -> None:
    plan = scheduled_plan()
    write_report_html(plan, explain_plan(plan), tmp_path / "report.html", lang)  # type: ignore[arg-type]
    reader = read(tmp_path / "report.html")
    assert all(source.startswith("#") for source in reader.sources)
    told = " ".join(reader.words)
    assert title in told
    assert "6 / 8" in told
    assert re.search(r"M-1 – N-\d", told)


def test_what_people_wrote_is_no_markup(tmp_path: Path) -> None:
    plan = scheduled_plan()
    people = tuple(replace(person, name="<script>alert(1)</script>") for person in plan.roster.people)
    plan = replace(plan, roster=replace(plan.roster, people=people))
    write_report_html(plan, explain_plan(plan), tmp_path / "report.html", "ru")
    assert "<script>" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_lesson_visits_are_told_from_meetings_by_a_mark(tmp_path: Path) -> None:
    plan = scheduled_plan()
    write_report_html(plan, explain_plan(plan), tmp_path / "report.html", "ru")
    assert "На уроке" not in " ".join(read(tmp_path / "report.html").words)
    assert plan.schedule is not None
    visit, *others = plan.schedule.activities
    activities = (replace(visit, purpose=ActivityPurpose.LESSON_VISIT), *others)
    plan = replace(plan, schedule=replace(plan.schedule, activities=activities))
    write_report_html(plan, explain_plan(plan), tmp_path / "report.html", "ru")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    times = {(s.day.isoweekday(), s.start_minute) for s in plan.schedule.sessions if s.activity == visit.id}
    marks = page.count('<li class="visit"><span class="mark">На уроке</span>')
    assert 0 < marks <= len(times)
    assert "без этой пометки – встреча" in page
    assert "посещений уроков назначено" in page
