"""Make the Word templates of the papers of a round: `python tools/make_document_templates.py`.

The templates are kept in the package, and schools may change copies of them in Word; this script makes the first ones.
"""

# ruff: noqa: E501 (the words of papers stand in whole sentences)
from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from word_templates import Sheet

FOLDER = Path(__file__).parent.parent / "service" / "documents" / "templates"
LINE = "______________________________"
DAY = "«____» ______________ 20___ г."
LONG = LINE + LINE


def or_line(name: str, line: str = LINE) -> str:
    """Return a field, a line to write on where it is empty."""
    return f'{{{{ {name} or "{line}" }}}}'


def head_of(house: str) -> tuple[str, str]:
    """Return position and short name of the head of an organisation."""
    return or_line(f"{house}.head_position", "Руководитель"), or_line(f"{house}.head.short", "______________________")


def order_top(sheet: Sheet, house: str, number: str, day: str, about: str) -> None:
    """Write the beginning of an order."""
    sheet.head(f"{{{{ {house}.name }}}}", after=10)
    sheet.head("ПРИКАЗ", size=14, after=8)
    sheet.apart(or_line(day, DAY), f"№ {or_line(number, '________')}")
    sheet.tag(f"if {house}.city")
    sheet.line(f"{{{{ {house}.city }}}}", side="left")
    sheet.tag("endif")
    sheet.line(about, side="left", bold=True, after=8)


def read_by(sheet: Sheet, loop: str, name: str) -> None:
    """Write the list of those who sign that they have read an order."""
    sheet.part("С приказом ознакомлены:")
    sheet.table(("Фамилия, имя, отчество", "Подпись", "Дата"), loop, (name, "", ""), (9, 4, 4))


def d01() -> Sheet:
    """The implementing act."""
    sheet = Sheet("Распорядительный акт о внедрении системы наставничества", numbered=True)
    order_top(sheet, "house", "number", "day", "О внедрении системы (целевой модели) наставничества")
    sheet.body(
        "1. Основания. В соответствии с Федеральным законом от 29.12.2012 № 273-ФЗ «Об образовании в Российской "
        "Федерации», статьёй 351.8 Трудового кодекса Российской Федерации и документом «{{ regulation }}» в целях "
        "создания условий для профессионального роста педагогов и развития обучающихся"
    )
    sheet.line("ПРИКАЗЫВАЮ:", side="left", bold=True)
    sheet.body(
        "Внедрить систему (целевую модель) наставничества на период "
        + f"с {or_line('first_day', '___.___.______')} по {or_line('last_day', '___.___.______')}."
    )
    sheet.part("2. Сроки внедрения")
    sheet.tag("if stages")
    sheet.table(
        ("№", "Мероприятие", "Срок", "Ответственный"),
        "s in stages",
        ("{{ s.number }}", "{{ s.title }}", "{{ s.when }}", "{{ s.responsible }}"),
        (1, 8.5, 4, 3.5),
    )
    sheet.tag("else")
    sheet.body(f"Мероприятия и сроки — по дорожной карте, утверждаемой до {DAY}")
    sheet.tag("endif")
    sheet.part("3. Ответственные и материально-техническое обеспечение")
    sheet.body(
        "{% if house.curator.accusative %}Назначить куратором наставничества {{ house.curator.accusative }}"
        "{% if house.curator_position %} ({{ house.curator_position }}){% endif %}."
        "{% else %}Куратор наставничества: {{ house.curator.name or '" + LINE + "' }}"
        "{% if house.curator_position %}, {{ house.curator_position }}{% endif %}.{% endif %}"
    )
    sheet.body(
        "Куратору: формировать и обновлять реестры наставников и наставляемых; организовать обучение наставников; "
        "обеспечить подбор пар (групп), разработку программ и контроль их выполнения; вести мониторинг и отчётность."
    )
    sheet.tag("if members")
    sheet.body("Утвердить состав совета ({{ council }}):")
    sheet.table(("№", "Фамилия, имя, отчество", "Обязанность в совете"), "m in members",
                ("{{ m.number }}", "{{ m.name }}", "{{ m.duty }}"), (1, 9, 7))  # fmt: skip
    sheet.tag("endif")
    sheet.body(
        "Для встреч предоставить помещения организации, доску объявлений и средства видео-конференц-связи; "
        f"другие ресурсы: {LINE}."
    )
    sheet.part("4. Содержание и сроки мониторинга")
    sheet.tag("if monitoring")
    sheet.table(
        ("Мероприятие мониторинга и отчётности", "Срок"),
        "m in monitoring",
        ("{{ m.title }}", "{{ m.when }}"),
        (11, 6),
    )
    sheet.tag("else")
    sheet.body(f"Мониторинг хода и результатов программ проводить не реже одного раза в год, до {DAY}")
    sheet.tag("endif")
    sheet.part("5. Планируемые результаты")
    sheet.tag("if results")
    sheet.table(
        ("Код", "Показатель", "План"),
        "r in results",
        ("{{ r.id }}", "{{ r.title }}", "{{ r.value or '—' }}"),
        (2, 12, 3),
    )
    sheet.tag("else")
    sheet.body("Показатели представляются по запросу муниципального органа управления образованием.")
    sheet.tag("endif")
    sheet.body("6. Контроль за исполнением приказа оставляю за собой.")
    sheet.sign(*head_of("house"))
    return sheet


