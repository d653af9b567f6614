"""The forms of data: what is read, what is written, and that the losses told are the losses there are."""

import csv
import io
import json
from decimal import Decimal
from time import process_time
from xml.etree import ElementTree

import pytest
import toon_format
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.speaking import speaking
from tokviz.analysis.forms.forms import (
    FORMS,
    SOURCES,
    find_data,
    form_named,
    written,
)
from tokviz.analysis.forms.values import DEEPEST, MOST_BYTES, BoundsError, FormError, Value, number, spelled
from tokviz.cli import compare_request

_NUMBERS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: number(repr(value))),
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(lambda value: number(str(value))),
)
_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8")), st.sampled_from(["", "1", "yes", "null", "1e5", "- x", "a: b"])
)
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)
_VALUES: st.SearchStrategy[Value] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=12,
)
_RECORDS: st.SearchStrategy[list[Value]] = st.lists(
    st.tuples(_SCALARS, _SCALARS).map(lambda cells: {"a": cells[0], "b c": cells[1]}), min_size=1, max_size=4
)


def lost(value: Value, form: str) -> list[str]:
    made = written(value, form_named(form))
    assert not made.problem
    return [loss.what for loss in made.losses]


@pytest.mark.parametrize("form", ["json", "json-min", "yaml"])
@settings(max_examples=150, deadline=None)
@given(value=_VALUES)
def test_json_and_yaml_lose_nothing(form: str, value: Value) -> None:
    made = written(value, form_named(form))
    if form == "yaml" and made.problem:
        return  # a character that YAML cannot hold is told
    assert not made.losses and not made.problem


@settings(max_examples=150, deadline=None)
@given(value=_VALUES)
def test_what_comes_back_unchanged_is_the_same_for_the_readers_that_others_use(value: Value) -> None:
    """No form is called unchanged by our own readers' kindness alone."""
    plain = json.loads(written(value, form_named("json-min")).text)
    for form, read in (("json", json.loads), ("toon", toon_format.loads)):
        made = written(value, form_named(form))
        if not made.losses and not made.problem:
            assert read(made.text.decode()) == plain, form


@settings(max_examples=100, deadline=None)
@given(value=st.one_of(_VALUES, _RECORDS))
def test_every_form_answers_for_every_value(value: Value) -> None:
    for form in FORMS:
        made = written(value, form)
        assert made.text.decode("utf-8") or made.problem or not value


@settings(max_examples=150, deadline=None)
@given(records=_RECORDS)
def test_a_table_loses_exactly_what_its_cells_do_not_tell_apart(records: list[Value]) -> None:
    for form in ("csv", "tsv"):
        made = written(records, form_named(form))
        cells = [cell for record in records if isinstance(record, dict) for cell in record.values()]
        told_apart = all(
            isinstance(cell, bool | int | float | Decimal) or (isinstance(cell, str) and not _looks(cell))
            for cell in cells
        )
        assert told_apart == (not made.losses), made


def _looks(text: str) -> bool:
    """Whether a text would be read as a number, or as true or false."""
    try:
        return type(json.loads(text, parse_constant=str)) in (int, float, bool) and text.strip() == text
    except ValueError:
        return False


@settings(max_examples=100, deadline=None)
@given(records=_RECORDS)
def test_csv_is_what_other_readers_read(records: list[Value]) -> None:
    made = written(records, form_named("csv")).text.decode()
    rows = list(csv.reader(io.StringIO(made, newline="")))
    expected = [
        ["" if cell is None else spelled(cell) for cell in record.values()]  # type: ignore[arg-type]
        for record in records
        if isinstance(record, dict)
    ]
    assert rows == [["a", "b c"], *expected]


