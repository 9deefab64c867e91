"""The order fixing pairs (D-04) as a Word file, one for each organisation, from a template a school may change."""

from __future__ import annotations

import os
from collections import defaultdict
from importlib import resources
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from matcher.io.speaker import Speaker, lowered
from matcher.plan import Plan, PlannedGroup, PlannedPair
from matcher.sessions.schedule import SessionState
from matcher.texts import Lang, Text, text_n

_BLANK = "___.___.______"


def write_order(plan: Plan, path: Path, lang: Lang, *, template: Path | None = None) -> None:
    """Write the orders of a plan, each organisation of mentees on pages of its own; the file appears whole or not.

    ``template`` is a Word file with the same fields as the one of the package; it runs in a sandbox.
    """
    environment = SandboxedEnvironment(autoescape=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    packaged = resources.files("matcher.io") / "documents" / f"order_{lang}.docx"
    with resources.as_file(packaged) as default:
        document = DocxTemplate(str(template or default))
        document.render(order_fields(plan, lang), environment)
    try:
        document.save(str(part))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def order_fields(plan: Plan, lang: Lang) -> dict[str, Any]:
    """Return what the template is filled with: strings and lists only."""
    speaker = Speaker(plan, lang)
    pairs: dict[str, list[PlannedPair]] = defaultdict(list)
    for pair in plan.pairs:
        if pair.group is None:
            pairs[speaker.organisation_id_of(pair.mentee)].append(pair)
    groups: dict[str, list[PlannedGroup]] = defaultdict(list)
    for group in plan.groups:
        groups[speaker.organisation_id_of(group.members[0])].append(group)
    schedule = plan.schedule
    return {
        "regulation": plan.policy.title if lang == "ru" else plan.policy.title_en,
        "first_day": _BLANK if schedule is None else f"{schedule.first_day:%d.%m.%Y}",
        "last_day": _BLANK if schedule is None else f"{schedule.last_day:%d.%m.%Y}",
        "orders": [
            _order(speaker, id_, pairs[id_], groups[id_]) for id_ in sorted({*pairs, *groups}, key=speaker.organisation)
        ],
    }


def _order(speaker: Speaker, organisation: str, pairs: list[PlannedPair], groups: list[PlannedGroup]) -> dict[str, Any]:
    """Return one organisation's order; its points are numbered through, those without content left out."""
    num_sessions = _num_sessions(speaker.plan, pairs, groups)
    wanted = {"pairs": bool(pairs), "groups": bool(groups), "schedule": bool(num_sessions)}
    present = [
        name for name in ("pairs", "groups", "schedule", "programme", "curator", "control") if wanted.get(name, True)
    ]
    people = {pair.mentor for pair in pairs} | {pair.mentee for pair in pairs}
    people |= {group.mentor for group in groups} | {member for group in groups for member in group.members}
    return {
        "organisation": speaker.organisation(organisation),
        "points": {name: number for number, name in enumerate(present, start=1)},
        "pairs": [_pair(speaker, number, pair) for number, pair in enumerate(pairs, start=1)],
        "groups": [_group(speaker, number, group) for number, group in enumerate(groups, start=1)],
        "num_sessions": speaker.say(_meetings(num_sessions)) if num_sessions else "",
        "people": sorted(speaker.person(id_) for id_ in people),
    }


def _meetings(count: int) -> Text:
    return text_n("{count} meeting", "{count} meetings", count=count)


def _num_sessions(plan: Plan, pairs: list[PlannedPair], groups: list[PlannedGroup]) -> int:
    if plan.schedule is None:
        return 0
    sides = {(pair.mentor, pair.mentee) for pair in pairs}
    ids = {group.id for group in groups}
    own = {
        activity.id
        for activity in plan.schedule.activities
        if activity.group in ids or any((activity.mentor, mentee) in sides for mentee in activity.mentees)
    }
    return sum(
        session.activity in own and session.state is not SessionState.CANCELLED for session in plan.schedule.sessions
    )


def _pair(speaker: Speaker, number: int, pair: PlannedPair) -> dict[str, Any]:
    person = speaker.people.get(pair.mentor)
    return {
        "number": number,
        "mentor": speaker.person(pair.mentor),
        "position": "" if person is None else lowered(speaker.word("position", person.position)),
        "mentee": speaker.person(pair.mentee),
        "form": lowered(speaker.word("form", pair.form)),
        "kind": lowered(speaker.word("kind", pair.kind)),
    }


def _group(speaker: Speaker, number: int, group: PlannedGroup) -> dict[str, Any]:
    theme = speaker.word("topic", group.topic)
    return {
        "number": number,
        "mentor": speaker.person(group.mentor),
        "id": group.id,
        "members": speaker.persons(group.members),
        "theme": f"{theme} ({speaker.subject(group.subject)})" if group.subject else theme,
    }
