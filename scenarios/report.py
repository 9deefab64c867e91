"""One page of all runs, which needs nothing else: values and bounds, what does not hold, figures, dates, risks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from matcher.explain.level_titles import level_title
from matcher.indicators.catalogue import INDICATORS
from matcher.indicators.counting import ROOMS
from matcher.indicators.due import DueState
from matcher.indicators.words import RISKS
from matcher.io.console.monitoring import LEVELS, STATES
from matcher.io.sentences.schedule import level_words
from matcher.io.writing import writing
from matcher.policy_labels import clause_text
from matcher.policy_words import ScopeLevel
from matcher.texts import Lang, Text, say, text
from scenarios.plots import build_plots
from scenarios.rows import DueRow, IndicatorRow, LevelRow, Row
from scenarios.run_labels import RunLabel, run_labels
from scenarios.scenario import Scenario
from scenarios.shares import MARK
from scenarios.store import kept_files

_HEADINGS = {
    "title": text("Batch scenarios"),
    "runs": text("Runs"),
    "run": text("Run"),
    "status": text("Status"),
    "value": text("Value"),
    "bound": text("Bound"),
    "gap": text("Gap, %"),
    "served": text("Mentees with a mentor"),
    "sessions": text("Meetings placed"),
    "violations": text("Violations"),
    "seconds": text("Seconds"),
    "holds": text("Everything expected holds."),
    "not_holds": text("Does not hold:"),
    "failed": text("The run failed:"),
    "searched": text(
        "The bound is what is confirmed without a search. A gap of 0 where it differs from the value: "
        "the search itself has proved the value best."
    ),
    "levels": text("Levels of pairing (more is better)"),
    "session_levels": text("Levels of meetings (less is better)"),
    "level": text("Level"),
    "proof": text("Proof"),
    "indicators": text("Indicators: plan and fact"),
    "indicator": text("Indicator"),
    "before": text("Year before"),
    "current": text("This round"),
    "plan": text("Plan"),
    "met": text("Reached"),
    "figures": text("Figures"),
    "due": text("What is due"),
    "until": text("until"),
    "what": text("what"),
    "of_level": text("level"),
    "count": text("how many"),
    "standing": text("how it stands"),
    "clause": text("by which clause"),
    "risks": text("Signs of risk"),
    "number": text("no."),
    "files": text("Files"),
    "as_table": text("The same as a table"),
    "none": text("none"),
    "yes": text("yes"),
    "no": text("no"),
}
_PROOFS = {"certificate": text("certificate"), "solver": text("search"), None: text("not proved")}
_STATUSES = {
    "optimal": text("proved best"),
    "feasible": text("found, not proved best"),
    "infeasible": text("impossible"),
    "unknown": text("nothing found in time"),
}
_FILES = {
    "plan.json": text("plan as data"),
    "plan.xlsx": text("plan as a workbook"),
    "report.html": text("page of the plan"),
    "order.docx": text("order"),
    "indicators.xlsx": text("indicators as a workbook"),
    "proof.json": text("proof"),
}


def write_report(
    scenarios: Sequence[Scenario], rows: Sequence[Row], wrong: Mapping[str, Sequence[str]], path: Path, lang: Lang
) -> None:
    """Write the page to ``path``, first under another name, so that no half page is ever seen.

    ``wrong`` says by run what does not hold of what is expected.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    source = (resources.files("scenarios") / "report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    t = {name: say(message, lang) for name, message in _HEADINGS.items()}
    kept = {row.run: kept_files(path.parent, row.run) for row in rows}
    stories = [_story(one, [row for row in rows if row.scenario == one.name], wrong, kept, lang) for one in scenarios]
    content = environment.from_string(source).render(lang=lang, t=t, stories=stories)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing(path):
        try:
            part.write_text(content, encoding="utf-8")
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _story(
    scenario: Scenario,
    rows: Sequence[Row],
    wrong: Mapping[str, Sequence[str]],
    kept: Mapping[str, Sequence[str]],
    lang: Lang,
) -> dict[str, Any]:
    """Return what the page shows of a scenario; the details of its run where it has one alone."""
    settings, labels = scenario.settings, run_labels(rows, lang)
    only = rows[0] if len(rows) == 1 and rows[0].error is None else None
    return {
        "id": scenario.name,
        "title": settings.title if lang == "ru" else settings.title_en,
        "rows": [_line(row, labels[row.run], kept[row.run], lang) for row in rows],
        "is_searched": any(row.gap == 0 and row.value != row.bound for row in rows),
        "wrong": [(row.run, wrong[row.run]) for row in rows if row.run in wrong],
        "failed": [(row.run, row.error) for row in rows if row.error is not None],
        "levels": [] if only is None else [_level(one, level_title(one.name), lang) for one in only.levels],
        "session_levels": []
        if only is None
        else [_level(one, level_words(one.name), lang) for one in only.session_levels],
        "indicators": [] if only is None else list(_indicators(only.indicators, lang)),
        "due": [] if only is None else [_due(one, lang) for one in only.due],
        "risks": [] if only is None else _risks(only, lang),
        "figures": []
        if only is None
        else [(k, _number(v, lang)) for k, v in sorted(only.figures.items()) if MARK not in k],
        "plots": build_plots(rows, lang),
    }


def _line(row: Row, label: RunLabel, kept: Sequence[str], lang: Lang) -> dict[str, Any]:
    figures = row.figures
    names = [(path, path.rpartition("/")[2]) for path in kept]
    return {
        "run": row.run,
        "number": label.number,
        "words": label.words,
        "files": [(quote(path), say(_FILES[name], lang) if name in _FILES else name) for path, name in names],
        "status": say(_STATUSES[row.status], lang) if row.status in _STATUSES else "–",
        "value": _number(row.value, lang),
        "bound": _number(row.bound, lang),
        "gap": "–" if row.gap is None else _number(100 * row.gap, lang),
        "served": _of(figures, "served", "mentees", lang),
        "share": f"{figures.get('coverage', 0):.0f}",
        "sessions": _of(figures, "sessions", "sessions.wanted", lang),
        "violations": str(row.violations),
        "seconds": _number(round(row.seconds.get("whole", 0), 1), lang),
    }


def _of(figures: Mapping[str, float], part: str, whole: str, lang: Lang) -> str:
    if whole not in figures:
        return "–"
    words = {"part": f"{figures.get(part, 0):.0f}", "whole": f"{figures[whole]:.0f}"}
    return say(text("{part} of {whole}", **words), lang)


def _level(level: LevelRow, title: Text, lang: Lang) -> dict[str, str]:
    return {
        "name": say(title, lang),
        "value": _number(level.value, lang),
        "bound": _number(level.bound, lang),
        "proof": say(_PROOFS[level.proof], lang),
    }


def _indicators(rows: Iterable[IndicatorRow], lang: Lang) -> Iterable[dict[str, str]]:
    """Yield the main figures, each once: the year before, which is judged, beside this round."""
    assert ROOMS  # importing them fills the catalogue
    main = {(one.id, one.period): one for one in rows if not one.part}
    for id_ in dict.fromkeys(id_ for id_, _ in main):
        before, current = main.get((id_, "before")), main.get((id_, "current"))
        judged = None if before is None else before.is_met
        yield {
            "id": id_,
            "title": say(INDICATORS[id_].title, lang),
            "before": _number(None if before is None else before.value, lang),
            "current": _number(None if current is None else current.value, lang),
            "plan": _number(None if before is None else before.plan, lang),
            "met": "–" if judged is None else say(_HEADINGS["yes" if judged else "no"], lang),
        }


def _due(one: DueRow, lang: Lang) -> dict[str, Any]:
    until = _day(one.day)
    if not until and one.first_day:
        until = say(text("from {day}", day=_day(one.first_day)), lang)
    return {
        "until": until or "–",
        "what": one.title if lang == "ru" else one.title_en,
        "level": say(LEVELS[ScopeLevel(one.level)], lang),
        "count": str(one.count),
        "state": say(STATES[DueState(one.state)], lang),
        "is_late": one.state == DueState.OVERDUE,
        "clause": say(clause_text(one.clause), lang),
    }


def _risks(row: Row, lang: Lang) -> list[tuple[str, str]]:
    return [
        (say(words, lang), _number(row.figures[f"risk.{risk}"], lang))
        for risk, words in RISKS.items()
        if f"risk.{risk}" in row.figures
    ]


def _day(written: str) -> str:
    return f"{date.fromisoformat(written):%d.%m.%Y}" if written else ""


def _number(value: float | None, lang: Lang) -> str:
    if value is None:
        return "–"
    shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")
    return shown if lang == "en" else shown.replace(",", " ").replace(".", ",")
