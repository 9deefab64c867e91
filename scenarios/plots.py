"""Plots of the report, each with its table: load, coverage by school and subject, contours, steps, frontiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from matcher.io.choices import CONTOURS, SUBJECTS
from matcher.texts import Lang, Text, say, text
from scenarios.drawing import Bar, Point, Scatter, draw_bars, draw_scatters
from scenarios.rows import Row
from scenarios.shares import parts_of

_MOST_BARS = 30
_MOST_PANELS = 12
_STEP = "step."
_CONTOUR_WORDS = {one.id: {"ru": one.ru, "en": one.en} for one in CONTOURS}
_SUBJECT_WORDS = {one.id: {"ru": one.ru, "en": one.en} for one in SUBJECTS}

BETTER: Mapping[str, int] = {"coverage": 1, "load.most": -1, "load.minutes_most": -1, "travel.pairs": -1}
"""What a frontier is weighed by: 1 where more is better, −1 where less is."""
_MEASURES: Mapping[str, Text] = {
    "coverage": text("mentees with a mentor, %"),
    "load.most": text("most mentees of one mentor"),
    "load.minutes_most": text("most minutes of one mentor in four weeks"),
    "load_minutes_most": text("most minutes of one mentor in four weeks"),
    "travel.pairs": text("pairs of two organisations"),
    "travel_pairs": text("pairs of two organisations"),
    "gained": text("mentees gained by the step"),
    "changed": text("pairs changed by the step"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawing with the table of what it shows; ``note`` is one sentence, or empty."""

    title: str
    note: str
    drawing: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def build_plots(rows: Sequence[Row], lang: Lang) -> tuple[Plot, ...]:
    """Return the plots of the runs of a scenario: of one run its parts, of several what sets them apart."""
    done = [row for row in rows if row.error is None]
    if len(done) == 1:
        figures = done[0].figures
        found = [
            _load(figures, lang),
            *_coverage(figures, lang),
            _contours(_places(figures), lang),
            _steps(figures, lang),
        ]
    else:
        runs = {row.run: parts_of_contours(row.figures) for row in done}
        found = [_frontier(done, lang), _contours(runs, lang)]
    return tuple(plot for plot in found if plot is not None)


def _load(figures: Mapping[str, float], lang: Lang) -> Plot | None:
    """Return how many mentors have how many mentees, before the round and after it."""
    before, after = parts_of(figures, "load.before"), parts_of(figures, "load.after")
    counts = [str(count) for count in range(max((int(one) for one in (*before, *after)), default=-1) + 1)]
    if not counts:
        return None
    names = say(text("before the round"), lang), say(text("after the round"), lang)
    panels = []
    for count in counts:
        bars = [
            Bar(label=name, value=part.get(count, 0), words=f"{part.get(count, 0):.0f}", series=series)
            for name, part, series in ((names[0], before, 1), (names[1], after, 0))
        ]
        panels.append((say(text("mentees of one mentor: {count}", count=count), lang), bars))
    title = say(text("Load of mentors before and after"), lang)
    return Plot(
        title=title,
        note=say(text("Bars: number of mentors with so many mentees."), lang),
        drawing=draw_bars(title, panels),
        headings=(say(text("mentees of one mentor"), lang), *names),
        rows=tuple((one, f"{before.get(one, 0):.0f}", f"{after.get(one, 0):.0f}") for one in counts),
    )


def _coverage(figures: Mapping[str, float], lang: Lang) -> Iterator[Plot | None]:
    by_school, by_subject = text("Coverage by school"), text("Coverage by subject")
    note = text("Frame: all mentees; filled: those with a mentor. The least covered come first.")
    yield _shares(figures, "school", by_school, text("school"), note, lang)
    note = text("A mentee counts in each of their subjects. The least covered come first.")
    yield _shares(figures, "subject", by_subject, text("subject"), note, lang)


def _shares(
    figures: Mapping[str, float], measure: str, title: Text, heading: Text, note: Text, lang: Lang
) -> Plot | None:
    whole, part = parts_of(figures, f"{measure}.mentees"), parts_of(figures, f"{measure}.served")
    if not whole:
        return None
    order = sorted(whole, key=lambda one: (part.get(one, 0) / whole[one], -whole[one], one))
    labels = {one: _SUBJECT_WORDS.get(one, {}).get(lang, one) or say(text("none"), lang) for one in order}
    bars = [
        Bar(
            label=labels[one],
            value=part.get(one, 0),
            whole=whole[one],
            words=say(text("{part} of {whole}", part=f"{part.get(one, 0):.0f}", whole=f"{whole[one]:.0f}"), lang),
        )
        for one in order[:_MOST_BARS]
    ]
    said = say(title, lang)
    return Plot(
        title=said,
        note=say(note, lang),
        drawing=draw_bars(said, [("", bars)]),
        headings=(
            say(heading, lang),
            say(text("mentees"), lang),
            say(text("with a mentor"), lang),
            say(text("share, %"), lang),
        ),
        rows=tuple(
            (labels[one], f"{whole[one]:.0f}", f"{part.get(one, 0):.0f}", f"{100 * part.get(one, 0) / whole[one]:.0f}")
            for one in order
        ),
    )


def parts_of_contours(figures: Mapping[str, float]) -> dict[str, float]:
    """Return the pairs of a run by contour."""
    return {one: figures[f"contour.{one}"] for one in _CONTOUR_WORDS if f"contour.{one}" in figures}


