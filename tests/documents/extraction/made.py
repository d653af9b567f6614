"""Small documents of every format, made by hand."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive; a member “mimetype” is stored, as its formats want it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            made.writestr(name, content, stored)
    return stream.getvalue()


def members(data: bytes) -> dict[str, str | bytes]:
    """What an archive holds, to be changed and archived again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archived:
        return {name: archived.read(name) for name in archived.namelist()}


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A member that says what another refers to: kind and target by id."""
    rows = (
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(rows)}</Relationships>'


def docx(body: str, **more: str) -> bytes:
    """A Word document with ``body`` in it, and ``styles``, ``numbering``, ``footnotes`` as they are given."""
    names = {"styles": "styles.xml", "numbering": "numbering.xml", "footnotes": "footnotes.xml"}
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f'<w:document xmlns:w="{WORD_SPACE}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations({name: (name, names[name]) for name in more}),
    }
    for name, content in more.items():
        members[f"word/{names[name]}"] = f'<w:{name} xmlns:w="{WORD_SPACE}">{content}</w:{name}>'
    return archive(members)


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of a Word document."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def pptx(slides: Sequence[str], notes: Mapping[int, str] | None = None) -> bytes:
    """A presentation of slides, each the XML of its shapes; ``notes`` by the number of the slide."""
    spaces = f'xmlns:a="a" xmlns:p="p" xmlns:r="{_OFFICE}"'
    listed = "".join(f'<p:sldId id="{256 + i}" r:id="s{i}"/>' for i in range(len(slides)))
    members = {
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": f"<p:presentation {spaces}>{listed}</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {f"s{i}": ("slide", f"slides/slide{i}.xml") for i in range(len(slides))}
        ),
    }
    for i, shapes in enumerate(slides):
        members[f"ppt/slides/slide{i}.xml"] = f"<p:sld {spaces}>{shapes}</p:sld>"
    for i, text in (notes or {}).items():
        members[f"ppt/slides/_rels/slide{i}.xml.rels"] = relations(
            {"n": ("notesSlide", f"../notesSlides/n{i}.xml")}
        )
        members[f"ppt/notesSlides/n{i}.xml"] = f"<p:notes {spaces}>{shape(text, 'body')}</p:notes>"
    return archive(members)


def shape(text: str, placeholder: str | None = None) -> str:
    """A shape of a slide with a paragraph for each line; two blanks before one are a level."""
    lines = ""
    for line in text.split("\n"):
        level = (len(line) - len(line.lstrip())) // 2
        lines += f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{line.strip()}</a:t></a:r></a:p>'
    kind = f'<p:nvPr><p:ph type="{placeholder}"/></p:nvPr>' if placeholder else ""
    return f"<p:sp>{kind}<p:txBody>{lines}</p:txBody></p:sp>"


def xlsx(sheets: Mapping[str, str]) -> bytes:
    """A workbook: by name, the XML of each sheet's rows. Style 1 is a date, 2 and 3 are percents."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    spaces = f'xmlns="{main}" xmlns:r="{_OFFICE}"'
    styles = "".join(f'<xf numFmtId="{kind}"/>' for kind in (0, 14, 9, 170, 171))
    own = '<numFmt numFmtId="170" formatCode="[Red]0.0%;\\-0.0%"/>'
    own += '<numFmt numFmtId="171" formatCode="0&quot;%&quot;"/>'
    names = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="s{i}"/>' for i, name in enumerate(sheets, 1))
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f"<workbook {spaces}><sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            {f"s{i}": ("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)}
            | {"st": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": f"<styleSheet {spaces}><numFmts>{own}</numFmts>"
        f"<cellStyleXfs><xf numFmtId='9'/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>",
    }
    for i, rows in enumerate(sheets.values(), 1):
        members[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return archive(members)


def xls(sheets: Mapping[str, Sequence[Sequence[str | float]]]) -> bytes:
    """A workbook of before 2007: by name, each sheet's rows."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    end = record(0xA, b"")
    parts = []
    for rows in sheets.values():
        cells = b""
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, str):
                    text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                    cells += record(0x204, struct.pack("<HHH", y, x, 0) + text)
                else:
                    cells += record(0x203, struct.pack("<HHHd", y, x, 0, value))
        parts.append(begin(0x10) + cells + end)
    names = [struct.pack("<BB", len(name), 0) + name.encode("latin-1") for name in sheets]
    start = len(begin(5)) + sum(4 + 6 + len(name) for name in names) + len(end)
    stream = begin(5)
    for name, part in zip(names, parts, strict=True):
        stream += record(0x85, struct.pack("<IBB", start, 0, 0) + name)
        start += len(part)
    return compound({"Workbook": stream + end + b"".join(parts)})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file, in sectors of 512 bytes: a table of them, the folder, the streams."""
    free, end_of_chain, table_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    table, body, entries = [table_sector, end_of_chain], b"", [("Root Entry", 5, end_of_chain, 0)]
    for name, content in streams.items():
        count = max(8, -(-len(content) // 512))  # smaller ones are kept elsewhere
        first = len(table)
        table += [*range(first + 1, first + count), end_of_chain]
        body += content.ljust(512 * count, b"\0")
        entries.append((name, 2, first, 512 * count))
    folder = b""
    for number, (name, kind, first, size) in enumerate(entries):
        title = (name + "\0").encode("utf-16-le")
        following = number + 1 if 0 < number < len(entries) - 1 else free
        links = struct.pack("<III", free, following, 1 if not number and len(entries) > 1 else free)
        folder += title.ljust(64, b"\0") + struct.pack("<HBB", len(title), kind, 1) + links
        folder += bytes(36) + struct.pack("<IQ", first, size)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end_of_chain, 0, end_of_chain, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + sectors + folder.ljust(512, b"\0") + body


def open_document(kind: str, body: str, **more: str) -> bytes:
    """An OpenDocument ``text``, ``spreadsheet`` or ``presentation`` with ``body`` in it; ``more`` members by
    their names, underscores for slashes."""
    spaces = " ".join(
        f'xmlns:{name}="{name}"' for name in ("office", "text", "table", "draw", "presentation")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body>"
    )
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content + "</office:document-content>",
            **{name.replace("_", "/").replace("dot", "."): value for name, value in more.items()},
        }
    )


def epub(chapters: Mapping[str, str], encrypted: str = "") -> bytes:
    """A book: chapters as XHTML by the names of their files; one may be encrypted."""
    items = "".join(
        f'<item id="c{i}" href="{name}" media-type="application/xhtml+xml"/>'
        for i, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{i}"/>' for i in reversed(range(len(chapters))))
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
        "OPS/book.opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>",
        **{f"OPS/{name.replace('%20', ' ')}": text for name, text in chapters.items()},
    }
    if encrypted:
        members["META-INF/encryption.xml"] = f'<e><CipherReference URI="OPS/{encrypted}"/></e>'
    return archive(members)


def pdf_of_lines(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of pages full of lines."""
    return pdf([") Tj T* (".join(lines) for lines in pages])


def pdf(pages: Sequence[str], more: str = "", annotations: str = "") -> bytes:
    """A PDF with a line of text on each page; an empty one has a rectangle on it. ``more`` is added to its
    trailer, ``annotations`` to each page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for text in pages:
        drawn = f"BT /F1 12 Tf 14 TL 72 740 Td ({text}) Tj ET" if text else "10 10 100 100 re f"
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {len(objects) + 2} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>>>/Annots[{annotations}]>>"
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj{content}endobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R{more}>>\n"
    return data + f"{tail}startxref\n{len(data)}\n%%EOF\n".encode()