def d03() -> Sheet:
    """The roadmap."""
    sheet = Sheet("Дорожная карта", wide=True, numbered=True, size=11)
    sheet.line("УТВЕРЖДАЮ", side="right", after=0)
    sheet.line(or_line("house.head_position", "Руководитель"), side="right", after=0)
    sheet.line(f"____________________ {or_line('house.head.short', '__________________')}", side="right", after=0)
    sheet.line(DAY, side="right", after=8)
    sheet.head("{{ house.name }}")
    sheet.head("ДОРОЖНАЯ КАРТА (ПЛАН МЕРОПРИЯТИЙ)", size=14)
    sheet.head("{{ title }}", after=8)
    sheet.line(
        "Основание: {{ regulation }}.{% if first_day and last_day %} Срок: {{ first_day }} – {{ last_day }}.{% endif %}"
    )
    sheet.tag("if difficulties")
    sheet.line("Выявленные затруднения: {{ difficulties }}")
    sheet.tag("endif")
    sheet.tag("for stage in stages")
    sheet.part("{{ stage.title }}")
    sheet.table(
        ("№", "Мероприятие", "Срок", "Ответственный", "Ресурсы", "Результат", "Отметка"),
        "i in stage.items",
        (
            "{{ i.number }}",
            "{{ i.title }}",
            "{{ i.when }}",
            "{{ i.responsible }}",
            "{{ i.resources }}",
            "{{ i.result }}",
            "{{ i.done_day }}",
        ),
        (1, 8, 4, 4, 3.5, 4, 2.2),
    )
    sheet.tag("endfor")
    sheet.tag("if not stages")
    sheet.line("Мероприятия дорожной карты ещё не внесены.", italic=True)
    sheet.tag("endif")
    sheet.tag("if dates")
    sheet.part("Сроки, установленные положением")
    sheet.table(("Мероприятие", "Срок"), "d in dates", ("{{ d.title }}", "{{ d.when }}"), (18, 8))
    sheet.tag("endif")
    sheet.tag("if review")
    sheet.line("Итоги выполнения: {{ review }}")
    sheet.tag("endif")
    sheet.sign("Куратор", or_line("house.curator.short", "______________________"))
    return sheet


def d04() -> Sheet:
    """The order fixing pairs."""
    sheet = Sheet("Приказ о закреплении наставнических пар")
    sheet.each("o in orders")
    order_top(sheet, "o.house", "o.number", "o.day", "О закреплении наставнических пар (групп)")
    sheet.body(
        "В соответствии со статьёй 351.8 Трудового кодекса Российской Федерации и документом «{{ regulation }}»"
        "{% if council %}, на основании решения совета наставников от "
        "{{ council_day or '«____» ____________ 20___ г.' }} № {{ council_minutes or '______' }}{% endif %} "
        "и с письменного согласия участников"
    )
    sheet.line("ПРИКАЗЫВАЮ:", side="left", bold=True)
    term = f"с {or_line('first_day', '___.___.______')} по {or_line('last_day', '___.___.______')}"
    sheet.tag("if o.pairs")
    sheet.line(f"{{{{ o.points.pairs }}}}. Закрепить на срок {term} наставнические пары:")
    sheet.table(
        ("№", "Наставник", "Должность", "Наставляемый", "Форма", "Вид"),
        "p in o.pairs",
        ("{{ p.number }}", "{{ p.mentor }}", "{{ p.position }}", "{{ p.mentee }}", "{{ p.form }}", "{{ p.kind }}"),
        (0.9, 3.75, 2.7, 3.75, 2.4, 3.5),
    )
    sheet.tag("endif")
    sheet.tag("if o.groups")
    sheet.line(f"{{{{ o.points.groups }}}}. Закрепить на срок {term} группы наставляемых:")
    sheet.table(
        ("№", "Наставник", "Группа", "Наставляемые", "Тема"),
        "g in o.groups",
        ("{{ g.number }}", "{{ g.mentor }}", "{{ g.id }}", "{{ g.members }}", "{{ g.theme }}"),
        (0.9, 4, 2, 6.3, 3.8),
    )
    sheet.tag("endif")
    sheet.tag("if o.num_sessions")
    sheet.line("{{ o.points.schedule }}. Утвердить график встреч ({{ o.num_sessions }}) согласно приложению.")
    sheet.tag("endif")
    sheet.line(
        "{{ o.points.programme }}. Наставникам совместно с наставляемыми разработать персонализированные программы "
        f"наставничества и представить их куратору до {DAY}"
    )
    sheet.line(
        "{{ o.points.curator }}. {% if o.house.curator.accusative %}Ответственным за реализацию программ "
        "наставничества назначить {{ o.house.curator.accusative }}{% if o.house.curator_position %} "
        "({{ o.house.curator_position }}){% endif %}.{% else %}Ответственный за реализацию программ наставничества "
        "(куратор): {{ o.house.curator.name or '" + LINE + "' }}.{% endif %}"
    )
    sheet.line("{{ o.points.control }}. Контроль за исполнением приказа оставляю за собой.")
    sheet.sign(*head_of("o.house"))
    sheet.line()
    read_by(sheet, "name in o.people", "{{ name }}")
    sheet.tag("endfor")
    return sheet


def to_head(sheet: Sheet, house: str, person: str) -> None:
    """Write whom a paper is for and from whom it is, in the right corner; without cases where they are not sure."""
    sheet.line("Руководителю организации", side="left", left=8.5, after=0)
    sheet.line(f"{{{{ {house}.name }}}}", side="left", left=8.5, after=0)
    sheet.line(or_line(f"{house}.head.dative"), side="left", left=8.5, after=0)
    words = f"{{% if {person}.name.genitive %}}от {{{{ {person}.name.genitive }}}}"
    words += f"{{% else %}}Заявитель: {{{{ {person}.name.name }}}}{{% endif %}}"
    sheet.line(words, side="left", left=8.5, after=0)
    sheet.line(f"{{{{ {person}.position }}}}", side="left", left=8.5, after=14)