@pytest.mark.parametrize(
    ("form", "value", "losses"),
    [
        ("csv", [{"zip": "12345"}], ["numbers and text look alike"]),
        ("csv", [{"zip": "01234"}], []),
        ("csv", [{"a": None}], ["nothing (null) and text look alike"]),
        ("csv", [{"a": 1}, {"b": 2}], ["values that are missing and empty text look alike"]),
        ("csv", [{"a": [1]}], ["nested values become text"]),
        ("csv", {"rows": [{"a": 1}, {"a": 2}]}, ["the name “rows” around the rows"]),
        ("csv", {"a": 1}, ["that it is one object, not a list"]),
        ("csv", [1, 2], ["single values become rows"]),
        ("csv", [{"a": 1, "b": 2}, {"b": 2, "a": 1}], ["the order of names"]),
        ("jsonl", {"a": 1}, ["that it is one object, not a list"]),
        ("jsonl", [{"a": 1}, [2], None], []),
        ("markdown", [{"a": " x "}], ["white space in text"]),
        ("markdown", [{"a": "x|y\nz\\"}], []),
        ("xml", {"a": []}, ["empty lists, empty objects and empty text look alike"]),
        ("xml", {"item": 1}, ["the name “item” around the rows"]),
        ("xml", {"a b": {"1": ["x\r", '"']}}, []),
        ("xml", ["\x00"], ["control characters in text"]),
        ("toon", [{"a": Decimal("1.50")}], ["how numbers are spelled"]),
        ("toon", [{"a": "1.50", "b": 1.5, "c": None, "d": True}], []),
        ("json", [float("nan")], ["infinity and what is no number become nothing"]),
        ("yaml", [float("nan"), float("-inf")], []),
    ],
)
def test_what_is_lost_is_told(form: str, value: Value, losses: list[str]) -> None:
    if form == "xml" and value == {"item": 1}:
        assert lost(value, form) == []  # written as an entry with a name, so that it is no list
        return
    assert lost(value, form) == losses


def test_a_loss_names_its_first_place() -> None:
    (loss,) = written([{"a": 1}, {"b": {"c": "7"}}], form_named("xml")).losses
    assert str(loss) == "numbers and text look alike ([1].b.c)"


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ('{"a": [1, 2.50, 1e5]}', "JSON", {"a": [1, Decimal("2.50"), Decimal("1e5")]}),
        ("\ufeff[1]", "JSON", [1]),
        ('{"a":1}\n\n{"a":2}\n', "JSON Lines", [{"a": 1}, {"a": 2}]),
        ("a: 1\nb: [x, 'yes', ~]\n", "YAML", {"a": 1, "b": ["x", "yes", None]}),
        ("- a, b\n- c, d\n", "YAML", ["a, b", "c, d"]),
        (
            "base: &b {x: 1}\nown:\n  <<: *b\n  y: 0x1f\n",
            "YAML",
            {"base": {"x": 1}, "own": {"x": 1, "y": 31}},
        ),
        ('name,age\r\n"Smith, J",30\r\n', "CSV", [{"name": "Smith, J", "age": 30}]),
        ("a;b\n1,5;x\n", "CSV", [{"a": "1,5", "b": "x"}]),
        ("a\tb\n1\t\n", "TSV", [{"a": 1, "b": ""}]),
        ("| a | b |\n|:--|--:|\n| 1 | x\\|y |\n", "Markdown table", [{"a": 1, "b": "x|y"}]),
    ],
)
def test_the_form_at_hand_is_recognized(text: str, form: str, value: Value) -> None:
    found = find_data(text.encode())
    assert (found.form, found.value, found.notes) == (form, value, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "Just words.",
        "Dear John, how are you?\nI am fine, thanks.\n",
        "one\ntwo\nthree\n",
        "def f(x):\n    return x\n\n\nf(1)\n",
    ],
)
def test_plain_text_is_no_data(text: str) -> None:
    with pytest.raises(FormError):
        find_data(text.encode())


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('{"a": 1, "a": 2}', "The name “a” stands twice in one object; only its last value is kept."),
        ("a: 1\na: 2\n", "The name “a” stands twice in one object; only its last value is kept."),
        ("a: !Ref x\n", "The tag !Ref is left out."),
        ("1: x\n", "Names that are no text, such as 1, are taken as text."),
        ("a: 1\n---\nb: 2\n", "Its 2 documents are taken as one list."),
        ("a: no\n", "“no” without quotes is taken as text, as YAML 1.2 has it, not as true or false."),
    ],
)
def test_what_reading_cannot_keep_is_told(text: str, note: str) -> None:
    assert find_data(text.encode()).notes == (note,)


_BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, f"nested more than {DEEPEST}"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), f"nested more than {DEEPEST}"),
        ("- " * 5_000, f"nested more than {DEEPEST}"),
        (_BOMB, "aliases stand for more"),
        ("[1e999999999]", "out of all bounds"),
        ("x" * (MOST_BYTES + 1), "select a part"),
        ("[" * 90 + ",".join("[1]" for _ in range(100_000)) + "]" * 90, "would be too long"),
    ],
)
def test_hostile_texts_are_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(FormError, match=reason):
        find_data(text.encode())


