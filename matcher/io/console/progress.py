"""The line a running solve shows."""

from __future__ import annotations

from matcher.explain.level_titles import level_title
from matcher.outcome import Progress
from matcher.texts import Text, text


def progress_line(progress: Progress) -> Text:
    """Return stage, level, value, bound and gap of a running solve."""
    level = level_title(progress.level) if progress.level else text("preparing")
    seconds = round(progress.seconds)
    if progress.value is None:
        return text("{level} · {seconds} s", level=level, seconds=seconds)
    value = round(progress.value)
    if progress.bound is None or progress.gap is None:
        return text("{level} · found {value} · {seconds} s", level=level, value=value, seconds=seconds)
    return text(
        "{level} · found {value}, no more than {bound} (gap {gap} %) · {seconds} s",
        level=level,
        value=value,
        bound=round(progress.bound),
        gap=f"{100 * progress.gap:.2f}",
        seconds=seconds,
    )