def d05() -> Sheet:
    """The consent to duties."""
    sheet = Sheet("Согласие на выполнение работы по наставничеству")
    sheet.each("p in papers")
    to_head(sheet, "p.house", "p.person")
    sheet.head("СОГЛАСИЕ", size=14, after=0)
    sheet.head(
        "{% if p.role == 'mentor' %}на выполнение работы по наставничеству{% else %}на участие в программе "
        "наставничества{% endif %}",
        after=8,
    )
    sheet.body(
        "Я, {{ p.person.name.name }}{% if p.person.position %}, {{ p.person.position }}{% endif %}, в соответствии "
        "{% if p.role == 'mentor' %}со статьёй 351.8 Трудового кодекса Российской Федерации и {% else %}с {% endif %}"
        "документом «{{ regulation }}» добровольно даю согласие "
        "{% if p.role == 'mentor' %}на выполнение работы по наставничеству (обязанностей наставника)"
        "{% else %}на участие в программе наставничества в качестве наставляемого{% endif %} на следующих условиях."
    )
    sheet.part("1. Содержание, форма и срок")
    sheet.table(
        ("{% if p.role == 'mentor' %}Наставляемый{% else %}Наставник{% endif %}", "Содержание", "Форма и вид", "Срок"),
        "d in p.duties",
        (
            "{{ d.other.name.name }}",
            "{{ d.content or '______________________' }}",
            "{{ d.form }}; {{ d.kind }}{% if d.mode %}; {{ d.mode }}{% endif %}{% if d.hours %}; часов по графику: "
            "{{ d.hours }}{% endif %}",
            "с {{ d.first_day or '___.___.____' }} по {{ d.last_day or '___.___.____' }}",
        ),
        (4, 5.5, 4.5, 3),
    )
    sheet.tag("if p.role == 'mentor'")
    sheet.part("2. Оплата")
    sheet.body(
        "Размер и условия выплаты за наставничество: {{ p.payment or 'устанавливаются трудовым договором "
        "(дополнительным соглашением к нему) в соответствии с локальным нормативным актом работодателя' }}."
    )
    sheet.part("3. Досрочное прекращение")
    sheet.body(
        "Мне разъяснено, что я имею право досрочно отказаться от выполнения работы по наставничеству, а работодатель — "
        "досрочно отменить поручение о ней, предупредив об этом другую сторону не позднее чем за три рабочих дня."
    )
    sheet.tag("else")
    sheet.body("Мне разъяснено, что участие добровольное и я имею право отказаться от него в любое время.")
    sheet.tag("endif")
    sheet.sign(DAY, "{{ p.person.name.short }}")
    sheet.tag("endfor")
    return sheet


def d06() -> Sheet:
    """The consent to the use of personal data."""
    sheet = Sheet("Согласие на обработку персональных данных", size=11)
    sheet.each("p in papers")
    sheet.head("СОГЛАСИЕ", size=13, after=0)
    sheet.head("на обработку персональных данных", after=8)
    document = (
        f"зарегистрирован{{}} по адресу: {LONG}, документ, удостоверяющий личность: {LINE} серия ________ "
        f"№ ______________, выдан {LINE} ___.___.______"
    )
    sheet.tag("if p.person.is_minor")
    sheet.body(
        f"Я, {or_line('p.person.representative.name', LINE)}, {document.format('(а)')}, законный представитель "
        "{% if p.person.name.genitive %}несовершеннолетнего лица — {{ p.person.name.genitive }}"
        "{% else %}несовершеннолетнего лица: {{ p.person.name.name }}{% endif %}"
        "{% if p.person.born %} (дата рождения {{ p.person.born }}){% endif %}, действуя на основании "
        f"{LINE} (реквизиты документа о полномочиях),",
        side="left",
    )
    sheet.tag("else")
    sheet.body(
        "Я, {{ p.person.name.name }}, зарегистрирован{% if p.person.name.gender == 'femn' %}а"
        "{% elif not p.person.name.gender %}(а){% endif %} " + document.partition("} ")[2] + ",",
        side="left",
    )
    sheet.tag("endif")
    sheet.line(
        "в соответствии со статьёй 9 Федерального закона от 27.07.2006 № 152-ФЗ «О персональных данных» свободно, своей "
        "волей и в своём интересе даю согласие оператору — {{ p.house.name }}, адрес: "
        f"{or_line('p.house.address')}{{% if p.house.registration %}}, {{{{ p.house.registration }}}}{{% endif %}}, — на "
        "обработку {% if p.person.is_minor %}персональных данных представляемого лица{% else %}моих персональных "
        "данных{% endif %} на следующих условиях."
    )
    for words in (
        "1. Цель: подбор наставнических пар (групп), составление и ведение программ наставничества, расписания "
        "встреч и отчётности по наставничеству.",
        "2. Перечень данных: фамилия, имя, отчество; дата рождения; место работы (учёбы), должность (класс); "
        "преподаваемые (изучаемые) предметы, образование, стаж, квалификационная категория; запросы и затруднения, "
        "по которым нужна помощь; расписание и занятость; телефон и адрес электронной почты; ответы на анкеты, "
        "результаты программы. Сведения о здоровье не обрабатываются.",
        "3. Действия: сбор, запись, систематизация, накопление, хранение, уточнение (обновление, изменение), "
        "извлечение, использование, предоставление куратору, второй стороне пары и её организации в объёме, нужном "
        "для совместной работы, блокирование, удаление, уничтожение; обработка смешанная.",
        "4. Согласие действует {% if p.last_day %}до {{ p.last_day }} (окончание программы){% else %}до окончания "
        "программы наставничества{% endif %} или до его отзыва.",
        "5. Согласие можно отозвать в любое время письменным заявлением оператору; тогда обработка прекращается, а "
        "данные уничтожаются в срок не более тридцати дней, кроме случаев, когда закон обязывает хранить их дольше.",
        "6. Настоящее согласие не разрешает распространять данные (публиковать их на сайте): на это даётся отдельное "
        "согласие.",
    ):
        sheet.body(words)
    sheet.sign(
        DAY, "{% if p.person.is_minor %}{{ p.person.representative.short or '______________________' }}{% else %}"
        "{{ p.person.name.short }}{% endif %}",
    )  # fmt: skip
    sheet.tag("endfor")
    return sheet


