"""Plots of rounds set side by side in one run: step by step, a curve of two measures, fair shares of schools."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.texts import Lang, say, text
from scenarios.drawing import Bar, Point, Scatter, draw_bars, draw_scatters
from scenarios.plot import Plot, decimal_sign, shown
from scenarios.plot_words import MEASURES, step_words
from scenarios.shares import parts_of

_STEP = "step."
_MOST_PANELS = 12
_WAYS = ("share", "without", "regulation", "first")


def plot_steps(figures: Mapping[str, float], lang: Lang) -> Plot | None:
    """Return one panel a measure: how it changes from step to step; a measure that does not is in the table alone."""
    found = measures_by_step(figures)
    steps = list(dict.fromkeys(step for part in found.values() for step in part))
    if len(steps) < 2:
        return None
    labels = {step: step_words(step, lang) for step in steps}
    panels = [
        (
            say(MEASURES[measure], lang),
            [
                Bar(label=labels[step], value=max(0.0, part[step]), words=shown(part[step], lang))
                for step in steps
                if step in part
            ],
        )
        for measure, part in found.items()
        if len(set(part.values())) > 1
    ]
    title = say(text("Step by step"), lang)
    return Plot(
        title=title,
        note=say(text("Each panel is on a scale of its own. What stays the same is in the table alone."), lang),
        drawing=draw_bars(title, panels, num_across=2, is_scale_common=False),
        headings=(say(text("step"), lang), *(say(MEASURES[one], lang) for one in found)),
        rows=tuple(
            (labels[step], *(shown(part[step], lang) if step in part else "–" for part in found.values()))
            for step in steps
        ),
    )


def plot_curve(figures: Mapping[str, float], lang: Lang) -> Plot | None:
    """Return what each broken pair buys: points lacked against pairs broken, of the steps that break pairs."""
    found = measures_by_step(figures)
    broken, lacks = found.get("broken", {}), found.get("lacks", {})
    steps = [step for step in broken if step in lacks]
    if len(steps) < 2:
        return None
    places: dict[tuple[float, float], list[int]] = {}
    for number, step in enumerate(steps, start=1):
        places.setdefault((broken[step], lacks[step]), []).append(number)
    points = [
        Point(x=x, y=y, is_best=True, words=", ".join(str(number) for number in numbers))
        for (x, y), numbers in places.items()
    ]
    across, up = say(MEASURES["broken"], lang), say(MEASURES["lacks"], lang)
    title = say(text("The curve from the smallest change to the best pairs"), lang)
    return Plot(
        title=title,
        note=say(text("Numbers are those of the table. Further down and to the left is better."), lang),
        drawing=draw_scatters(
            title, [Scatter(across=across, up=up, points=points)], (say(text("round"), lang),), sign=decimal_sign(lang)
        ),
        headings=(say(text("no."), lang), say(text("step"), lang), across, up),
        rows=tuple(
            (str(number), step_words(step, lang), shown(broken[step], lang), shown(lacks[step], lang))
            for number, step in enumerate(steps, start=1)
        ),
    )


def plot_fair_shares(figures: Mapping[str, float], lang: Lang) -> Plot | None:
    """Return one small panel a school: its fair share of pairs, and what it carries each way."""
    ways = {way: part for way in _WAYS if (part := parts_of(figures, f"school.{way}"))}
    if "share" not in ways or len(ways) < 2:
        return None
    names = {way: say(text("fair share"), lang) if way == "share" else step_words(way, lang) for way in ways}
    schools = list(ways["share"])
    panels = [
        (
            school,
            [
                Bar(label=names[way], value=part.get(school, 0), words=shown(part.get(school, 0), lang), series=series)
                for way, part in ways.items()
                for series in [1 if way == "share" else 0]
            ],
        )
        for school in schools[:_MOST_PANELS]
    ]
    title = say(text("Fair shares of schools"), lang)
    note = say(text("Bars: pairs carried by the mentors of a school, on one scale; hatched: what is fair."), lang)
    if len(schools) > _MOST_PANELS:
        cut = text("Drawn are {shown} of {all}; the table has all.", shown=_MOST_PANELS, all=len(schools))
        note = f"{note} {say(cut, lang)}"
    return Plot(
        title=title,
        note=note,
        drawing=draw_bars(title, panels, num_across=3),
        headings=(say(text("school"), lang), *names.values()),
        rows=tuple((school, *(shown(part.get(school, 0), lang) for part in ways.values())) for school in schools),
    )


def measures_by_step(figures: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the measures that have words, by step; their names have no dot, so that the step may have any sign."""
    found: dict[str, dict[str, float]] = {}
    for name, value in figures.items():
        if name.startswith(_STEP):
            written, _, step = name.removeprefix(_STEP).partition(".")
            measure = written.replace("_", ".", 1)
            if measure in MEASURES:
                found.setdefault(measure, {})[step] = value
    return dict(sorted(found.items(), key=lambda item: list(MEASURES).index(item[0])))
