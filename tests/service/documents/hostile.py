"""Templates of bad people: they reach for objects, blow up, carry other files, point outside (S8)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from docx import Document

NAMES = ("regulation", "orders", "self", "loop", "cycler", "joiner", "namespace", "lipsum", "dict", "range", "config")
PATHS = (
    ".__class__",
    ".__class__.__mro__[1].__subclasses__()",
    ".__init__.__globals__",
    "['__class__']",
    "|attr('__class__')",
    "|map(attribute='__class__')|list",
    "|sort(attribute='__class__.__name__')",
    ".__dict__",
    "._TemplateReference__context",
    ".format(regulation.__class__)",
)
ALONE = (
    "''.__class__.__base__.__subclasses__()",
    "(1).__class__",
    "[].__class__.__base__",
    "{}.__class__.__init__.__globals__",
    "''['__cla' ~ 'ss__']",
    "request.application.__globals__",
    "get_flashed_messages.__globals__",
    "url_for.__globals__.os.popen('id').read()",
    "regulation.upper()",
    "regulation|attr('upper')()",
    "'%s'|format(regulation)",
    "regulation|pprint",
    "orders|tojson",
    "orders|groupby('number')",
    "orders|map('upper')|list",
    "orders|selectattr('number')|list",
    "regulation|xmlattr",
    "caller()",
    "varargs",
    "kwargs",
    "range(10)|list",
    "lipsum(n=100)",
    "dict(a=1)",
    "namespace(a=1)",
    "'a' * 1000000000",
    "10 ** 10 ** 10",
    "[0] * 1000000000",
    "'%0999999999d' % 1",
    "regulation.encode('utf-16')",
    "orders.append(1)",
    "orders.__setitem__(0, 1)",
    "regulation.mro",
    "self.blocks",
    "regulation|safe|attr('__html__')",
    "orders[0].house.__len__()",
    "orders[0]['house'].keys()",
)
STATEMENTS = (
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% extends '/etc/passwd' %}",
    "{% from 'os' import system %}{{ system('id') }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}x{% endcall %}",
    "{% set x = cycler.__init__ %}{{ x }}",
    "{% for x in ''.__class__.__mro__ %}{{ x }}{% endfor %}",
    "{% if regulation.__class__ %}yes{% endif %}",
    "{% with x = self.__class__ %}{{ x }}{% endwith %}",
    "{% filter attr('__class__') %}x{% endfilter %}",
    "{% do orders.clear() %}",
    "{% debug %}",
    "{% for a in orders recursive %}{{ loop(orders) }}{% endfor %}",
    "{{ regulation",
    "{% for %}",
    "{% endfor %}",
)
GREEDY = (
    "".join(f"{{% for a{n} in regulation %}}" for n in range(12)) + "x" + "{% endfor %}" * 12,
    "{% set a = regulation %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
    "{{ regulation" + "|replace('е', regulation)" * 12 + "}}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "not " * 20000 + "1 }}",
    "{{ regulation" + "|upper" * 20000 + " }}",
)
"""These take more than is allowed."""


def _saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    return made.getvalue()


def with_words(words: str, place: str = "body") -> bytes:
    """Return a document with some words in it: in the body, a table, the header, or its title."""
    document = Document()
    if place == "body":
        document.add_paragraph(words)
    elif place == "table":
        document.add_table(rows=1, cols=1).cell(0, 0).text = words
    elif place == "header":
        document.sections[0].header.paragraphs[0].text = words
    else:
        document.core_properties.title = words[:250]
    return _saved(document)


def expressions() -> Iterator[tuple[str, bytes]]:
    """Yield templates that reach for what they must not."""
    places = ("body", "table", "header", "title")
    words = [f"{{{{ {name}{path} }}}}" for name in NAMES for path in PATHS]
    words += [f"{{{{ {one} }}}}" for one in ALONE] + list(STATEMENTS)
    for number, one in enumerate(words):
        yield one, with_words(one, places[number % len(places)])


def greedy() -> Iterator[tuple[str, bytes]]:
    """Yield templates that never end or take all the memory."""
    for one in GREEDY:
        yield one[:60], with_words(one)


def packages() -> Iterator[tuple[str, bytes]]:
    """Yield files that must not be opened at all."""
    plain = with_words("{{ regulation }}")
    yield "nothing", b""
    yield "a text", b"{{ regulation }}"
    yield "an old document", b"\xd0\xcf\x11\xe0" + b"0" * 4000
    yield "cut off", plain[: len(plain) // 2]
    for name in _PARTS:
        yield f"with {name}", _with_part(plain, name, _PARTS[name])
    for relation in _RELATIONS:
        yield f"relation {relation}", _with_relation(plain, *relation)
    for xml in _XMLS:
        yield f"xml {xml[:50]}", with_body(plain, xml)
    for how in (_without_document, _twice, _bomb, _many, _stored_wrong, _doctype, _macro_type, _wide):
        yield how.__name__, how(plain)


_PARTS: dict[str, bytes] = {
    "word/vbaProject.bin": b"x",
    "word/embeddings/oleObject1.bin": b"x",
    "word/embeddings/other.docx": with_words("x"),
    "word/activeX/activeX1.xml": b"<a/>",
    "inner.zip": with_words("x"),
    "word/media/image1.png": with_words("x"),
    "word/media/run.exe": b"MZ",
    "word/media/page.html": b"<script>1</script>",
    "../outside.xml": b"<a/>",
    "/absolute.xml": b"<a/>",
    "word\\back.xml": b"<a/>",
    "word/../../up.xml": b"<a/>",
    "word/broken.xml": b"<a>",
    "word/entity.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    "word/file.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "word/laughs.xml": b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
    "word/wide.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
}
_BASE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = tuple(
    (kind, target)
    for kind in ("attachedTemplate", "image", "oleObject", "subDocument", "frame", "hyperlink")
    for target in ("file:///etc/passwd", "http://127.0.0.1/x", "\\\\server\\share\\x.dotm")
    if (kind, target) != ("hyperlink", "http://127.0.0.1/x")
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FIELDS = (
    "DDEAUTO c:\\\\cmd.exe",
    "DDE x",
    "INCLUDETEXT file",
    "INCLUDEPICTURE http://x/y",
    "LINK Excel",
    "DATABASE x",
)
_XMLS = (
    *(
        xml
        for field in (*_FIELDS, "MACROBUTTON x", "IMPORT x", "{{ 'DDE' }} x")
        for xml in (
            f'<w:p {W}><w:fldSimple w:instr="{field}"/></w:p>',
            f'<w:p {W}><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{field[:2]}</w:instrText></w:r>'
            f'<w:r><w:instrText>{field[2:]}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        )
    ),
    f"<w:altChunk {W}/>",
    f"<w:subDoc {W}/>",
    f"<w:p {W}><w:r><w:object/></w:r></w:p>",
)


def _copied(content: bytes, change: Callable[[str, bytes], bytes | None]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed = change(name, old.read(name))
            if changed is not None:
                new.writestr(name, changed)
    return made


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    made = _copied(content, lambda _, same: same)
    with zipfile.ZipFile(made, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, part)
    return made.getvalue()


def _with_relation(content: bytes, kind: str, target: str) -> bytes:
    line = f'<Relationship Id="rIdX" Type="{_BASE}{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return _copied(
        content,
        lambda name, old: (
            old.replace(b"</Relationships>", line.encode()) if name == "word/_rels/document.xml.rels" else old
        ),
    ).getvalue()


def with_body(content: bytes, xml: str) -> bytes:
    return _copied(
        content,
        lambda name, old: (
            old.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1) if name == "word/document.xml" else old
        ),
    ).getvalue()


def _without_document(content: bytes) -> bytes:
    return _copied(content, lambda name, old: None if name == "word/document.xml" else old).getvalue()


def _twice(content: bytes) -> bytes:
    return _with_part(content, "word/DOCUMENT.xml", b"<a/>")


def _bomb(content: bytes) -> bytes:
    made = _copied(content, lambda _, same: same)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/big.xml", b"<a>" + b" " * (30 * 2**20) + b"</a>")
    return made.getvalue()


def _many(content: bytes) -> bytes:
    made = _copied(content, lambda _, same: same)
    with zipfile.ZipFile(made, "a") as archive:
        for number in range(300):
            archive.writestr(f"word/part{number}.xml", b"<a/>")
    return made.getvalue()


def _stored_wrong(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return made.getvalue()


def _doctype(content: bytes) -> bytes:
    head = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return _copied(
        content, lambda name, old: old.replace(b"?>", b"?>" + head, 1) if name == "word/document.xml" else old
    ).getvalue()


def _macro_type(content: bytes) -> bytes:
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    return _copied(content, lambda _, old: old.replace(plain, macro)).getvalue()


def _wide(content: bytes) -> bytes:
    return content + b"\0" * (6 * 2**20)