def d07() -> Sheet:
    """The agreement of a pair."""
    sheet = Sheet("Соглашение о наставничестве")
    sheet.each("p in papers")
    sheet.head("СОГЛАШЕНИЕ О НАСТАВНИЧЕСТВЕ", size=14, after=8)
    sheet.apart(or_line("p.house.city", "____________________"), DAY, after=8)
    sheet.facts(
        (
            ("Организация", "{{ p.house.name }}"),
            (
                "Наставник",
                "{{ p.pair.mentor.name.name }}{% if p.pair.mentor.position %}, {{ p.pair.mentor.position }}{% endif %}",
            ),
            (
                "Наставляемый",
                "{{ p.pair.mentee.name.name }}{% if p.pair.mentee.position %}, {{ p.pair.mentee.position }}{% endif %}"
                "{% if p.pair.mentee.school_class %}, {{ p.pair.mentee.school_class }}{% endif %}",
            ),
            (
                "Законный представитель",
                "{% if p.pair.mentee.is_minor %}{{ p.pair.mentee.representative.name or '" + LINE + "' }}"
                "{% else %}не требуется: наставляемый совершеннолетний{% endif %}",
            ),
        )
    )
    sheet.body(
        "Стороны, действуя добровольно и на основании документа «{{ regulation }}», заключили соглашение о нижеследующем."
    )
    sheet.part("1. Предмет и цели")
    sheet.body(
        "Стороны участвуют в программе наставничества в форме «{{ p.pair.form }}», вид: {{ p.pair.kind }}"
        "{% if p.pair.topics %}, по вопросам: {{ p.pair.topics | join(', ') }}{% endif %}."
    )
    sheet.tag("if p.goals")
    sheet.tag("for goal in p.goals")
    sheet.line("— {{ goal }}", left=1.25)
    sheet.tag("endfor")
    sheet.tag("else")
    sheet.body(f"Цели: {LONG}")
    sheet.tag("endif")
    sheet.part("2. Срок")
    sheet.body(
        "Соглашение действует с {{ p.pair.first_day or '___.___.______' }} по {{ p.pair.last_day or '___.___.______' }}."
        " Каждая сторона вправе прекратить участие досрочно, сообщив об этом куратору; объяснять причину не требуется."
    )
    sheet.part("3. Стороны обязуются")
    for words in (
        "Наставник: помогать в достижении целей программы, проводить встречи по согласованному графику, уважать "
        "личность и время наставляемого, не разглашать ставшие известными личные сведения, сообщать куратору о "
        "трудностях.",
        "Наставляемый: участвовать во встречах, выполнять согласованные задания, сообщать наставнику и куратору о "
        "трудностях и изменениях в графике.",
    ):
        sheet.body(words)
    sheet.tag("if p.pair.mentee.is_minor")
    sheet.body(
        "Законный представитель согласен с участием несовершеннолетнего в программе, ознакомлен с её целями и графиком "
        "встреч. Встречи проходят в организации в часы её работы или дистанционно."
    )
    sheet.tag("endif")
    sheet.part("4. Подписи")
    sheet.sign("Наставник", "{{ p.pair.mentor.name.short }}")
    sheet.tag("if p.pair.mentor.is_minor")
    sheet.sign(
        "Законный представитель наставника", or_line("p.pair.mentor.representative.short", "______________________")
    )
    sheet.tag("endif")
    sheet.sign("Наставляемый", "{{ p.pair.mentee.name.short }}")
    sheet.tag("if p.pair.mentee.is_minor")
    sheet.sign(
        "Законный представитель наставляемого", or_line("p.pair.mentee.representative.short", "______________________")
    )
    sheet.tag("endif")
    sheet.sign("Куратор", or_line("p.house.curator.short", "______________________"))
    sheet.tag("endfor")
    return sheet


def bulleted(sheet: Sheet, title: str, values: str) -> None:
    """Write a heading and a list under it, lines to write on where it is empty."""
    sheet.part(title)
    sheet.tag(f"for one in {values}")
    sheet.line("— {{ one }}", left=0.6)
    sheet.tag("endfor")
    sheet.tag(f"if not {values}")
    sheet.line(LONG)
    sheet.tag("endif")


def paragraph(sheet: Sheet, title: str, value: str) -> None:
    """Write a heading and the words under it, a line to write on where there are none."""
    sheet.part(title)
    sheet.line(or_line(value, LONG))


def meetings_table(sheet: Sheet) -> None:
    """Write the table of meetings."""
    sheet.table(
        ("№", "Дата", "День", "Время", "Режим", "Место", "Цель"),
        "m in p.meetings",
        (
            "{{ m.number }}",
            "{{ m.day }}",
            "{{ m.weekday }}",
            "{{ m.time }}",
            "{{ m.mode }}",
            "{{ m.place }}",
            "{{ m.goal }}",
        ),
        (0.9, 2.5, 1.5, 2.7, 3, 2.6, 3.8),
    )


