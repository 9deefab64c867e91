"""What the name of a day in a cycle means: day of the week, week A or B, half of the day.

Names in Russian, English, German, Spanish and Romanian are known, full and abbreviated.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.io.timetable.school import CycleDay

_WEEKDAYS = (
    "понедельник пон пнд пн по monday mon mo montag lunes lun lu luni",
    "вторник втр вт tuesday tues tue tu dienstag die di martes mar ma marti",
    "среда сре срд ср wednesday wed we mittwoch mit mi miercoles mie miercuri",
    "четверг чет чтв чт че thursday thurs thu thur th donnerstag don do jueves jue ju joi jo",
    "пятница пят птн пт пя friday fri fr freitag fre viernes vie vi vineri vin",
    "суббота суб сбт сб су saturday sat sa samstag sam sonnabend sabado sab sambata",
    "воскресенье вос вск вс sunday sun su sonntag son so domingo dom duminica dum du",
)
_WEEKDAY = {word: at for at, words in enumerate(_WEEKDAYS, start=1) for word in words.split()}
_WEEKDAY_STEMS = {word: at for word, at in _WEEKDAY.items() if len(word) >= 6}
_WEEK_WORDS = (
    "a а i 1 1я первая нечет нечетная нечетный верхняя числитель odd impar impara first ungerade",
    "b в б ii 2 2я вторая чет четная четный нижняя знаменатель even par para second gerade",
)
_WEEK = {word: at for at, words in enumerate(_WEEK_WORDS) for word in words.split()}
_WEEK_AHEAD = frozenset(re.split(" ", "неделя нед week wk woche semana sem saptamana"))
_MORNING = frozenset(re.split(" ", "утро утром утра утренняя morning am vormittag manana dimineata"))
_AFTERNOON = frozenset(
    re.split(" ", "днем вечер вечером обеда пополудни afternoon evening pm nachmittag abend tarde amiaza seara masa")
)
_WORDS = re.compile(r"[^\W\d_]+|\d+я?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWords:
    """What the words of one name tell; None where they do not tell it."""

    week: int | None = None
    weekday: int | None = None
    is_afternoon: bool | None = None


def day_words(name: str) -> DayWords:
    """Return what the words of a name tell.

    >>> day_words("А-Понедельник")
    DayWords(week=0, weekday=1, is_afternoon=None)
    >>> day_words("Miércoles tarde")
    DayWords(week=None, weekday=3, is_afternoon=True)
    """
    words = _WORDS.findall(_plain(name))
    weekday = next((found for word in words if (found := _weekday(word)) is not None), None)
    rest = [word for word in words if _weekday(word) is None]
    is_afternoon: bool | None = None
    if any(word in _MORNING for word in rest) or ("до" in rest and "обеда" in rest):
        is_afternoon = False
    elif any(word in _AFTERNOON for word in rest):
        is_afternoon = True
    marks = [word for word in rest if word not in _WEEK_AHEAD]
    week = next((_WEEK[word] for word in marks if word in _WEEK), None)
    return DayWords(week=week, weekday=weekday, is_afternoon=is_afternoon)


def is_weekday(name: str) -> bool:
    """Return whether a name is that of a day: it tells the day of the week, and is short."""
    return len(name) <= 40 and day_words(name).weekday is not None


def read_days(names: Sequence[str], *, is_by_halves: bool = False) -> tuple[CycleDay, ...]:
    """Return the days of a cycle; what a name does not tell is taken from its place among the others.

    Parameters
    ----------
    names
        In the order of the cycle.
    is_by_halves
        Whether the file says that each two days of its cycle are morning and afternoon of one.
    """
    words = [day_words(name) for name in names]
    if is_by_halves and all(word.is_afternoon is None for word in words):
        # "Monday 1" and "Monday 2" are then halves, no weeks.
        is_numbered = all(word.week in (None, at % 2) for at, word in enumerate(words))
        words = [
            replace(word, is_afternoon=at % 2 == 1, week=None if is_numbered else word.week)
            for at, word in enumerate(words)
        ]
    words = _weeks_of_twins(words)
    return tuple(
        CycleDay(name=name, week=word.week, weekday=word.weekday, is_afternoon=bool(word.is_afternoon))
        for name, word in zip(names, words, strict=True)
    )


def _weeks_of_twins(words: list[DayWords]) -> list[DayWords]:
    """Give two days of the same name and no week of their own the weeks A and B, in their order."""
    if any(word.week is not None for word in words):
        return words
    times = Counter(words)
    if set(times.values()) != {2} or any(word.weekday is None for word in words):
        return words
    seen: Counter[DayWords] = Counter()
    found = []
    for word in words:
        found.append(replace(word, week=seen[word]))
        seen[word] += 1
    return found


def _weekday(word: str) -> int | None:
    if word in _WEEKDAY:
        return _WEEKDAY[word]
    # Other cases and plurals: "понедельника", "среду", "Montags", "Mondays".
    return next(
        (at for stem, at in _WEEKDAY_STEMS.items() if word[:6] == stem[:6] and len(word) <= len(stem) + 2), None
    )


def _plain(name: str) -> str:
    """Return a name in small letters without accents; the Russian й keeps its own."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    parts = ("й" if letter == "й" else unicodedata.normalize("NFD", letter)[0] for letter in folded)
    return "".join(parts)
