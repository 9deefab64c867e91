"""The plan as one web page that needs nothing else: week grid, load of mentors, reasons."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment

from matcher.explain.audience import Audience, report_for
from matcher.explain.findings import PairReasons, PlanReport
from matcher.io.plan_book.meeting_figures import meeting_counts
from matcher.io.plan_book.people import in_reading_order
from matcher.io.sentences.reasons import nobody_line, pair_lines
from matcher.io.sentences.schedule import level_words, proof_of_level
from matcher.io.sentences.sessions import SessionWords, clock, weekday
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.sessions.schedule import Activity, ActivityPurpose, PlannedSession, Schedule, SessionState
from matcher.texts import Lang, text, text_n

_MOST_BARS = 60
_NAME_WIDTH, _BAR_WIDTH, _BAR_HEIGHT = 300, 420, 24


def write_report_html(
    plan: Plan, report: PlanReport, path: Path, lang: Lang, *, audience: Audience = Audience.COUNCIL
) -> None:
    """Write the page to ``path``, first under another name, so that no half file is ever seen."""
    source = (resources.files("matcher.io") / "documents" / "report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    content = environment.from_string(source).render(_Page(plan, report_for(audience, report), lang).fields())
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(content, encoding="utf-8")
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class _Page:
    """Gathers what the template shows: strings and lists only."""

    def __init__(self, plan: Plan, report: PlanReport, lang: Lang) -> None:
        self.plan, self.report, self.lang = plan, report, lang
        self.speaker = Speaker(plan, lang)
        self.words = SessionWords(self.speaker)
        self.say = self.speaker.say
        schedule = plan.schedule
        self.activities: dict[str, Activity] = {a.id: a for a in schedule.activities} if schedule else {}
        self.live: list[PlannedSession] = (
            [s for s in schedule.sessions if s.state is not SessionState.CANCELLED] if schedule else []
        )

    def fields(self) -> dict[str, Any]:
        plan, schedule = self.plan, self.plan.schedule
        t = self._words()
        weeks, loads = self._weeks(), self._loads()
        unplaced = self._unplaced(schedule) if schedule else []
        nobody = [
            {"who": self.speaker.person(found.mentee), "why": nobody_line(found, self.speaker)}
            for found in self.report.nobody
        ]
        shown = {"levels": bool(schedule), "week": bool(weeks), "load": bool(loads), "unplaced": bool(unplaced)}
        shown |= {"pairs": True, "nobody": bool(nobody)}
        return {
            "lang": self.lang,
            "title": self.say(text("Plan of the mentoring round")),
            "regulation": plan.policy.title if self.lang == "ru" else plan.policy.title_en,
            "term": f"{schedule.first_day:%d.%m.%Y} – {schedule.last_day:%d.%m.%Y}" if schedule else "",
            "t": t,
            "sections": [{"id": name, "title": t[name]} for name, is_shown in shown.items() if is_shown],
            "figures": self._figures(),
            "levels": self._levels(schedule) if schedule else [],
            "weeks": weeks,
            "has_visits": self._has_visits(),
            "loads": loads,
            "chart": {
                "width": _NAME_WIDTH + _BAR_WIDTH + 160,
                "height": _BAR_HEIGHT * len(loads) + 4,
                "name_width": _NAME_WIDTH,
            },
            "unplaced": unplaced,
            "pairs": self._pairs(),
            "nobody": nobody,
        }

    def _words(self) -> dict[str, Any]:
        words = {
            "contents": text("Contents"),
            "levels": text("What was sought, and how far it is proved"),
            "week": text("The usual week"),
            "week_note": text("× says how many meetings of the year fall on this day and hour."),
            "visit": text("at a lesson"),
            "visit_note": text("the mentor visits a lesson of the mentee; without this mark it is a meeting"),
            "load": text("Load of mentors"),
            "load_note": text("Minutes of meetings in the fullest week; the black line is the limit."),
            "unplaced": text("Meetings without a place"),
            "pairs": text("Pairs and groups: why so, and when they meet"),
            "nobody": text("Who has no mentor, and why"),
            "hour": text("hour"),
        }
        heads = {
            "level_head": (text("what counts, in this order"), text("reached"), text("bound"), text("proof")),
            "unplaced_head": (text("who"), text("meetings"), text("why"), text("what would help")),
            "pair_head": (text("mentee"), text("mentor"), text("why this pair"), text("meetings")),
        }
        found: dict[str, Any] = {name: _capital(self.say(word)) for name, word in words.items()}
        found |= {name: [_capital(self.say(word)) for word in head] for name, head in heads.items()}
        found["visit_note"] = self.say(words["visit_note"])  # goes on behind the mark
        return found | {"days": [self.speaker.word("weekday", str(day)) for day in range(1, 7)]}

    def _figures(self) -> list[dict[str, Any]]:
        plan = self.plan
        served = len({pair.mentee for pair in plan.pairs})
        figures = [
            (f"{served} / {len(plan.roster.mentees)}", text("mentees with a mentor")),
            (sum(pair.group is None for pair in plan.pairs), text("individual pairs")),
            (len(plan.groups), text("groups")),
        ]
        if plan.schedule is not None:
            placed, *others = meeting_counts(plan.schedule)
            visits = others[:1] if self._has_visits() else []
            figures += [(f"{number} / {of}", label) for label, number, of in (placed, *visits)]
        return [{"value": value, "label": self.say(label)} for value, label in figures]

    def _has_visits(self) -> bool:
        return any(a.purpose is ActivityPurpose.LESSON_VISIT for a in self.activities.values())

    def _levels(self, schedule: Schedule) -> list[dict[str, str]]:
        return [
            {
                "name": self.say(level_words(level.name)),
                "value": str(level.value),
                "bound": "–" if level.bound is None else str(level.bound),
                "proof": self.say(proof_of_level(level, self.lang)),
            }
            for level in schedule.levels
        ]

    def _weeks(self) -> list[dict[str, Any]]:
        """Return for each organisation a table of hours and weekdays with who meets how often."""
        counts: dict[str, Counter[tuple[int, int, str]]] = defaultdict(Counter)
        for session in self.live:
            activity = self.activities[session.activity]
            for organisation in {self.speaker.organisation_id_of(person) for person in activity.people}:
                counts[organisation][session.start_minute, session.day.isoweekday(), activity.id] += 1
        return [
            self._week(organisation, counts[organisation])
            for organisation in sorted(counts, key=self.speaker.organisation)
        ]

    def _week(self, organisation: str, counts: Counter[tuple[int, int, str]]) -> dict[str, Any]:
        rows = []
        for start in sorted({start for start, _, _ in counts}):
            cells = []
            for day in range(1, 7):
                items = [(times, id_) for (at, on, id_), times in counts.items() if (at, on) == (start, day)]
                items.sort(key=lambda item: (-item[0], item[1]))
                cells.append([self._cell(self.activities[id_], times) for times, id_ in items])
            rows.append({"hour": clock(start), "cells": cells})
        count = text_n("{count} meeting", "{count} meetings", count=sum(counts.values()))
        return {"name": self.speaker.organisation(organisation), "count": self.say(count), "rows": rows}

    def _cell(self, activity: Activity, times: int) -> dict[str, Any]:
        is_visit = activity.purpose is ActivityPurpose.LESSON_VISIT
        return {"who": self.words.who(activity), "times": times, "is_visit": is_visit}

    def _loads(self) -> list[dict[str, Any]]:
        """Return a bar for each of the mentors with the fullest weeks."""
        minutes: Counter[tuple[str, int, int]] = Counter()
        for session in self.live:
            year, week, _ = session.day.isocalendar()
            minutes[self.activities[session.activity].mentor, year, week] += session.end_minute - session.start_minute
        most: dict[str, int] = defaultdict(int)
        for (mentor, _, _), total in minutes.items():
            most[mentor] = max(most[mentor], total)
        limits = {m.person: m.hours_per_week for m in self.plan.roster.mentors}
        usual = self.plan.policy.load.mentor_hours_per_week
        ordered = sorted(most, key=lambda mentor: (-most[mentor], self.speaker.person(mentor)))[:_MOST_BARS]
        limit = {m: 60 * (usual if limits.get(m) is None else float(limits[m] or 0)) for m in ordered}
        longest = max([1.0, *(max(most[m], limit[m]) for m in ordered)])
        return [
            {
                "name": self.speaker.person(mentor),
                "y": _BAR_HEIGHT * at,
                "width": round(_BAR_WIDTH * most[mentor] / longest, 1),
                "limit": round(_NAME_WIDTH + _BAR_WIDTH * limit[mentor] / longest, 1),
                "label_x": round(_NAME_WIDTH + 6 + _BAR_WIDTH * max(most[mentor], limit[mentor]) / longest, 1),
                "label": self.say(text("{minutes} min", minutes=most[mentor])),
                "is_over": most[mentor] > limit[mentor],
            }
            for at, mentor in enumerate(ordered)
        ]

    def _unplaced(self, schedule: Schedule) -> list[dict[str, Any]]:
        return [
            {
                "who": self.words.label(self.activities[found.activity]),
                "count": len(found.numbers),
                "why": [self.words.told(reason) for reason in found.reasons],
                "helps": [f"{self.words.told(c.message)} (+{c.gain})" for c in found.concessions],
            }
            for found in schedule.unplaced
        ]

    def _pairs(self) -> list[dict[str, Any]]:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        usual = self._usual_times()
        for pair in in_reading_order(self.report.pairs, self.speaker):
            rows[self.speaker.organisation_of(pair.mentee)].append(
                {
                    "mentee": self.speaker.person(pair.mentee),
                    "mentor": self.speaker.person(pair.mentor),
                    "why": pair_lines(pair, self.speaker),
                    "meetings": usual.get(_activity_id(pair), []),
                }
            )
        return [{"name": name, "rows": rows[name]} for name in sorted(rows)]

    def _usual_times(self) -> dict[str, list[str]]:
        """Return for each activity its days and hours with how often they are used, the usual one first."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for session in self.live:
            hours = f"{clock(session.start_minute)}–{clock(session.end_minute)}"
            counts[session.activity][f"{self.say(weekday(session.day))} {hours}"] += 1
        return {id_: [f"{when} × {times}" for when, times in found.most_common()] for id_, found in counts.items()}


def _activity_id(pair: PairReasons) -> str:
    return pair.group or f"{pair.mentor}:{pair.mentee}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