def d08() -> Sheet:
    """The personalised programme."""
    sheet = Sheet("Персонализированная программа наставничества", numbered=True)
    sheet.each("p in papers")
    sheet.line("УТВЕРЖДАЮ", side="right", after=0)
    sheet.line(or_line("p.house.head_position", "Руководитель"), side="right", after=0)
    sheet.line(f"____________________ {or_line('p.house.head.short', '__________________')}", side="right", after=0)
    sheet.line(DAY, side="right", after=10)
    sheet.head("{{ p.house.name }}", after=8)
    sheet.head("ПЕРСОНАЛИЗИРОВАННАЯ ПРОГРАММА НАСТАВНИЧЕСТВА", size=14, after=2)
    sheet.tag("if p.pair.mentee.name.genitive")
    sheet.head("для {{ p.pair.mentee.name.genitive }}", after=8)
    sheet.tag("endif")
    sheet.facts(
        (
            (
                "Наставник",
                "{{ p.pair.mentor.name.name }}{% if p.pair.mentor.position %}, {{ p.pair.mentor.position }}{% endif %}",
            ),
            (
                "Наставляемый",
                "{{ p.pair.mentee.name.name }}{% if p.pair.mentee.position %}, {{ p.pair.mentee.position }}{% endif %}"
                "{% if p.pair.mentee.school_class %}, {{ p.pair.mentee.school_class }}{% endif %}",
            ),
            ("Форма", "{{ p.pair.form }}{% if p.pair.model %}; ролевая модель: {{ p.pair.model }}{% endif %}"),
            ("Вид", "{{ p.pair.kind }}"),
            ("Срок", "с {{ p.first_day or '___.___.______' }} по {{ p.last_day or '___.___.______' }}"),
            ("Режим работы", "{{ p.mode or '______________________' }}"),
        ),
        left=4,
    )
    sheet.head("Пояснительная записка")
    sheet.tag("if p.has_all_blocks")
    paragraph(sheet, "Актуальность", "p.relevance")
    sheet.tag("endif")
    paragraph(sheet, "Проблема, на решение которой направлена программа", "p.problem")
    bulleted(sheet, "Цели", "p.goals")
    bulleted(sheet, "Задачи", "p.tasks")
    paragraph(sheet, "Содержание деятельности наставника", "p.mentor_content")
    paragraph(sheet, "Содержание деятельности наставляемого", "p.mentee_content")
    sheet.tag("if p.has_all_blocks")
    paragraph(sheet, "Целевая аудитория", "p.target_audience")
    paragraph(sheet, "Требования к наставнику", "p.mentor_requirements")
    sheet.tag("endif")
    sheet.tag("if p.work_plan")
    paragraph(sheet, "Порядок работы", "p.work_plan")
    sheet.tag("endif")
    bulleted(sheet, "Промежуточные результаты", "p.interim_results")
    bulleted(sheet, "Планируемые результаты", "p.planned_results")
    sheet.tag("if p.has_all_blocks")
    paragraph(sheet, "Как измеряются результаты", "p.result_measures")
    sheet.tag("endif")
    paragraph(sheet, "Условия", "p.conditions")
    sheet.head("План мероприятий")
    sheet.tag("for d in p.directions")
    sheet.part("Направление: {{ d.title }}")
    sheet.table(
        ("№", "Мероприятие", "Вид работы", "Срок", "Результат"),
        "a in d.activities",
        ("{{ a.number }}", "{{ a.title }}", "{{ a.type }}", "{{ a.day }}", "{{ a.result }}"),
        (0.9, 6.5, 3.6, 2.4, 3.6),
    )
    sheet.tag("endfor")
    sheet.tag("if not p.directions")
    sheet.line("Мероприятия ещё не внесены.", italic=True)
    sheet.tag("endif")
    sheet.head("График встреч")
    sheet.tag("if p.meetings")
    meetings_table(sheet)
    sheet.tag("else")
    sheet.line("Даты встреч ещё не назначены.", italic=True)
    sheet.tag("endif")
    sheet.sign("Наставник", "{{ p.pair.mentor.name.short }}")
    sheet.sign("Наставляемый", "{{ p.pair.mentee.name.short }}")
    sheet.tag("if p.pair.mentee.is_minor")
    sheet.sign("Законный представитель", or_line("p.pair.mentee.representative.short", "______________________"))
    sheet.tag("endif")
    sheet.sign("Куратор", or_line("p.house.curator.short", "______________________"))
    sheet.tag("endfor")
    return sheet


def d09() -> Sheet:
    """The schedule of meetings."""
    sheet = Sheet("График встреч наставнической пары")
    sheet.each("p in papers")
    sheet.head("{{ p.house.name }}", after=8)
    sheet.head("ГРАФИК ВСТРЕЧ", size=14, after=8)
    sheet.line("Наставник: {{ p.pair.mentor.name.name }}", side="left", after=0)
    sheet.line("Наставляемый: {{ p.pair.mentee.name.name }}", side="left", after=0)
    sheet.line("Форма: {{ p.pair.form }}; вид: {{ p.pair.kind }}", side="left", after=0)
    sheet.line(
        "Срок: с {{ p.pair.first_day or '___.___.______' }} по {{ p.pair.last_day or '___.___.______' }}"
        "{% if p.hours %}; всего часов: {{ p.hours }}{% endif %}",
        side="left",
        after=8,
    )
    sheet.tag("if p.meetings")
    meetings_table(sheet)
    sheet.tag("else")
    sheet.line("Встречи ещё не назначены.", italic=True)
    sheet.tag("endif")
    sheet.sign("Наставник", "{{ p.pair.mentor.name.short }}")
    sheet.sign("Наставляемый", "{{ p.pair.mentee.name.short }}")
    sheet.sign("Куратор", or_line("p.house.curator.short", "______________________"))
    sheet.tag("endfor")
    return sheet


def d10() -> Sheet:
    """The questionnaires."""
    sheet = Sheet("Анкеты участников наставничества")
    sheet.each("p in papers")
    sheet.head("{{ p.house.name }}", after=6)
    sheet.head("{{ p.title | upper }}", size=14, after=6)
    sheet.line(
        "Заполняет: {{ p.person.name.name if p.person else p.sides + ', ' + '" + LINE + "' }}", side="left", after=0
    )
    sheet.line("Когда: {{ p.moments }}. Дата: ___.___.______", side="left", after=6)
    sheet.line(
        "На вопросы со шкалой ответьте числом от 0 (совсем нет) до 10 (полностью): обведите его. Ответы видит только "
        "куратор.",
        italic=True,
    )
    sheet.tag("for q in p.questions")
    sheet.line("{{ q.number }}. {{ q.words }}", keep=True, after=2)
    sheet.tag("if q.type == 'scale'")
    sheet.line("0     1     2     3     4     5     6     7     8     9     10", side="centre", after=8)
    sheet.tag("elif q.type == 'choice'")
    sheet.line("{{ q.choices }}", side="left", left=0.6, after=8)
    sheet.tag("else")
    sheet.line(LONG + LONG[:12] + "\n" + LONG + LONG[:12], side="left", after=8)
    sheet.tag("endif")
    sheet.tag("endfor")
    sheet.line("Спасибо!", side="centre")
    sheet.tag("endfor")
    return sheet