def _places(figures: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the pairs by contour of each municipality, of each school where there is one municipality alone."""
    found: dict[str, dict[str, float]] = {}
    for level in ("municipality", "at"):
        found = {}
        for contour in _CONTOUR_WORDS:
            for place, count in parts_of(figures, f"contour.{level}.{contour}").items():
                found.setdefault(place, {})[contour] = count
        if len(found) > 1:
            break
    return dict(sorted(found.items()))


def _contours(places: Mapping[str, Mapping[str, float]], lang: Lang) -> Plot | None:
    """Return one small panel a place, all on one scale: from how far its mentors come."""
    shown = [one for one in _CONTOUR_WORDS if any(one in part for part in places.values())]
    if not shown:
        return None
    busiest = sorted(places, key=lambda one: -sum(places[one].values()))[:_MOST_PANELS]
    panels = [
        (
            place,
            [
                Bar(label=_CONTOUR_WORDS[one][lang], value=part.get(one, 0), words=f"{part.get(one, 0):.0f}")
                for one in shown
            ],
        )
        for place, part in places.items()
        if place in busiest
    ]
    title = say(text("Contours: where mentors come from"), lang)
    note = text("One panel a place or a run, the largest {count} at most; bars: pairs.", count=_MOST_PANELS)
    return Plot(
        title=title,
        note=say(note, lang),
        drawing=draw_bars(title, panels, num_across=3),
        headings=(say(text("place or run"), lang), *(_CONTOUR_WORDS[one][lang] for one in shown)),
        rows=tuple((place, *(f"{part.get(one, 0):.0f}" for one in shown)) for place, part in places.items()),
    )


def _steps(figures: Mapping[str, float], lang: Lang) -> Plot | None:
    """Return one panel a measure: how it changes from step to step of one run."""
    found: dict[str, dict[str, float]] = {}
    for name, value in figures.items():
        if name.startswith(_STEP):
            measure, _, step = name.removeprefix(_STEP).partition(".")
            if measure in _MEASURES:
                found.setdefault(measure, {})[step] = value
    if not found:
        return None
    steps = list(dict.fromkeys(step for part in found.values() for step in part))
    labels = {step: _CONTOUR_WORDS.get(step, {}).get(lang, step) for step in steps}
    drawn = []
    for measure, part in found.items():
        bars = [
            Bar(label=labels[step], value=max(0.0, part[step]), words=_shown(part[step], lang))
            for step in steps
            if step in part
        ]
        drawn.append((say(_MEASURES[measure], lang), draw_bars(say(_MEASURES[measure], lang), [("", bars)])))
    title = say(text("Step by step"), lang)
    return Plot(
        title=title,
        note="",
        drawing=Markup("").join(Markup("<p>{}</p>{}").format(name, drawing) for name, drawing in drawn),
        headings=(say(text("step"), lang), *(say(_MEASURES[one], lang) for one in found)),
        rows=tuple(
            (labels[step], *(_shown(part[step], lang) if step in part else "–" for part in found.values()))
            for step in steps
        ),
    )


def frontier(rows: Sequence[Row]) -> frozenset[str]:
    """Return the runs that no other beats: as good in every measure that all have, better in one."""
    measures = _common(rows)
    points = {row.run: tuple(BETTER[one] * row.figures[one] for one in measures) for row in rows}
    return frozenset(
        run
        for run, mine in points.items()
        if not any(other != mine and all(a >= b for a, b in zip(other, mine, strict=True)) for other in points.values())
    )


def _common(rows: Sequence[Row]) -> list[str]:
    return [one for one in BETTER if rows and all(one in row.figures for row in rows)]


def _frontier(rows: Sequence[Row], lang: Lang) -> Plot | None:
    """Return coverage against load and against travel; the runs that no other beats are numbered as in the table."""
    measures = _common(rows)
    if len(rows) < 2 or "coverage" not in measures or len(measures) < 2:
        return None
    best = frontier(rows)
    number = {row.run: at for at, row in enumerate(rows, start=1)}
    panels = [
        Scatter(
            across=say(_MEASURES[measure], lang),
            up=say(_MEASURES["coverage"], lang),
            points=_points(rows, measure, best, number),
        )
        for measure in measures
        if measure != "coverage" and not (measure == "load.most" and "load.minutes_most" in measures)
    ]
    title = say(text("Frontier of the sweep"), lang)
    yes, no = say(text("yes"), lang), say(text("no"), lang)
    return Plot(
        title=title,
        note=say(
            text("On the frontier is a run that no other beats: as good in everything, better in something."), lang
        ),
        drawing=draw_scatters(
            title, panels, (say(text("on the frontier"), lang), say(text("another run is better"), lang))
        ),
        headings=(
            say(text("no."), lang),
            say(text("Run"), lang),
            *(say(_MEASURES[one], lang) for one in measures),
            say(text("on the frontier"), lang),
        ),
        rows=tuple(
            (
                str(number[row.run]),
                row.run,
                *(_shown(row.figures[one], lang) for one in measures),
                yes if row.run in best else no,
            )
            for row in rows
        ),
    )


def _points(rows: Sequence[Row], measure: str, best: frozenset[str], number: Mapping[str, int]) -> tuple[Point, ...]:
    """Return one mark a place: runs that fall together share it."""
    places: dict[tuple[float, float], list[Row]] = {}
    for row in rows:
        places.setdefault((row.figures[measure], row.figures["coverage"]), []).append(row)
    return tuple(
        Point(
            x=x,
            y=y,
            is_best=any(row.run in best for row in there),
            words=", ".join(str(number[row.run]) for row in there if row.run in best),
        )
        for (x, y), there in places.items()
    )


def _shown(value: float, lang: Lang) -> str:
    shown = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return shown.replace(".", ",") if lang == "ru" else shown
