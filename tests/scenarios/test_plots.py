"""Plots: drawings say what their tables say, in two languages, and can be told apart without colours."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from matcher.texts import Lang
from scenarios import drawing
from scenarios.compute import compute_run
from scenarios.drawing import Bar, Point, Scatter, draw_bars, draw_scatters
from scenarios.frontiers import frontier
from scenarios.outcome import Outcome
from scenarios.plot import Plot
from scenarios.plot_words import step_words
from scenarios.plots import build_plots
from scenarios.reading import read_scenario
from scenarios.report import write_report
from scenarios.rows import DueRow, Row
from scenarios.run_labels import run_labels
from scenarios.runs import expand
from scenarios.store import Store, kept_files
from tests.scenarios.cases import made
from tests.scenarios.test_store import ROW, RUN

PARTS = {
    "load.before/0": 3.0,
    "load.after/0": 1.0,
    "load.after/2": 2.0,
    "school.mentees/Лицей": 4.0,
    "school.served/Лицей": 1.0,
    "school.mentees/<b>": 2.0,
    "school.served/<b>": 2.0,
    "subject.mentees/physics": 2.0,
    "subject.mentees/": 1.0,
    "subject.served/physics": 1.0,
    "contour.municipality.organisation/Север": 3.0,
    "contour.municipality.municipality/Юг": 2.0,
}
STEPS = {
    "step.coverage.organisation": 40.0,
    "step.coverage.region": 92.5,
    "step.broken.locked": 0.0,
    "step.broken.weighed 10": 2.0,
    "step.lacks.locked": 900.0,
    "step.lacks.weighed 10": 500.0,
    "step.gained.region": 5.0,
}
CAP = "policy.load.max_individual_mentees"
SHARES = {"school.share/Лицей": 3.0, "school.without/Лицей": 5.0, "school.first/Лицей": 3.0}


def run_of(name: str, coverage: float, minutes: float, travel: float, cap: int) -> Row:
    figures = {"coverage": coverage, "load.most": 2.0, "load.minutes_mean": minutes, "travel.pairs": travel}
    return Row(run=name, scenario="s", digest="", axes={CAP: cap}, figures={**figures, "contour.region": 3.0})


SWEEP = [
    run_of("a", 90.0, 100.0, 5.0, 1),
    run_of("b", 90.0, 120.0, 5.0, 2),
    run_of("c", 80.0, 60.0, 9.0, 3),
    replace(run_of("d", 0.0, 0.0, 0.0, 4), error="no memory"),
]


def plots(lang: Lang, **figures: float) -> dict[str, Plot]:
    row = Row(run="r", scenario="s", digest="", figures=figures)
    return {plot.title: plot for plot in build_plots([row], lang)}


def tree(plot: Plot) -> ElementTree.Element:
    return ElementTree.fromstring(str(plot.drawing))


def words(plot: Plot) -> list[str]:
    return [one.text or "" for one in tree(plot).iter("text")]


def widths(plot: Plot) -> list[float]:
    """Return the lengths of the bars, without legend and pattern."""
    return [float(one.get("width", 0)) for one in tree(plot).findall("rect")]


def test_bars_are_as_long_as_their_figures() -> None:
    bars = [Bar(label="a", value=1, whole=4, words="1"), Bar(label="b", value=2, words="2")]
    (whole, one, two) = (
        float(rect.get("width", 0)) for rect in ElementTree.fromstring(draw_bars("t", [("", bars)])).iter("rect")
    )
    assert one * 2 == pytest.approx(two, abs=0.2)
    assert one * 4 == pytest.approx(whole, abs=0.2)


def test_panels_share_a_scale_unless_each_has_its_own() -> None:
    panels = [("a", [Bar(label="", value=1)]), ("b", [Bar(label="", value=10)])]
    common, own = (
        [
            float(rect.get("width", 0))
            for rect in ElementTree.fromstring(draw_bars("t", panels, is_scale_common=c)).iter("rect")
        ]
        for c in (True, False)
    )
    assert common[0] * 10 == pytest.approx(common[1], abs=1)
    assert own[0] == own[1]


def test_no_drawing_is_left_by_its_words() -> None:
    long = "Средняя общеобразовательная школа с углублённым изучением отдельных предметов"
    plot = ElementTree.fromstring(draw_bars("t", [(long, [Bar(label=long, value=3, words="3 из 3")])], num_across=3))
    shown = [str(one.text) for one in plot.iter("text")]
    assert all(len(one) * 7 < float(plot.get("width", 0)) for one in shown)
    assert [one.text for one in plot.iter("title")].count(long) == 2, "the whole name is shown on pointing"


def test_marks_stand_where_their_figures_are() -> None:
    points = [Point(x=0, y=0, is_best=True), Point(x=10, y=5, is_best=False), Point(x=5, y=5, is_best=False)]
    plot = ElementTree.fromstring(draw_scatters("t", [Scatter(across="x", up="y", points=points)], ("best", "other")))
    circles = [(float(one.get("cx", 0)), float(one.get("cy", 0))) for one in plot.iter("circle")][1:]
    square = [(float(one.get("x", 0)) + 6, float(one.get("y", 0)) + 6) for one in plot.iter("rect")][1]
    by_x = sorted([square, *circles])
    assert by_x[1][0] * 2 == pytest.approx(by_x[0][0] + by_x[2][0], abs=0.3)
    assert square[1] > circles[0][1] == circles[1][1]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (91.5, 93.5), (218.0, 564.0), (0.0, 0.03), (-5.0, 5.0)])
def test_axes_have_a_few_different_round_numbers(low: float, high: float) -> None:
    ticks = list(drawing._ticks(low, high, ","))
    assert 3 <= len(ticks) <= 11
    assert len({told for _, told in ticks}) == len(ticks)
    assert all(low <= value <= high + 1e-9 for value, _ in ticks)
    assert all(float(told.replace(",", ".")) == pytest.approx(value) for value, told in ticks)


def test_colours_stand_out_and_series_differ_without_them() -> None:
    for colour in (*drawing._COLOURS, drawing._GREY):
        assert contrast(colour) >= 3, "WCAG 1.4.11"
    assert contrast(drawing._INK) >= 4.5, "WCAG 1.4.3"
    plot = plots("ru", **PARTS)["Нагрузка наставников до и после"]
    assert {one.get("fill") for one in tree(plot).findall("rect")} == {drawing._COLOURS[0], "url(#hatch)"}


def contrast(colour: str) -> float:
    """Return the contrast against white by WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_load_before_and_after() -> None:
    plot = plots("en", **PARTS)["Load of mentors before and after"]
    assert plot.rows == (("0", "1", "3"), ("1", "0", "0"), ("2", "2", "0"))
    assert {"after the round", "before the round"} <= set(words(plot))