def d11() -> Sheet:
    """The quarterly report."""
    sheet = Sheet("Ежеквартальный отчёт наставника")
    sheet.each("p in papers")
    sheet.head("{{ p.house.name }}", after=6)
    sheet.head("ОТЧЁТ НАСТАВНИКА", size=14, after=0)
    sheet.head("{{ p.quarter }}", after=8)
    sheet.facts(
        (
            ("Наставник", "{{ p.pair.mentor.name.name }}"),
            ("Наставляемый", "{{ p.pair.mentee.name.name }}"),
            ("Форма и вид", "{{ p.pair.form }}; {{ p.pair.kind }}"),
            ("Проведено встреч", "{{ p.meetings_held or '________' }}"),
            ("Представить до", "{{ p.due_day or '___.___.______' }}"),
        )
    )
    paragraph(sheet, "Что сделано", "p.done")
    paragraph(sheet, "Трудности", "p.difficulties")
    paragraph(sheet, "Что изменить в программе, плане, заданиях", "p.changes")
    sheet.part("Оценка наставляемого наставником (0–10)")
    sheet.facts(
        (
            ("Культура проектной работы", "{{ p.project_culture or '____' }}"),
            ("Посещение кружков, секций, занятий", "{{ p.attendance or '____' }}"),
            ("Успешные проекты", "{{ p.successful_projects or '____' }}"),
            ("Активность (портфолио)", "{{ p.activity or '____' }}"),
        ),
        left=9,
    )
    sheet.tag("if p.remark")
    sheet.line("Замечание куратора: {{ p.remark }}")
    sheet.tag("endif")
    sheet.sign("Наставник", "{{ p.pair.mentor.name.short }}")
    sheet.sign(
        "{% if p.is_checked %}Проверено куратором{% else %}Проверил куратор{% endif %}",
        or_line("p.house.curator.short", "______________________"),
    )
    sheet.tag("endfor")
    return sheet


def d12() -> Sheet:
    """The report of the year, with three signatures."""
    sheet = Sheet("Итоговый отчёт наставнической пары")
    sheet.each("p in papers")
    sheet.head("{{ p.house.name }}", after=6)
    sheet.head("ИТОГОВЫЙ ОТЧЁТ НАСТАВНИЧЕСКОЙ ПАРЫ", size=14, after=8)
    sheet.facts(
        (
            ("Наставник", "{{ p.pair.mentor.name.name }}"),
            ("Наставляемый", "{{ p.pair.mentee.name.name }}"),
            ("Форма и вид", "{{ p.pair.form }}; {{ p.pair.kind }}"),
            ("Срок", "{{ p.pair.first_day or '___.___.______' }} – {{ p.pair.last_day or '___.___.______' }}"),
            ("Встреч по графику / проведено", "{{ p.num_meetings }} / {{ p.num_held }}"),
            ("План выполнен", "{{ p.plan_reached or '________' }}"),
            ("Общая оценка (0–10)", "{{ p.rating or '________' }}"),
        )
    )
    bulleted(sheet, "Цели программы", "p.goals")
    paragraph(sheet, "1. Ход программы", "p.process")
    paragraph(sheet, "2. Продвижение наставляемого", "p.mentee_progress")
    paragraph(sheet, "3. Работа наставника", "p.mentor_work")
    sheet.tag("if p.spheres")
    sheet.part("Успешность по сферам (0–10)")
    sheet.table(
        ("Сфера", "В начале", "В конце"), "s in p.spheres", ("{{ s.title }}", "{{ s.start }}", "{{ s.end }}"), (9, 4, 4)
    )
    sheet.tag("endif")
    sheet.tag("if p.risks")
    sheet.line("Риски: {{ p.risks }}")
    sheet.tag("endif")
    sheet.line("Дата: " + or_line("p.day", DAY), side="left")
    sheet.sign("Куратор", or_line("p.house.curator.short", "______________________"))
    sheet.sign("Наставник", "{{ p.pair.mentor.name.short }}")
    sheet.sign("Наставляемый", "{{ p.pair.mentee.name.short }}")
    sheet.tag("endfor")
    return sheet


def numbers(sheet: Sheet, title: str, values: str) -> None:
    """Write a table of counted things."""
    sheet.tag(f"if {values}")
    sheet.table((title, "Количество"), f"n in {values}", ("{{ n.title }}", "{{ n.count }}"), (13, 4))
    sheet.tag("endif")


def d13() -> Sheet:
    """The final analytical report."""
    sheet = Sheet("Итоговый аналитический отчёт куратора", numbered=True)
    sheet.head("{{ house.name }}", after=6)
    sheet.head("ИТОГОВЫЙ АНАЛИТИЧЕСКИЙ ОТЧЁТ", size=14, after=0)
    sheet.head("о реализации системы наставничества в {{ school_year }} учебном году", after=8)
    sheet.body("Раунд: {{ round }}. Основание: {{ regulation }}. Данные на {{ day }}")
    sheet.part("1. Участники и программы")
    numbers(sheet, "Показатель", "numbers")
    numbers(sheet, "Форма наставничества", "forms")
    numbers(sheet, "Вид наставничества", "kinds")
    numbers(sheet, "Причина завершения", "ends")
    sheet.tag("if results")
    sheet.body("{{ results }}")
    sheet.tag("endif")
    sheet.part("2. Показатели")
    sheet.tag("if figures")
    sheet.table(
        ("№", "Показатель", "План", "Факт", "Оценка"),
        "f in figures",
        (
            "{{ f.id }}",
            "{{ f.title }}{% if f.missing %} (не внесено: {{ f.missing }}){% endif %}",
            "{{ f.plan or '—' }}",
            "{{ f.value }}",
            "{{ f.is_met }}",
        ),
        (1.5, 8.7, 1.9, 2.4, 2.5),
    )
    sheet.tag("endif")
    sheet.tag("if conclusions")
    sheet.body("{{ conclusions }}")
    sheet.tag("endif")
    sheet.part("3. Риски и меры")
    sheet.tag("if risks")
    sheet.table(
        ("Риск", "В чём проявился", "Меры"),
        "r in risks",
        ("{{ r.title }}", "{{ r.signs }}", "{{ r.measures }}"),
        (4, 8, 5),
    )
    sheet.tag("else")
    sheet.line("Признаков риска не выявлено.")
    sheet.tag("endif")
    sheet.tag("if risk_words")
    sheet.body("{{ risk_words }}")
    sheet.tag("endif")
    sheet.part("4. Сильные и слабые стороны, возможности и угрозы")
    sheet.facts(
        tuple(
            (title, or_line(name, "__________________________________________"))
            for title, name in (
                ("Сильные стороны", "strengths"),
                ("Слабые стороны", "weaknesses"),
                ("Возможности", "opportunities"),
                ("Угрозы", "threats"),
            )
        ),
        left=4.5,
    )
    sheet.part("5. Выводы и план на следующий год")
    sheet.tag("if advice")
    sheet.line("{{ advice }}")
    sheet.tag("endif")
    sheet.tag("for one in plans")
    sheet.line("— {{ one }}", left=0.6)
    sheet.tag("endfor")
    sheet.line(or_line("plan_next_year", LONG + LONG[:12]))
    sheet.sign("Куратор", or_line("house.curator.short", "______________________"))
    return sheet


