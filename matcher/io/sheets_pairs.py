"""Sheets of the roster about what people need and about pairs: requests, deficits, wishes, locks."""

from __future__ import annotations

from datetime import date

from matcher.io import choices
from matcher.io.columns import ColumnType, Sheet, column

_MENTEE = ("mentees.person", "mentees.class")
_SIDE = ("people.id", "classes.id")

REQUESTS = Sheet(
    id="requests",
    ru="Запросы",
    en="Requests",
    note_ru="С чем нужна помощь; 1 – самое важное.",
    note_en="What help is asked for; 1 is the most urgent.",
    key=("mentee", "topic", "subject"),
    columns=(
        column("mentee", "Наставляемый", "Mentee", ColumnType.ID, reference=_MENTEE, required=True, example="P-2"),
        column(
            "topic",
            "Вопрос",
            "Topic",
            ColumnType.ENUM,
            choices=choices.TOPICS,
            required=True,
            example="subject_content",
        ),
        column(
            "subject",
            "Предмет",
            "Subject",
            ColumnType.ENUM,
            choices=choices.SUBJECTS,
            is_open=True,
            example="mathematics",
        ),
        column("priority", "Важность (1–3)", "Priority (1–3)", ColumnType.INT, between=(1, 3), example=1),
    ),
)
DEFICITS = Sheet(
    id="deficits",
    ru="Дефициты",
    en="Deficits",
    note_ru="Что показала диагностика: уровень сейчас и уровень, к которому идём.",
    note_en="What the diagnostics showed: the level now and the level wanted.",
    key=("mentee", "competence"),
    columns=(
        column("mentee", "Наставляемый", "Mentee", ColumnType.ID, reference=_MENTEE, required=True, example="P-2"),
        column(
            "competence",
            "Компетенции",
            "Competence",
            ColumnType.ENUM,
            choices=choices.BLOCKS,
            required=True,
            example="digital",
        ),
        column("level", "Уровень (0–4)", "Level (0–4)", ColumnType.INT, between=(0, 4), required=True, example=1),
        column("target", "Нужный уровень (0–4)", "Target (0–4)", ColumnType.INT, between=(0, 4), example=3),
        column(
            "source",
            "Чем измерено",
            "Source",
            ColumnType.TEXT,
            example="диагностика в сентябре",
            example_en="diagnostics in September",
        ),
        column("date", "Дата", "Date", ColumnType.DATE, field="day", example=date(2025, 9, 15)),
    ),
)
WISHES = Sheet(
    id="wishes",
    ru="Пожелания",
    en="Wishes",
    note_ru="Насколько один хочет работать с другим: 0–10. Отказ не объясняют. Видят только автор и куратор.",
    note_en="How much one wants the other: 0–10. A veto needs no reason. Seen by the author and the curator only.",
    key=("from", "to"),
    columns=(
        column(
            "from", "Кто", "From", ColumnType.ID, field="from_person", reference=_SIDE, required=True, example="P-2"
        ),
        column("to", "О ком", "To", ColumnType.ID, field="to_person", reference=_SIDE, required=True, example="P-1"),
        column("score", "Оценка (0–10)", "Score (0–10)", ColumnType.FLOAT, between=(0, 10), example=8),
        column("veto", "Отказ", "Veto", ColumnType.BOOL, example=False),
    ),
)
COMPATIBILITY = Sheet(
    id="compatibility",
    ru="Совместимость",
    en="Compatibility",
    note_ru="Оценки психолога и анкеты: от −2 до +2.",
    note_en="Marks of the psychologist and the questionnaire: −2 to +2.",
    key=("mentor", "mentee"),
    columns=(
        column(
            "mentor", "Наставник", "Mentor", ColumnType.ID, reference="mentors.person", required=True, example="P-1"
        ),
        column("mentee", "Наставляемый", "Mentee", ColumnType.ID, reference=_MENTEE, required=True, example="P-2"),
        column("psychologist", "Психолог (−2…+2)", "Psychologist (−2…+2)", ColumnType.INT, between=(-2, 2), example=1),
        column(
            "recommendation",
            "Рекомендация психолога",
            "Recommendation",
            ColumnType.ENUM,
            choices=choices.RECOMMENDATIONS,
            example="recommended",
        ),
        column("questionnaire", "Анкета (−2…+2)", "Questionnaire (−2…+2)", ColumnType.INT, between=(-2, 2), example=1),
        column("override_reason", "Почему всё же можно", "Reason to override", ColumnType.TEXT),
        column("note", "Примечание", "Note", ColumnType.TEXT),
    ),
)
OVERRIDES = Sheet(
    id="overrides",
    ru="Исключения",
    en="Overrides",
    note_ru="Куратор снимает одно правило для пары или одного человека и объясняет почему.",
    note_en="The curator lifts one rule for a pair or one side, and says why.",
    key=("rule", "mentor", "mentee"),
    columns=(
        column("rule", "Правило", "Rule", ColumnType.TEXT, required=True, example="HR-11"),
        column("mentor", "Наставник", "Mentor", ColumnType.ID, reference="mentors.person", example="P-1"),
        column("mentee", "Наставляемый", "Mentee", ColumnType.ID, reference=_MENTEE, example="P-2"),
        column(
            "reason",
            "Почему",
            "Reason",
            ColumnType.TEXT,
            required=True,
            example="Решение педагогического совета",
            example_en="Decision of the council",
        ),
        column("by", "Кто решил", "By", ColumnType.TEXT, example="куратор", example_en="curator"),
    ),
)
LOCKS = Sheet(
    id="locks",
    ru="Закрепления",
    en="Locks",
    note_ru="Пары, которые остаются (уже работают или согласованы) либо запрещены.",
    note_en="Pairs that stay (running or agreed) or are forbidden.",
    key=("mentor", "mentee", "form", "kind", "status"),
    columns=(
        column(
            "mentor", "Наставник", "Mentor", ColumnType.ID, reference="mentors.person", required=True, example="P-1"
        ),
        column("mentee", "Наставляемый", "Mentee", ColumnType.ID, reference=_MENTEE, required=True, example="P-2"),
        column("form", "Форма", "Form", ColumnType.ENUM, choices=choices.FORMS, example="teacher_teacher"),
        column("kind", "Вид", "Kind", ColumnType.ENUM, choices=choices.KINDS, example="traditional"),
        column("status", "Состояние", "Status", ColumnType.ENUM, choices=choices.LOCK_STATUSES, example="active"),
        column("since", "С какого дня", "Since", ColumnType.DATE, example=date(2025, 10, 1)),
        column("hours_per_month", "Часов в месяц", "Hours a month", ColumnType.FLOAT, between=(0, 200), example=4),
    ),
)