def test_the_least_covered_come_first_and_names_are_escaped() -> None:
    plot = plots("ru", **PARTS)["Охват по школам"]
    assert plot.rows == (("Лицей", "4", "1", "25"), ("<b>", "2", "2", "100"))
    assert "<b>" not in plot.drawing
    whole, part, *_ = widths(plot)
    assert part * 4 == pytest.approx(whole, abs=0.3)


@pytest.mark.parametrize(("lang", "shown"), [("ru", {"Физика", "нет"}), ("en", {"Physics", "none"})])
def test_subjects_are_said_in_the_language_of_the_reader(lang: Lang, shown: set[str]) -> None:
    title = {"ru": "Охват по предметам", "en": "Coverage by subject"}[lang]
    assert shown <= set(words(plots(lang, **PARTS)[title]))


def test_contours_are_small_multiples() -> None:
    plot = plots("ru", **PARTS)["Контуры: откуда наставники"]
    assert plot.rows == (("Север", "3", "0"), ("Юг", "0", "2"))
    assert {"Север", "Юг", "своя организация", "свой муниципалитет"} <= set(words(plot))


def test_nothing_is_drawn_of_nothing() -> None:
    assert plots("ru") == {}
    assert build_plots([SWEEP[3]], "ru") == ()


def test_steps_curve_and_fair_shares() -> None:
    found = plots("en", **STEPS, **SHARES)
    steps = found["Step by step"]
    assert ("region", "92.5", "5", "–", "–") in steps.rows
    assert {"own organisation", "92.5"} <= set(words(steps))
    curve = found["The curve from the smallest change to the best pairs"]
    assert curve.rows == (
        ("1", "pairs that can go on stay", "0", "900"),
        ("2", "keeping a pair weighs 10", "2", "500"),
    )
    assert found["Fair shares of schools"].rows == (("Лицей", "3", "5", "3"),)