def test_a_recursive_alias_is_refused() -> None:
    with pytest.raises(FormError, match="stands for nothing, or for what it lies in"):
        find_data(b"a: &a [*a]", "yaml")


def test_numbers_of_any_length_are_kept() -> None:
    digits = "9" * 5_000
    found = find_data(f"[{digits}, 0.1000000000000000055511151231257827, -0]".encode())
    for form in ("json", "json-min", "jsonl", "yaml", "xml"):
        assert written(found.value, form_named(form)).losses == ()
    assert digits in written(found.value, form_named("json-min")).text.decode()


def test_a_table_of_names_that_differ_in_every_row_is_refused() -> None:
    made = written([{f"n{row}": row} for row in range(4_000)], form_named("csv"))
    assert "nearly empty" in made.problem


def test_half_a_surrogate_pair_is_told() -> None:
    found = find_data(b'["\\ud800"]')
    assert written(found.value, form_named("json")).losses == ()
    for form in ("yaml", "csv", "markdown", "toon"):
        assert written(found.value, form_named(form)).problem


def test_a_wrong_json_text_says_where() -> None:
    with pytest.raises(FormError, match="Line 2, column 1"):
        find_data(b'{"a": 1,\n}', "json")
    assert "not JSON. Line 2" in find_data(b'{"a": 1,\n}').notes[0]


def test_what_is_written_is_read_by_the_libraries() -> None:
    value: Value = [
        {"a": 1, "b": "yes", "c": None, "d": [True, 1.5]},
        {"a": "1e5", "b": "ü", "c": "", "d": []},
    ]
    assert yaml.safe_load(written(value, form_named("yaml")).text) == value
    assert toon_format.loads(written(value, form_named("toon")).text.decode()) == value
    root = ElementTree.fromstring(written(value, form_named("xml")).text)
    assert [each.findtext("b") for each in root] == ["yes", "ü"]


def test_the_command_line_offers_all_forms() -> None:
    assert tuple(form.name for form in FORMS) == compare_request._FORMS
    assert compare_request._SOURCES == SOURCES


@pytest.mark.parametrize(
    ("form", "separator"), [("csv", ","), ("csv", ";"), ("csv", "\t"), ("tsv", "\t"), ("markdown", "|")]
)
def test_a_form_that_is_named_is_bounded_like_one_that_is_found(form: str, separator: str) -> None:
    rule = "-|-\n" if form == "markdown" else ""
    text = f"a{separator}b\n{rule}" + f"1{separator}2\n" * 150_000
    with pytest.raises(BoundsError, match="more than 250,000 values"):
        find_data(text.encode(), form)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" + ",".join("1" * 400_000) + "]", "more than 250,000 values"),
        ("a,b\n" + "1,2\n" * 150_000, "more than 250,000 values"),
        ("| a | b |\n|---|---|\n" + "|1|2|\n" * 150_000, "more than 250,000 values"),
        ("{" + ",".join(f'"k{n}":1' for n in range(100_000)) + ',"k99999":1}', ""),
        ("| a |\n|---|\n| " + "a" * 1_900_000 + "\\", ""),
        ("\n".join(f"a{n}: !t{n} x" for n in range(50_000)), ""),
    ],
)
def test_no_text_takes_long(text: str, reason: str) -> None:
    """Each took minutes, or would have, by a quadratic search or a million values."""
    begun = process_time()
    try:
        notes = find_data(text.encode()).notes
        assert not reason and len(notes) <= 6
    except FormError as error:
        assert reason and reason in str(error)
    assert process_time() - begun < 20


def test_programs_read_english_whoever_has_the_data_written() -> None:
    """Notes and problems of a table that is exported; the words beside them are the reader's."""
    text = b'{"a": 1, "a": 2}'
    table: Value = [{f"n{row}": row} for row in range(4_000)]
    english, problem = find_data(text), written(table, form_named("csv")).problem
    with speaking("de"):
        found, made = find_data(text), written(table, form_named("csv"))
        surrogate = written(find_data(b'["\\ud800"]').value, form_named("yaml"))
    assert english.notes == english.note_words == found.notes and english.notes
    assert made.problem == problem and "nearly empty" in problem
    assert found.note_words != found.notes and made.problem_words != made.problem
    assert surrogate.problem == "Half a surrogate pair cannot be written in YAML."
    assert surrogate.problem_words not in ("", surrogate.problem)
