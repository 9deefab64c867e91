"""Plots of the report, each with its table: load, coverage by school and subject, contours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matcher.texts import Lang, Text, say, text
from scenarios.drawing import Bar, draw_bars
from scenarios.frontiers import plot_frontier
from scenarios.plot import Plot
from scenarios.plot_words import CONTOUR_WORDS, SUBJECT_WORDS
from scenarios.rows import Row
from scenarios.run_labels import RunLabel, run_labels
from scenarios.shares import parts_of
from scenarios.step_plots import plot_curve, plot_fair_shares, plot_steps

_MOST_BARS = 30
_MOST_PANELS = 12


def build_plots(rows: Sequence[Row], lang: Lang) -> tuple[Plot, ...]:
    """Return the plots of the runs of a scenario: of one run its parts, of several what sets them apart."""
    done = [row for row in rows if row.error is None]
    if len(rows) == 1 and done:
        figures = done[0].figures
        found = [
            _load(figures, lang),
            *_coverage(figures, lang),
            _contours(_places(figures), lang),
            plot_fair_shares(figures, lang),
            plot_steps(figures, lang),
            plot_curve(figures, lang),
        ]
    else:
        labels = run_labels(rows, lang)
        runs = {row.run: _pairs(row.figures) for row in done}
        found = [plot_frontier(done, labels, lang), _contours(runs, lang, labels)]
    return tuple(plot for plot in found if plot is not None)


def _load(figures: Mapping[str, float], lang: Lang) -> Plot | None:
    """Return how many mentors have how many mentees, before the round and after it."""
    before, after = parts_of(figures, "load.before"), parts_of(figures, "load.after")
    counts = [str(count) for count in range(max((int(one) for one in (*before, *after)), default=-1) + 1)]
    if not counts:
        return None
    names = say(text("after the round"), lang), say(text("before the round"), lang)
    panels = [
        (
            "",
            [
                Bar(label=label, value=part.get(count, 0), words=f"{part.get(count, 0):.0f}", series=series)
                for label, part, series in ((count, after, 0), ("", before, 1))
            ],
        )
        for count in counts
    ]
    title = say(text("Load of mentors before and after"), lang)
    return Plot(
        title=title,
        note=say(text("On the left: mentees of one mentor; bars: how many mentors have so many."), lang),
        drawing=draw_bars(title, panels, legend=names),
        headings=(
            say(text("mentees of one mentor"), lang),
            *(say(text("mentors {when}", when=one), lang) for one in names),
        ),
        rows=tuple((one, f"{after.get(one, 0):.0f}", f"{before.get(one, 0):.0f}") for one in counts),
    )


def _coverage(figures: Mapping[str, float], lang: Lang) -> Iterator[Plot | None]:
    frame = say(text("Frame: all mentees; filled: those with a mentor. The least covered come first."), lang)
    yield _shares(figures, "region", text("Coverage by region"), text("region"), frame, lang)
    yield _shares(figures, "school", text("Coverage by school"), text("school"), frame, lang)
    several = say(text("A mentee counts in each of their subjects."), lang)
    yield _shares(figures, "subject", text("Coverage by subject"), text("subject"), f"{frame} {several}", lang)


def _shares(
    figures: Mapping[str, float], measure: str, title: Text, heading: Text, note: str, lang: Lang
) -> Plot | None:
    whole, part = parts_of(figures, f"{measure}.mentees"), parts_of(figures, f"{measure}.served")
    if not whole:
        return None
    order = sorted(whole, key=lambda one: (part.get(one, 0) / whole[one], -whole[one], one))
    labels = {one: SUBJECT_WORDS.get(one, {}).get(lang, one) or say(text("none"), lang) for one in order}
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
    if len(order) > _MOST_BARS:
        cut = text("Drawn are {shown} of {all}; the table has all.", shown=_MOST_BARS, all=len(order))
        note = f"{note} {say(cut, lang)}"
    return Plot(
        title=said,
        note=note,
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


def _pairs(figures: Mapping[str, float]) -> dict[str, float]:
    """Return the pairs of a run by contour."""
    return {one: figures[f"contour.{one}"] for one in CONTOUR_WORDS if f"contour.{one}" in figures}


def _places(figures: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the pairs by contour of each region, municipality or school: of the widest level with more than one."""
    found: dict[str, dict[str, float]] = {}
    for level in ("region", "municipality", "at"):
        places: dict[str, dict[str, float]] = {}
        for contour in CONTOUR_WORDS:
            for place, count in parts_of(figures, f"contour.{level}.{contour}").items():
                places.setdefault(place, {})[contour] = count
        found = places or found
        if len(found) > 1:
            break
    return dict(sorted(found.items()))


def _contours(
    places: Mapping[str, Mapping[str, float]], lang: Lang, labels: Mapping[str, RunLabel] | None = None
) -> Plot | None:
    """Return one small panel a place, all on one scale: from how far its mentors come.

    Places may be runs instead, which have the numbers of ``labels``.
    """
    used = [one for one in CONTOUR_WORDS if any(one in part for part in places.values())]
    if not used:
        return None
    if labels is None:
        names = {place: place or say(text("not named"), lang) for place in places}
    else:
        names = {run: say(text("run {number}", number=labels[run].number), lang) for run in places}
    busiest = sorted(places, key=lambda one: -sum(places[one].values()))[:_MOST_PANELS]
    panels = [
        (
            names[place],
            [
                Bar(label=CONTOUR_WORDS[one][lang], value=part.get(one, 0), words=f"{part.get(one, 0):.0f}")
                for one in used
            ],
        )
        for place, part in places.items()
        if place in busiest
    ]
    title = say(text("Contours: where mentors come from"), lang)
    note = say(text("Bars: pairs, on one scale."), lang)
    if len(places) > _MOST_PANELS:
        cut = text("Drawn are {shown} of {all}; the table has all.", shown=_MOST_PANELS, all=len(places))
        note = f"{note} {say(cut, lang)}"
    first = text("place") if labels is None else text("Run")
    return Plot(
        title=title,
        note=note,
        drawing=draw_bars(title, panels, num_across=3),
        headings=(say(first, lang), *(CONTOUR_WORDS[one][lang] for one in used)),
        rows=tuple(
            (
                names[place] if labels is None else f"{names[place]}: {labels[place].words}",
                *(f"{part.get(one, 0):.0f}" for one in used),
            )
            for place, part in places.items()
        ),
    )
