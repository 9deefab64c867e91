"""Sheets of the roster about organisations, places, times and papers."""

from __future__ import annotations

from datetime import date, time

from matcher.io import choices
from matcher.io.columns import ColumnType, Sheet, column

_COUNT = (0, 1_000_000)

ORGANISATIONS = Sheet(
    id="organisations",
    ru="Организации",
    en="Organisations",
    note_ru="Школы, детские сады и партнёры. Без этого листа каждая организация с листа «Люди» считается школой "
    "одного и того же муниципалитета.",
    note_en="Schools, kindergartens and partners. Without this sheet every organisation named in People is taken "
    "as a general school of one municipality.",
    key=("id",),
    columns=(
        column(
            "id",
            "Код",
            "Id",
            ColumnType.ID,
            "Короткий код, один раз",
            "A short code, once",
            example="O-1",
            required=True,
        ),
        column("name", "Название", "Name", ColumnType.TEXT, example="Школа № 1", example_en="School No. 1"),
        column("type", "Тип", "Type", ColumnType.ENUM, choices=choices.ORGANISATION_TYPES, example="general_school"),
        column(
            "municipality", "Муниципалитет", "Municipality", ColumnType.TEXT, example="Заречный", example_en="Zarechny"
        ),
        column("region", "Регион", "Region", ColumnType.TEXT, example="Приозёрный край", example_en="Priozyorny Krai"),
        column(
            "time_zone",
            "Часовой пояс",
            "Time zone",
            ColumnType.ENUM,
            choices=choices.TIME_ZONES,
            is_open=True,
            example="Europe/Moscow",
        ),
        column("staff", "Педагогов всего", "Staff", ColumnType.INT, between=_COUNT, example=42),
        column("staff_under_35", "Педагогов до 35 лет", "Staff under 35", ColumnType.INT, between=_COUNT, example=11),
        column(
            "staff_under_35_first_three_years",
            "Педагогов до 35 лет в первые три года работы",
            "Staff under 35 in the first three years",
            ColumnType.INT,
            between=_COUNT,
            example=4,
        ),
        column("pupils", "Учеников всего", "Pupils", ColumnType.INT, between=_COUNT, example=610),
        column(
            "pupils_15_19", "Учеников 15–19 лет", "Pupils aged 15 to 19", ColumnType.INT, between=_COUNT, example=120
        ),
    ),
)
SITES = Sheet(
    id="sites",
    ru="Здания",
    en="Sites",
    note_ru="Здания организаций, если их несколько.",
    note_en="Buildings of the organisations, where there are several.",
    key=("id",),
    columns=(
        column("id", "Код", "Id", ColumnType.ID, example="B-1", required=True),
        column(
            "organisation",
            "Организация",
            "Organisation",
            ColumnType.ID,
            reference="organisations.id",
            required=True,
            example="O-1",
        ),
        column("name", "Название", "Name", ColumnType.TEXT, example="Главное здание", example_en="Main building"),
    ),
)
TRAVEL = Sheet(
    id="travel",
    ru="Дорога",
    en="Travel",
    note_ru="Сколько минут добираться между зданиями; обратно столько же, если не указано иное.",
    note_en="Minutes between two sites; the same back unless given.",
    key=("from_site", "to_site"),
    columns=(
        column(
            "from_site", "Из здания", "From site", ColumnType.ID, reference="sites.id", required=True, example="B-1"
        ),
        column("to_site", "В здание", "To site", ColumnType.ID, reference="sites.id", required=True, example="B-2"),
        column("minutes", "Минут", "Minutes", ColumnType.INT, between=(0, 1440), required=True, example=20),
    ),
)
CLASSES = Sheet(
    id="classes",
    ru="Классы",
    en="Classes",
    note_ru="Нужны, если наставляемые – ученики или целый класс.",
    note_en="Needed where mentees are pupils or a whole class.",
    key=("id",),
    columns=(
        column(
            "id",
            "Код",
            "Id",
            ColumnType.ID,
            "Не повторяется во всём файле, поэтому с кодом школы",
            "Unique in the whole file, so with the code of the school",
            required=True,
            example="O-1-7А",
            example_en="O-1-7A",
        ),
        column(
            "organisation",
            "Организация",
            "Organisation",
            ColumnType.ID,
            reference="organisations.id",
            required=True,
            example="O-1",
        ),
        column("grade", "Параллель", "Grade", ColumnType.INT, between=(1, 12), required=True, example=7),
        column("size", "Учеников", "Size", ColumnType.INT, between=(0, 100), example=26),
        column(
            "class_teacher",
            "Классный руководитель",
            "Class teacher",
            ColumnType.ID,
            reference="people.id",
            example="P-1",
        ),
    ),
)
ROOMS = Sheet(
    id="rooms",
    ru="Кабинеты",
    en="Rooms",
    note_ru="Где можно встречаться.",
    note_en="Where sessions may take place.",
    key=("id",),
    columns=(
        column("id", "Код", "Id", ColumnType.ID, required=True, example="R-1"),
        column("site", "Здание", "Site", ColumnType.ID, reference="sites.id", required=True, example="B-1"),
        column("name", "Название", "Name", ColumnType.TEXT, example="Кабинет 12", example_en="Room 12"),
        column("kind", "Какой кабинет", "Kind", ColumnType.TEXT, example="класс", example_en="class"),
        column("capacity", "Мест", "Capacity", ColumnType.INT, between=(0, 10_000), example=30),
        column("videoconf", "Есть видеосвязь", "Video link", ColumnType.BOOL, example=True),
    ),
)
LICENCES = Sheet(
    id="licences",
    ru="Лицензии",
    en="Licences",
    note_ru="Сколько видеовстреч может идти одновременно.",
    note_en="How many video sessions may run at the same time.",
    key=("id",),
    columns=(
        column("id", "Код", "Id", ColumnType.ID, required=True, example="V-1"),
        column(
            "name", "Название", "Name", ColumnType.TEXT, example="Видеосвязь школы", example_en="Video of the school"
        ),
        column("count", "Сколько", "Count", ColumnType.INT, between=(0, 100_000), example=2),
    ),
)
AVAILABILITY = Sheet(
    id="availability",
    ru="Удобное время",
    en="Availability",
    note_ru="Когда человеку удобно, можно или нельзя встречаться в течение недели.",
    note_en="When in the week a person can meet.",
    key=("person", "weekday", "week", "from", "to"),
    columns=(
        column("person", "Человек", "Person", ColumnType.ID, reference="people.id", required=True, example="P-1"),
        column(
            "weekday", "День недели", "Weekday", ColumnType.ENUM, choices=choices.WEEKDAYS, required=True, example="2"
        ),
        column(
            "week",
            "Неделя",
            "Week",
            ColumnType.ENUM,
            "Пусто – каждая неделя",
            "Empty: every week",
            choices=choices.WEEKS,
        ),
        column("from", "С", "From", ColumnType.TIME, field="start", required=True, example=time(14, 0)),
        column("to", "До", "To", ColumnType.TIME, field="end", required=True, example=time(16, 30)),
        column(
            "state",
            "Можно ли",
            "State",
            ColumnType.ENUM,
            choices=choices.AVAILABILITY_STATES,
            required=True,
            example="preferred",
        ),
    ),
)
ABSENCES = Sheet(
    id="absences",
    ru="Отсутствия",
    en="Absences",
    note_ru="Дни, когда человека нет; оба дня входят. Причину не пишут.",
    note_en="Days on which a person is away, both ends included. No reason is asked.",
    key=("person", "from", "to"),
    columns=(
        column("person", "Человек", "Person", ColumnType.ID, reference="people.id", required=True, example="P-1"),
        column("from", "С", "From", ColumnType.DATE, field="start_day", required=True, example=date(2025, 11, 10)),
        column("to", "По", "To", ColumnType.DATE, field="end_day", required=True, example=date(2025, 11, 14)),
    ),
)
CONSENTS = Sheet(
    id="consents",
    ru="Согласия",
    en="Consents",
    note_ru="Подписанные согласия; каждое – отдельный документ.",
    note_en="Signed consents; each is a separate document.",
    key=("person", "purpose", "date"),
    columns=(
        column("person", "Человек", "Person", ColumnType.ID, reference="people.id", required=True, example="P-1"),
        column(
            "purpose",
            "На что",
            "Purpose",
            ColumnType.ENUM,
            choices=choices.CONSENT_PURPOSES,
            required=True,
            example="mentoring",
        ),
        column("date", "Дата", "Date", ColumnType.DATE, field="day", required=True, example=date(2025, 9, 2)),
        column("expires", "Действует до", "Expires", ColumnType.DATE, example=date(2026, 8, 31)),
    ),
)
CONTRACTS = Sheet(
    id="contracts",
    ru="Договоры",
    en="Contracts",
    note_ru="Договоры организаций с партнёрами.",
    note_en="Contracts of organisations with partners.",
    key=("organisation", "partner", "from", "to"),
    columns=(
        column(
            "organisation",
            "Организация",
            "Organisation",
            ColumnType.ID,
            reference="organisations.id",
            required=True,
            example="O-1",
        ),
        column(
            "partner", "Партнёр", "Partner", ColumnType.ID, reference="organisations.id", required=True, example="O-2"
        ),
        column("from", "С", "From", ColumnType.DATE, field="start_day", example=date(2025, 9, 1)),
        column("to", "По", "To", ColumnType.DATE, field="end_day", example=date(2026, 8, 31)),
    ),
)
