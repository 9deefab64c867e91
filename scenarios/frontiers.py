"""The frontier of a sweep: the runs that no other beats in coverage, load and travel, as a plot with its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcher.texts import Lang, say, text
from scenarios.drawing import Point, Scatter, draw_scatters
from scenarios.plot import Plot, decimal_sign, shown
from scenarios.plot_words import MEASURES
from scenarios.rows import Row
from scenarios.run_labels import RunLabel

BETTER: Mapping[str, int] = {"coverage": 1, "load.most": -1, "load.minutes_mean": -1, "travel.pairs": -1}
"""What a frontier is weighed by: 1 where more is better, −1 where less is."""
_UP = "coverage"


def frontier(rows: Sequence[Row]) -> frozenset[str]:
    """Return the runs that no other beats: as good in every measure that all have, better in one."""
    measures = common_measures(rows)
    points = {row.run: tuple(BETTER[one] * row.figures[one] for one in measures) for row in rows}
    return frozenset(
        run
        for run, mine in points.items()
        if not any(other != mine and all(a >= b for a, b in zip(other, mine, strict=True)) for other in points.values())
    )


def common_measures(rows: Sequence[Row]) -> list[str]:
    """Return the measures of a frontier that every run has; minutes say more of load than mentees do."""
    found = [one for one in BETTER if rows and all(one in row.figures for row in rows)]
    return [one for one in found if one != "load.most" or "load.minutes_mean" not in found]


def plot_frontier(rows: Sequence[Row], labels: Mapping[str, RunLabel], lang: Lang) -> Plot | None:
    """Return coverage against load and against travel; runs have the numbers of ``labels``.

    None where there is no sweep, or its runs have nothing to be weighed by.
    """
    measures = common_measures(rows)
    if len(rows) < 2 or _UP not in measures or len(measures) < 2:
        return None
    best = frontier(rows)
    across = [one for one in measures if one != _UP]
    panels = [
        Scatter(
            across=say(MEASURES[measure], lang),
            up=say(MEASURES[_UP], lang),
            points=_points(rows, measure, best, labels),
        )
        for measure in across
    ]
    title, legend = say(text("Frontier of the sweep"), lang), (text("on the frontier"), text("another run is better"))
    return Plot(
        title=title,
        note=say(
            text(
                "On the frontier is a run that no other beats: as good in everything, better in something. "
                "Numbers are those of the table."
            ),
            lang,
        ),
        drawing=draw_scatters(title, panels, (say(legend[0], lang), say(legend[1], lang)), sign=decimal_sign(lang)),
        headings=(
            say(text("no."), lang),
            say(text("Run"), lang),
            *(say(MEASURES[one], lang) for one in measures),
            say(legend[0], lang),
        ),
        rows=tuple(_line(row, measures, labels[row.run], lang, is_best=row.run in best) for row in rows),
    )


def _line(row: Row, measures: Sequence[str], label: RunLabel, lang: Lang, *, is_best: bool) -> tuple[str, ...]:
    verdict = say(text("yes") if is_best else text("no"), lang)
    return str(label.number), label.words, *(shown(row.figures[one], lang) for one in measures), verdict


def _points(
    rows: Sequence[Row], measure: str, best: frozenset[str], labels: Mapping[str, RunLabel]
) -> tuple[Point, ...]:
    """Return one mark a place: runs that fall together share it."""
    places: dict[tuple[float, float], list[Row]] = {}
    for row in rows:
        places.setdefault((row.figures[measure], row.figures[_UP]), []).append(row)
    return tuple(
        Point(
            x=x,
            y=y,
            is_best=any(row.run in best for row in there),
            words=", ".join(str(labels[row.run].number) for row in there if row.run in best),
        )
        for (x, y), there in places.items()
    )
