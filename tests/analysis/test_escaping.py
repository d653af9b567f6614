"""What comes from files cannot command a terminal, a spreadsheet or an XML parser."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, pack
from tokviz.analysis.escaping import encodable, escaped, escaped_lines, json_safe
from tokviz.analysis.table_text import csv_text, json_text

XML = PackLayout(PackFormat.XML.template)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.text())
def test_no_text_holds_anything_that_a_terminal_obeys(text: str) -> None:
    line = escaped(text)
    line.encode()
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in line)
    assert not set(line) & set("\u202e\u202a\u2066\u2069\u200e\u200f\u061c\u2028\u2029")
    assert set(map(ord, escaped_lines(text))) & set(range(0x20)) <= {9, 10}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 你好 🎉.txt", "plain ü 你好 🎉.txt"),
        ("\x1b]52;c;cm0gLXJmIH4=\x07", "\\x1b]52;c;cm0gLXJmIH4=\\x07"),
        ("a\x9b31m", "a\\x9b31m"),
        ("evil\u202etxt.exe", "evil\\u202etxt.exe"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\udcff", "\ufffd"),
    ],
)
def test_what_is_harmful_is_written_out(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))
def test_json_stays_the_same_data(record: dict[str, int]) -> None:
    text = json_safe(json.dumps(record, ensure_ascii=False))
    assert json.loads(text) == record
    assert escaped_lines(text) == text
    assert json.loads(json_text(record)) == record


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([[cell]]), newline=""))
    assert row == ["'" + cell]


@pytest.mark.parametrize("cell", [-5, -0.5, 1e-9, "-5", "+3", "-1,234.5", "-3.2%", "1e-5", "a=b", "", None])
def test_numbers_and_plain_texts_stay(cell: object) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([[cell, "x"]])))
    assert row == ["" if cell is None else str(cell), "x"]


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_an_xml_pack_is_well_formed_whatever_a_file_holds(text: str, name: str) -> None:
    packed = b"".join(
        pack(name, [name], [PackedFile(name, text.encode())], PackLayout(PackFormat.XML.template))
    )
    ElementTree.fromstring(packed)


def test_a_control_character_in_an_xml_pack_is_its_picture_and_the_file_says_so() -> None:
    files = [PackedFile("gnu.c", b"int a;\n\f\n\x1b[31m]]>\x7f"), PackedFile("b.c", b"int b;\n")]
    root = ElementTree.fromstring(
        b"".join(pack("p", ["gnu.c", "b.c"], files, PackLayout(PackFormat.XML.template)))
    )
    first, second = root.findall("file")
    assert first.text == "\nint a;\n␌\n␛[31m]]>␡\n"
    assert first.get("controls") == "written as their pictures ␀ to ␡"
    assert (second.get("controls"), second.text) == (None, "\nint b;\n")


def test_half_a_surrogate_pair_is_no_json_that_all_can_read() -> None:
    record = {"half": "a\ud800b\udcff", "pair": "\U0001f600", "spelled": "\\ud800", "ends": "\\"}
    for ascii_only in (True, False):
        text = json_safe(json.dumps(record, ensure_ascii=ascii_only))
        assert json.loads(text) == {**record, "half": "a\ufffdb\ufffd"}


@given(st.text(st.characters()))
def test_whatever_a_text_holds_utf_8_can_hold_what_is_shown_of_it(text: str) -> None:
    assert (encodable(text).encode() and escaped(text).encode()) or not text
    assert encodable("a\ud800\udcffb") == "a\ufffd\ufffdb"