def test_no_english_is_left_in_russian_plots() -> None:
    for plot in (*plots("ru", **PARTS, **STEPS, **SHARES).values(), *build_plots(SWEEP, "ru")):
        told = (plot.title, plot.note, *plot.headings, *words(plot), *(cell for row in plot.rows for cell in row))
        assert [one for one in told if re.search("[a-z]{3}", one)] == []


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("region", "регион"),
        ("0", "без новых наставников"),
        ("1 physics Школа № 5", "1. Физика, Школа № 5"),
        ("2 any Школа № 5", "2. любой предмет, Школа № 5"),
        ("missing 40", "нет 40 % данных"),
        ("weighed in gold", "weighed in gold"),
    ],
)
def test_steps_are_called_in_words(step: str, told: str) -> None:
    assert step_words(step, "ru") == told


def test_the_frontier_has_what_no_other_beats() -> None:
    assert frontier(SWEEP[:3]) == {"a", "c"}
    assert frontier(SWEEP[:1]) == {"a"}
    twin = replace(SWEEP[0], run="twin")
    assert frontier([*SWEEP[:3], twin]) == {"a", "c", "twin"}


def test_a_sweep_is_drawn_with_the_numbers_of_its_table() -> None:
    found = {plot.title: plot for plot in build_plots(SWEEP, "en")}
    plot = found["Frontier of the sweep"]
    assert [(row[0], row[1], row[-1]) for row in plot.rows] == [
        ("1", "mentees at most 1", "yes"),
        ("2", "mentees at most 2", "no"),
        ("3", "mentees at most 3", "yes"),
    ]
    assert {"1", "3"} <= set(words(plot))
    assert "Contours: where mentors come from" in found


def test_runs_are_called_by_what_sets_them_apart() -> None:
    rows = [
        replace(SWEEP[0], axes={CAP: cap, "seed": 1, "roster": {"size": size}})
        for cap in (1, 2)
        for size in ("a" * 30, "b")
    ]
    rows = [replace(row, run=str(number)) for number, row in enumerate(rows)]
    told = [label.words for label in run_labels(rows, "en").values()]
    assert told[:2] == ["mentees at most 1, roster № 1", 'mentees at most 1, roster {"size": "b"}']
    assert run_labels(rows[:1], "en")["0"].words == "0"


def test_parts_add_up_to_their_whole(tmp_path: Path) -> None:
    scenario = made(tmp_path)
    figures = compute_run(expand(scenario)[0], scenario.files).row.figures

    def total(prefix: str) -> float:
        return sum(value for name, value in figures.items() if name.startswith(prefix))

    assert total("school.mentees/") == figures["mentees"]
    assert total("school.served/") == figures["served"]
    assert total("contour.municipality.") == total("contour.at.") == figures["pairs"]
    assert total("load.before/") == total("load.after/") == figures["mentors"]
    assert figures.get("load.after/0", 0) == figures["mentors"] - figures["mentors_used"]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_page_shows_plots_dates_and_kept_files(tmp_path: Path, lang: Lang) -> None:
    due = DueRow(
        id="x",
        title="Мониторинг",
        title_en="Monitoring",
        level="organisation",
        clause="roadmap 5",
        first_day="2026-09-01",
        day="2026-10-20",
        state="overdue",
        count=9,
    )
    row = replace(ROW, scenario="kalmykia", figures=PARTS, due=(due,))
    Store(tmp_path).keep(RUN, Outcome(row=row, files={"indicators.xlsx": b"x"}))
    write_report([read_scenario("kalmykia")], [row], {}, tmp_path / "report.html", lang)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    (kept,) = kept_files(tmp_path, row.run)
    assert (tmp_path / kept).read_bytes() == b"x"
    assert f'href="{quote(kept)}"' in page
    assert page.count("<svg") == page.count("<figure") == len(build_plots([row], lang))
    assert page.count("<figcaption") == page.count("<svg")
    assert "20.10.2026" in page
    assert {"ru": "дорожная карта, п. 5", "en": "roadmap, item 5"}[lang] in page
    assert "http" not in page
