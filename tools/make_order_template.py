"""Make the Word templates of the order fixing pairs (D-04): `python tools/make_order_template.py`.

The templates are kept in the package so that schools may change a copy in Word; this script only makes the first one.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Cm, Pt

FOLDER = Path(__file__).parent.parent / "matcher" / "io" / "documents"
WORDS = {
    "ru": {
        "order": "ПРИКАЗ",
        "number": "от «____» ______________ 20___ г.                                                     № ________",
        "about": "О закреплении наставнических пар (групп)",
        "basis": "В соответствии с документом «{{ regulation }}», на основании решения от «____» ____________ 20___ г. "
        "№ ______ и с письменного согласия участников",
        "command": "ПРИКАЗЫВАЮ:",
        "pairs": "Закрепить на срок с {{ first_day }} по {{ last_day }} наставнические пары:",
        "groups": "Закрепить на тот же срок группы наставляемых:",
        "schedule": "Утвердить график встреч: {{ o.num_sessions }} (лист «Встречи» файла plan.xlsx прилагается).",
        "programme": "Наставникам разработать персонализированные программы наставничества и представить их куратору "
        "до «____» ____________ 20___ г.",
        "curator": "Назначить ответственным за реализацию программ куратора ______________________________.",
        "control": "Контроль за исполнением приказа оставляю за собой.",
        "head": "Руководитель   ____________________   /______________________/",
        "read": "С приказом ознакомлены:",
        "pair_head": ("№", "Наставник", "Должность", "Наставляемый", "Форма", "Вид"),
        "group_head": ("№", "Наставник", "Группа", "Наставляемые", "Тема"),
        "read_head": ("Фамилия, имя, отчество", "Подпись", "Дата"),
    },
    "en": {
        "order": "ORDER",
        "number": "Date ______________________                                                     No. ________",
        "about": "On the mentoring pairs and groups",
        "basis": "In accordance with “{{ regulation }}”, by the decision No. ______ of ______________ and with the "
        "written consent of the participants",
        "command": "I ORDER:",
        "pairs": "The following mentoring pairs work from {{ first_day }} to {{ last_day }}:",
        "groups": "The following groups work in the same term:",
        "schedule": "The schedule of meetings is approved: {{ o.num_sessions }} (sheet “Meetings” of plan.xlsx).",
        "programme": "Mentors work out the personalised programmes and hand them to the curator by ______________.",
        "curator": "The curator ______________________________ is responsible for the programmes.",
        "control": "I see to it myself that the order is carried out.",
        "head": "Head   ____________________   /______________________/",
        "read": "Read and acknowledged:",
        "pair_head": ("No.", "Mentor", "Position", "Mentee", "Form", "Kind"),
        "group_head": ("No.", "Mentor", "Group", "Mentees", "Theme"),
        "read_head": ("Name", "Signature", "Date"),
    },
}


def make(lang: str) -> None:
    """Write the template of one language."""
    words = WORDS[lang]
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.5), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.paragraph_format.space_after = Pt(4)

    def line(content: str, *, centre: bool = False, bold: bool = False) -> None:
        paragraph = document.add_paragraph()
        paragraph.add_run(content).bold = bold
        if centre:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def table(heads: tuple[str, ...], loop: str, cells: tuple[str, ...], widths: tuple[float, ...]) -> None:
        grid = document.add_table(rows=4, cols=len(heads), style="Table Grid")
        grid.autofit = False
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Cm(width)
        rows = (heads, (loop, *[""] * (len(heads) - 1)), cells, ("{%tr endfor %}", *[""] * (len(heads) - 1)))
        for row, contents in zip(grid.rows, rows, strict=True):
            for cell, content, width in zip(row.cells, contents, widths, strict=True):
                cell.width = Cm(width)
                cell.paragraphs[0].add_run(content).bold = contents is heads
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        document.add_paragraph()

    line("{%p for o in orders %}")
    line("{%p if not loop.first %}")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    line("{%p endif %}")
    line("{{ o.organisation }}", centre=True, bold=True)
    line(words["order"], centre=True, bold=True)
    line(words["number"])
    line(words["about"], bold=True)
    line(words["basis"])
    line(words["command"], bold=True)
    line("{%p if o.pairs %}")
    line("{{ o.points.pairs }}. " + words["pairs"])
    pair = ("{{ p.number }}", "{{ p.mentor }}", "{{ p.position }}", "{{ p.mentee }}", "{{ p.form }}", "{{ p.kind }}")
    table(words["pair_head"], "{%tr for p in o.pairs %}", pair, (0.9, 3.75, 2.7, 3.75, 2.2, 3.7))
    line("{%p endif %}")
    line("{%p if o.groups %}")
    line("{{ o.points.groups }}. " + words["groups"])
    group = ("{{ g.number }}", "{{ g.mentor }}", "{{ g.id }}", "{{ g.members }}", "{{ g.theme }}")
    table(words["group_head"], "{%tr for g in o.groups %}", group, (1, 4, 2, 6.3, 3.7))
    line("{%p endif %}")
    line("{%p if o.num_sessions %}")
    line("{{ o.points.schedule }}. " + words["schedule"])
    line("{%p endif %}")
    line("{{ o.points.programme }}. " + words["programme"])
    line("{{ o.points.curator }}. " + words["curator"])
    line("{{ o.points.control }}. " + words["control"])
    line("")
    line(words["head"])
    line("")
    line(words["read"])
    table(words["read_head"], "{%tr for name in o.people %}", ("{{ name }}", "", ""), (9, 4, 4))
    line("{%p endfor %}")
    document.core_properties.author = "mentor-matcher"
    document.save(str(FOLDER / f"order_{lang}.docx"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for code in WORDS:
        make(code)