def register(sheet: Sheet, title: str, values: str, heads: tuple[str, ...], widths: tuple[float, ...]) -> None:
    """Write one register."""
    sheet.part(title)
    sheet.tag(f"if {values}")
    cells = ("{{ r.number }}", *(f"{{{{ r.cells[{number}] }}}}" for number in range(len(heads))))
    sheet.table(("№", *heads), f"r in {values}", cells, (0.9, *widths))
    sheet.tag("else")
    sheet.line("Записей нет.", italic=True)
    sheet.tag("endif")


def d14() -> Sheet:
    """The registers."""
    sheet = Sheet("Реестры наставничества", wide=True, numbered=True, size=10)
    sheet.head("{{ house.name }}")
    sheet.head("РЕЕСТРЫ СИСТЕМЫ НАСТАВНИЧЕСТВА", size=14, after=0)
    sheet.head("на {{ day }}", after=6)
    register(
        sheet,
        "1. Реестр наставников",
        "mentors",
        ("Фамилия, имя, отчество", "Организация", "Должность", "Формы", "Вопросы", "Статус", "Обучен", "Пар сейчас / всего завершено"),
        (4.2, 4, 2.8, 3.2, 4.8, 2.2, 2.2, 2.4),
    )  # fmt: skip
    register(
        sheet,
        "2. Реестр наставляемых",
        "mentees",
        ("Фамилия, имя, отчество", "Организация", "Должность", "Категория", "Запросы", "Наставников сейчас / пар завершено"),
        (4.5, 4.5, 3, 5, 6, 3),
    )  # fmt: skip
    register(
        sheet,
        "3. Реестр партнёров",
        "partners",
        ("Наименование", "Тип", "Контакт", "Договор", "Состояние"),
        (7, 4, 5, 5, 4),
    )
    register(
        sheet,
        "4. Реестр программ",
        "programmes",
        ("Наставник", "Наставляемый", "Форма", "Вид", "Срок", "Состояние", "Полный цикл"),
        (5, 5, 3.6, 4, 4.2, 2.8, 1.8),
    )
    register(
        sheet,
        "5. Реестр лучших практик",
        "practices",
        ("Название", "Форма", "Организация", "Проблема", "Состояние"),
        (6, 4, 5, 8, 3),
    )
    sheet.sign("Куратор", or_line("house.curator.short", "______________________"))
    return sheet


def d15() -> Sheet:
    """The statistical sheet."""
    sheet = Sheet("Сведения об участниках наставничества", wide=True, size=11)
    sheet.head("{{ house.name }}")
    sheet.head("СВЕДЕНИЯ ОБ УЧАСТНИКАХ ПРОГРАММ НАСТАВНИЧЕСТВА", size=14, after=0)
    sheet.head("{{ school_year }} учебный год, по формам и возрасту (человек)", after=6)
    sheet.line("Основание: {{ regulation }}. Данные на {{ day }}")
    sheet.tag("for part in parts")
    sheet.part("{{ part.organisation }}")
    ages = tuple(f"{{{{ ages[{number}] }}}}" for number in range(6))
    sheet.table(
        ("Форма", "Сторона", "Кто", *ages, "Всего"),
        "r in part.rows",
        (
            "{{ r.form }}",
            "{{ r.side }}",
            "{{ r.kind }}",
            *(f"{{{{ r.ages[{number}] }}}}" for number in range(6)),
            "{{ r.total }}",
        ),
        (4.4, 3, 4, 2, 2, 2, 2, 2.2, 2.2, 1.8),
    )
    sheet.line("Всего по организации: {{ part.total }}", side="left")
    sheet.tag("endfor")
    sheet.tag("if not parts")
    sheet.line("Участников в этом учебном году нет.", italic=True)
    sheet.tag("endif")
    sheet.line("Человек, участвующий в двух формах или на двух сторонах, учтён в каждой из них.", italic=True, size=9)
    sheet.sign("Куратор", or_line("house.curator.short", "______________________"))
    return sheet


def d16() -> Sheet:
    """The section on mentoring of the site."""
    sheet = Sheet("Раздел сайта «Наставничество»", numbered=True)
    sheet.head("{{ house.name }}")
    sheet.head("РАЗДЕЛ САЙТА «НАСТАВНИЧЕСТВО»", size=14, after=0)
    sheet.head("данные на {{ day }}", after=8)
    sheet.tag("for b in blocks")
    sheet.part("{{ b.number }}. {{ b.title }}")
    sheet.tag("if b.intro")
    sheet.line("{{ b.intro }}")
    sheet.tag("endif")
    sheet.tag("for piece in b.pieces")
    sheet.line("{{ piece.title }}", bold=True, side="left", after=0, keep=True)
    sheet.tag("for one in piece.lines")
    sheet.line("{{ one }}", left=0.6, after=2)
    sheet.tag("endfor")
    sheet.tag("if piece.link")
    sheet.line("{{ piece.link }}", left=0.6, side="left")
    sheet.tag("endif")
    sheet.tag("endfor")
    sheet.tag("if not b.pieces and not b.intro")
    sheet.line("Материалы готовятся.", italic=True)
    sheet.tag("endif")
    sheet.tag("endfor")
    return sheet


