"""Names of days in five languages, of two weeks and of half days."""

from __future__ import annotations

import pytest

from matcher.io.timetable.day_names import day_words, is_weekday, read_days

LANGUAGES = {
    "ru": "Понедельник Вторник Среда Четверг Пятница Суббота Воскресенье",
    "ru short": "Пн Вт Ср Чт Пт Сб Вс",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "en short": "Mon Tue Wed Thu Fri Sat Sun",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "es": "Lunes Martes Miércoles Jueves Viernes Sábado Domingo",
    "ro": "Luni Marți Miercuri Joi Vineri Sâmbătă Duminică",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_weekdays(language: str) -> None:
    assert [day_words(name).weekday for name in LANGUAGES[language].split()] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("name", "week", "weekday", "is_afternoon"),
    [
        ("А-Понедельник", 0, 1, None),
        ("В-Суббота", 1, 6, None),
        ("Б Вторник", 1, 2, None),
        ("A Monday", 0, 1, None),
        ("Friday (B)", 1, 5, None),
        ("Montag gerade Woche", 1, 1, None),
        ("Числитель, среда", 0, 3, None),
        ("чётная неделя пт", 1, 5, None),
        ("Понедельник 2", 1, 1, None),
        ("Понедельник утро", None, 1, False),
        ("Вторник после обеда", None, 2, True),
        ("Вторник до обеда", None, 2, False),
        ("Lunes mañana", None, 1, False),
        ("Joi după-amiază", None, 4, True),
        ("A Tuesday PM", 0, 2, True),
        ("Day 3", None, None, None),
    ],
)
def test_words_of_a_name(name: str, week: int | None, weekday: int | None, is_afternoon: bool | None) -> None:
    words = day_words(name)
    assert (words.week, words.weekday, words.is_afternoon) == (week, weekday, is_afternoon)


def test_the_same_five_names_twice_are_weeks_a_and_b() -> None:
    names = [f"{day} ({at})" for at in ("первая", "вторая") for day in ("пн", "вт")]
    assert [(day.week, day.weekday) for day in read_days(names)] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    twins = ["Mon.", "Tue.", "Mon", "Tue"]
    assert [(day.week, day.weekday) for day in read_days(twins)] == [(0, 1), (0, 2), (1, 1), (1, 2)]


def test_half_days_by_name_or_by_the_word_of_the_file() -> None:
    named = read_days(["Mon AM", "Mon PM", "Tue AM", "Tue PM"])
    assert [(day.weekday, day.is_afternoon) for day in named] == [(1, False), (1, True), (2, False), (2, True)]
    told = read_days(["Mon 1", "Mon 2", "Tue 1", "Tue 2"], is_by_halves=True)
    assert [(day.week, day.weekday, day.is_afternoon) for day in told] == [
        (None, 1, False),
        (None, 1, True),
        (None, 2, False),
        (None, 2, True),
    ]


@pytest.mark.parametrize("word", ["Математика", "5А", "Орлова А. И.", "Суббо", "12", ""])
def test_other_words_are_no_days(word: str) -> None:
    assert not is_weekday(word)
