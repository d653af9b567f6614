"""Texts are aligned, wrapped and shortened by the cells that a terminal gives them."""

import argparse
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz import language
from tokviz.cli.cells import display_width, pad, shortened, shortened_before, shortened_inside, wrapped
from tokviz.cli.parser import Help

_MIXED = st.text(st.sampled_from("ab -.,(漢字かなトークン、。「」（）ー é\u0301$%"), max_size=80)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("tokens", 6),
        ("漢字", 4),
        ("トークン数", 10),
        ("ﾄｰｸﾝ", 4),
        ("（全角）", 8),
        ("e\u0301", 1),
        ("✔\ufe0e", 1),
        ("a\u200db", 2),
        ("a\u00adb", 3),
        ("…", 1),
    ],
)
def test_width_in_cells(text: str, width: int) -> None:
    assert display_width(text) == width


def test_padding_counts_cells() -> None:
    assert pad("漢字", 6, right=True) == "  漢字"
    assert pad("漢字", 6, right=False) == "漢字  "


def test_shortened_texts_take_no_more_cells_than_they_may() -> None:
    assert shortened("漢字かな", 8) == "漢字かな"
    assert shortened("漢字かな", 7) == "漢字か…"
    assert shortened("漢字かな", 6) == "漢字…"
    assert shortened("one two", 5) == "one …"


def test_what_is_shortened_inside_keeps_its_ends() -> None:
    assert shortened_inside("abcdefghij", 10) == "abcdefghij"
    assert shortened_inside("abcdefghij", 7) == "abc…hij"
    assert shortened_inside("漢字/かな/カナ.txt", 13) == "漢字/…ナ.txt"


def test_what_is_shortened_before_keeps_its_end_and_no_mark_without_its_letter() -> None:
    assert shortened_before("abcdefghij", 7) == "…efghij"
    assert shortened_before("/資料/プロジェクト", 9) == "…ジェクト"
    assert shortened_before("xe\u0301a", 3) == "xe\u0301a"
    assert shortened_before("xxe\u0301a", 2) == "…a"
    assert shortened_inside("xxe\u0301a", 3) == "x…a"


@given(_MIXED, st.integers(6, 40))
def test_what_is_shortened_is_no_wider_than_it_may_be(text: str, most: int) -> None:
    assert display_width(shortened(text, most)) <= most
    assert display_width(shortened_inside(text, most)) <= most
    assert display_width(shortened_before(text, most)) <= most


def test_lines_end_between_wide_letters_as_japanese_has_it() -> None:
    assert wrapped("トークン数を数える。", 8) == ["トークン", "数を数え", "る。"]
    assert wrapped("トークン数。", 10) == ["トークン", "数。"]  # no line begins with a full stop
    assert wrapped("入力は（最大）", 8) == ["入力は", "（最大）"]  # none ends with an opening bracket
    assert wrapped("応答はtokens単位です", 10) == ["応答は", "tokens単位", "です"]  # words stay whole


def test_indented_lines_are_no_wider() -> None:
    assert wrapped("トークン数を数える", 8, "  ") == ["トークン", "  数を数", "  える"]


@given(st.text(st.sampled_from("abc -.,é"), max_size=60), st.integers(8, 40))
def test_narrow_letters_are_wrapped_as_python_does_it(text: str, width: int) -> None:
    assert wrapped(text, width, "  ") == wrap(text, width, subsequent_indent="  ")


@given(_MIXED, st.integers(6, 40))
def test_nothing_is_lost_and_nothing_too_wide(text: str, width: int) -> None:
    lines = wrapped(text, width, "  ")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(display_width(line) <= width for line in lines)
    assert all(lines)


def test_help_beside_an_option_is_wrapped_by_cells() -> None:
    parser = argparse.ArgumentParser("p", formatter_class=lambda prog: Help(prog, width=40))
    parser.add_argument("--one", help="トークン数を数え、モデルのコンテキストに収まるかどうかを調べます。")
    lines = parser.format_help().splitlines()
    assert all(display_width(line) <= 40 for line in lines)
    assert "".join("".join(lines).split()).endswith("どうかを調べます。")


def test_lines_below_the_usage_stand_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = language.Catalogue("ja", messages={"usage: ": ["使い方: "]})
    monkeypatch.setattr(language._speaker, "catalogue", catalogue)
    parser = argparse.ArgumentParser("tokviz", formatter_class=lambda prog: Help(prog, width=40))
    for option in ("--first", "--second", "--third", "--fourth"):
        parser.add_argument(option)
    first, second = parser.format_usage().splitlines()[:2]
    assert first.startswith("使い方: tokviz [")
    assert display_width(first.partition("[")[0]) == display_width(second.partition("[")[0])