def d17() -> Sheet:
    """The card of the School of Mentoring."""
    sheet = Sheet("Карточка Школы наставничества")
    sheet.head("КАРТОЧКА ШКОЛЫ НАСТАВНИЧЕСТВА", size=14, after=0)
    sheet.head("для реестра региональной сети", after=8)
    sheet.facts(
        (
            ("Наименование", "{{ house.name }}"),
            ("Адрес, сайт", "{{ house.address }}{% if house.site %}; {{ house.site }}{% endif %}"),
            ("Основание", "{{ regulation }}"),
            (
                "Куратор",
                "{{ house.curator.name }}{% if house.curator_position %}, {{ house.curator_position }}{% endif %}",
            ),
            ("Дорожная карта", "{{ roadmap or 'не внесена' }}"),
            ("Участники сети", "{{ organisations | join('; ') }}"),
            ("Наставников / наставляемых", "{{ num_mentors }} / {{ num_mentees }}"),
            ("Пар работает / завершено", "{{ num_pairs }} / {{ num_over }}"),
            ("Пары по основаниям", "{{ grounds | join('; ') }}"),
            ("Партнёры", "{{ partners | join('; ') }}"),
            ("Практики", "{{ practices | join('; ') }}"),
        )
    )
    sheet.line("Данные на {{ day }}", side="left")
    sheet.sign("Куратор", or_line("house.curator.short", "______________________"))
    return sheet


def d18() -> Sheet:
    """The order that ends or replaces."""
    sheet = Sheet("Приказ о прекращении наставничества (замене наставника)")
    sheet.each("p in papers")
    order_top(
        sheet,
        "p.house",
        "p.number",
        "p.day",
        "{% if p.new_mentor %}О замене наставника{% else %}О досрочном прекращении работы наставнической пары{% endif %}",
    )
    sheet.body(
        "В соответствии со статьёй 351.8 Трудового кодекса Российской Федерации и документом «{{ regulation }}»"
        "{% if p.reason %}, причина: {{ p.reason }}{% endif %}{% if p.notice_day %} (предупреждение от {{ p.notice_day }})"
        "{% endif %},"
    )
    sheet.line("ПРИКАЗЫВАЮ:", side="left", bold=True)
    last = or_line("p.last_day", "___.___.______")
    sheet.tag("if p.pair.mentor.name.accusative and p.pair.mentee.name.genitive")
    sheet.line(
        "1. Освободить {{ p.pair.mentor.name.accusative }} от обязанностей наставника {{ p.pair.mentee.name.genitive }}. "
        f"Последний день работы пары — {last}."
    )
    sheet.tag("else")
    sheet.line(
        "1. Прекратить работу наставнической пары: наставник — {{ p.pair.mentor.name.name }}, наставляемый — "
        f"{{{{ p.pair.mentee.name.name }}}}. Последний день работы пары — {last}."
    )
    sheet.tag("endif")
    sheet.tag("if p.new_mentor")
    term = "с {{ p.new_first_day or '___.___.______' }} по {{ p.new_last_day or '___.___.______' }}"
    sheet.tag("if p.new_mentor.name.accusative and p.pair.mentee.name.genitive")
    sheet.line(
        "2. Назначить {{ p.new_mentor.name.accusative }} с письменного согласия наставником "
        f"{{{{ p.pair.mentee.name.genitive }}}} на срок {term}; работа идёт по прежней персонализированной программе в "
        "новой редакции."
    )
    sheet.tag("else")
    sheet.line(
        "2. Закрепить с письменного согласия новую наставническую пару: наставник — {{ p.new_mentor.name.name }}, "
        f"наставляемый — {{{{ p.pair.mentee.name.name }}}}, срок {term}; работа идёт по прежней персонализированной "
        "программе в новой редакции."
    )
    sheet.tag("endif")
    sheet.tag("else")
    sheet.line("2. Куратору в течение пяти рабочих дней предложить наставляемому другого наставника.")
    sheet.tag("endif")
    sheet.line(
        "3. Куратору{% if p.house.curator.name %} ({{ p.house.curator.short }}){% endif %} внести изменения в реестр и "
        "график встреч{% if not p.new_mentor %}, прекратить выплату за наставничество с даты, указанной в пункте 1"
        "{% endif %}."
    )
    sheet.line(
        "4. Изменить соответственно приказ о закреплении наставнических пар{% if order_number %} от {{ order_day }} "
        "№ {{ order_number }}{% endif %}."
    )
    sheet.line("5. Контроль за исполнением приказа оставляю за собой.")
    sheet.sign(*head_of("p.house"))
    sheet.line()
    sheet.part("С приказом ознакомлены:")
    sheet.sign("Наставник", "{{ p.pair.mentor.name.short }}")
    sheet.sign("Наставляемый", "{{ p.pair.mentee.name.short }}")
    sheet.tag("if p.new_mentor")
    sheet.sign("Новый наставник", "{{ p.new_mentor.name.short }}")
    sheet.tag("endif")
    sheet.tag("endfor")
    return sheet


TEMPLATES: dict[str, Callable[[], Sheet]] = {
    made.__name__: made
    for made in (d01, d03, d04, d05, d06, d07, d08, d09, d10, d11, d12, d13, d14, d15, d16, d17, d18)
}


def main() -> None:
    """Write every template."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in TEMPLATES.items():
        make().save(FOLDER / f"{name}.docx")


if __name__ == "__main__":
    main()
