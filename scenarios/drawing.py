"""Charts as plain SVG, seen without a network: series differ by pattern and mark, not by colour alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_INK, _GREY, _GRID = "#1b1b1b", "#595959", "#c9c9c9"
# Told apart with any sight of colours, and at least 3:1 against white.
_COLOURS = ("#0072b2", "#d55e00")
_ROW, _LETTERS, _PANEL_GAP, _GROUP_GAP = 22, 13, 14, 8
_CHARACTER = 7.9
_HEAD = 26
_HATCH = Markup(
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#fff"/><rect width="3" height="6" fill="{}"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: its label, its length, the length of the whole it is a part of (0: none), and what is written at it."""

    label: str
    value: float
    whole: float = 0.0
    words: str = ""
    series: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A mark of a scatter: a filled square with its numbers beside it, or an empty circle."""

    x: float
    y: float
    is_best: bool
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """A panel of marks, with what stands on its axes."""

    across: str
    up: str
    points: Sequence[Point]


def draw_bars(
    title: str,
    panels: Sequence[tuple[str, Sequence[Bar]]],
    *,
    num_across: int = 1,
    legend: Sequence[str] = (),
    is_scale_common: bool = True,
) -> Markup:
    """Return panels of horizontal bars, side by side in rows of ``num_across``; a panel without a name has no heading.

    Bars of all panels are on one scale, or with ``is_scale_common`` off each panel on its own: then it is by the words
    at the bars, not by their lengths, that panels are compared.
    """
    width = 760.0 if num_across == 1 else 1110.0 / num_across
    label = min(0.5 * width, _CHARACTER * max((len(bar.label) for _, bars in panels for bar in bars), default=0) + 12)
    words = _CHARACTER * max((len(bar.words) for _, bars in panels for bar in bars), default=0) + 10
    room = width - label - words - 24
    common = _longest([bar for _, bars in panels for bar in bars])
    head = _HEAD if any(name for name, _ in panels) else 2.0
    top, parts = (30.0 if legend else 4.0), [_legend(legend)]
    for first in range(0, len(panels), num_across):
        line = panels[first : first + num_across]
        for at, (name, bars) in enumerate(line):
            scale = room / (common if is_scale_common else _longest(bars))
            parts.append(_heading(name, at * width, top, width))
            for place, bar in enumerate(bars):
                parts.append(_bar(bar, at * width + label, top + head + place * _ROW, scale, int(label / _CHARACTER)))
        gap = _PANEL_GAP if head == _HEAD else _GROUP_GAP
        top += head + _ROW * max(len(bars) for _, bars in line) + gap
    return _svg(title, width * min(num_across, max(1, len(panels))), top, parts)


def _longest(bars: Sequence[Bar]) -> float:
    return max((max(bar.value, bar.whole) for bar in bars), default=0.0) or 1.0


def _heading(name: str, left: float, top: float, width: float) -> Markup:
    if not name:
        return Markup("")
    return _text(left, top + 15, _short(name, int((width - 16) / _CHARACTER)), weight="600", whole=name)


def _bar(bar: Bar, x: float, y: float, scale: float, room: int) -> Markup:
    parts = [_text(x - 6, y + 13, _short(bar.label, room), anchor="end", whole=bar.label)]
    if bar.whole:
        parts.append(_rect(x, y, bar.whole * scale, "none", _GREY))
    parts.append(_rect(x, y, bar.value * scale, _fill(bar.series), _COLOURS[bar.series]))
    parts.append(_text(x + max(bar.value, bar.whole) * scale + 6, y + 13, bar.words))
    return Markup("").join(parts)


def draw_scatters(title: str, panels: Sequence[Scatter], legend: Sequence[str], *, sign: str = ".") -> Markup:
    """Return panels of marks side by side; ``legend`` says what a filled square and, if there are, a circle are.

    ``sign`` is the decimal sign of the numbers at the axes.
    """
    size, left, top = 380.0, 64.0, 66.0
    parts = [_mark(12, 12, is_best=True), _text(24, 16, legend[0])]
    for words in legend[1:]:
        beside = 40 + _CHARACTER * len(legend[0])
        parts += [_mark(beside, 12, is_best=False), _text(beside + 12, 16, words)]
    for at, panel in enumerate(panels):
        x0 = at * (size + left + 60) + left
        (x_low, x_high), (y_low, y_high) = _range([p.x for p in panel.points]), _range([p.y for p in panel.points])
        for value, words in _ticks(y_low, y_high, sign):
            y = top + size - (value - y_low) / (y_high - y_low) * size
            parts += [_line(x0, y, x0 + size, y), _text(x0 - 6, y + 4, words, anchor="end")]
        for value, words in _ticks(x_low, x_high, sign):
            x = x0 + (value - x_low) / (x_high - x_low) * size
            parts += [_line(x, top + size, x, top + size + 5), _text(x, top + size + 20, words, anchor="middle")]
        parts.append(_text(x0 - left + 4, top - 14, panel.up, weight="600"))
        parts.append(_text(x0 + size / 2, top + size + 42, panel.across, anchor="middle", weight="600"))
        for point in sorted(panel.points, key=lambda one: one.is_best):
            x = x0 + (point.x - x_low) / (x_high - x_low) * size
            y = top + size - (point.y - y_low) / (y_high - y_low) * size
            parts.append(_mark(x, y, is_best=point.is_best))
            if point.words:
                parts.append(_text(x + 9, y - 6, point.words, weight="600"))
    return _svg(title, len(panels) * (size + left + 60), top + size + 52, parts)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.08 * (high - low) or 1.0
    return (0.0 if low >= 0 and low - room < 0 else low - room), high + room


def _legend(names: Sequence[str]) -> Markup:
    parts, x = [], 4.0
    for series, name in enumerate(names):
        parts += [_rect(x, 2, 22, _fill(series), _COLOURS[series]), _text(x + 28, 15, name)]
        x += 52 + _CHARACTER * len(name)
    return Markup("").join(parts)


def _svg(title: str, width: float, height: float, parts: Sequence[Markup]) -> Markup:
    body = Markup("").join(parts)
    pattern = _HATCH.format(_COLOURS[1]) if "url(#hatch)" in body else ""
    return Markup(
        '<svg role="img" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}"'
        ' font-family="system-ui, sans-serif" font-size="{size}"><title>{title}</title>{pattern}{body}</svg>'
    ).format(w=width, h=height, size=_LETTERS, title=title, pattern=pattern, body=body)


def _fill(series: int) -> str:
    return _COLOURS[0] if series == 0 else "url(#hatch)"


def _rect(x: float, y: float, width: float, fill: str, edge: str) -> Markup:
    shape = '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="16" fill="{}" stroke="{}"/>'
    return Markup(shape).format(x, y, max(0.0, width), fill, edge)


def _line(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}"/>').format(x1, y1, x2, y2, _GRID)


def _mark(x: float, y: float, *, is_best: bool) -> Markup:
    if is_best:
        return Markup('<rect x="{:.1f}" y="{:.1f}" width="12" height="12" fill="{}"/>').format(
            x - 6, y - 6, _COLOURS[0]
        )
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="#fff" stroke="{}" stroke-width="2"/>').format(
        x, y, _GREY
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "400", whole: str = "") -> Markup:
    """Return words at a place; ``whole`` is shown on pointing where they are cut."""
    hint = Markup("<title>{}</title>").format(whole) if whole and whole != words else Markup("")
    shape = '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-weight="{}" fill="{}">{}{}</text>'
    return Markup(shape).format(x, y, anchor, weight, _INK, escape(words), hint)


def _short(words: str, room: int) -> str:
    return words if len(words) <= room else f"{words[: max(1, room - 1)]}…"


def _ticks(low: float, high: float, sign: str) -> Iterator[tuple[float, str]]:
    """Yield three to eight round numbers between two others, as they are written."""
    raw = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    places = max(0, -math.floor(math.log10(step)))
    for at in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield at * step, f"{at * step:.{places}f}".replace(".", sign)
