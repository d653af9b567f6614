"""Exports hold every token and every byte, whatever the text."""

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.tokens.known_tokens import known, registry, tokenized
from tokviz.analysis.tokens.html_page import HtmlColors
from tokviz.analysis.tokens.token_export import (
    CSV_COLUMNS,
    Exported,
    export_csv,
    export_json,
    ids_json,
    tokens_json,
)
from tokviz.analysis.tokens.token_html import HtmlLook, highlighted_html
from tokviz.tokenization.tokenizer import SpecialTokens

LOOK = HtmlLook(
    HtmlColors(
        page="#f4f6f9",
        surface="#fff",
        text="#111",
        muted="#566",
        border="#ccd",
        boundary="#566",
        special="#63c",
        difference="#850",
        tokens=("#cfe2ff", "#cdeccf", "#fdeeb0"),
        dark=False,
    )
)
TEXTS = st.text(
    alphabet=st.sampled_from("ab <>&\"'\n\r\t.,=é日ก็👨\u200d👩🫠\u0000\u001b\u007f\u2028\ufeffע"), max_size=40
)
NAMES = st.sampled_from(["o200k_base", "r50k_base", "gemma"])


def exported(data: bytes, name: str = "o200k_base", mode: SpecialTokens = SpecialTokens.PLAIN) -> Exported:
    special = registry().get(name, mode).special_tokens
    return Exported(data, tokenized(data, name, mode, chunks=2), special, name, mode)


def data_of(value: str | dict[str, str]) -> bytes:
    return value.encode() if isinstance(value, str) else bytes.fromhex(value["hex"])


@settings(deadline=None, max_examples=60)
@given(TEXTS, NAMES)
def test_lists_lose_nothing(text: str, name: str) -> None:
    data = text.encode()
    source = exported(data, name)
    assert json.loads("".join(ids_json(source))) == source.tokens.ids().tolist()
    values = json.loads("".join(tokens_json(source)))
    assert b"".join(map(data_of, values)) == data
    assert len(values) == source.tokens.count


@settings(deadline=None, max_examples=40)
@given(TEXTS, NAMES)
def test_files_lose_nothing(text: str, name: str) -> None:
    data = text.encode()
    source = exported(data, name)
    told = json.loads("".join(export_json(source)))
    assert (told["tokenizer"], told["special_tokens"], told["count"]) == (name, "plain", source.tokens.count)
    assert told["ids"] == source.tokens.ids().tolist()
    assert told["ends"] == source.tokens.ends().tolist()
    rows = list(csv.DictReader(io.StringIO("".join(export_csv(source)), newline="")))
    assert [int(row["id"]) for row in rows] == told["ids"]
    assert b"".join(bytes.fromhex(row["hex"]) for row in rows) == data
    assert [int(row["end"]) for row in rows] == told["ends"]
    for row in rows:
        token = bytes.fromhex(row["hex"])
        assert row["token"].encode() in (b"", token, b"'" + token)  # defused where it is a formula


def test_csv_has_a_head_even_without_tokens() -> None:
    assert "".join(export_csv(exported(b""))) == ",".join(CSV_COLUMNS) + "\r\n"
    assert "".join(ids_json(exported(b""))) == "[]"


def test_a_part_of_the_tokens() -> None:
    source = Exported(b"abcdef", known([(1, 1), (2, 2), (3, 3)]), {}, "any", "plain", first=1, last=3)
    assert json.loads("".join(ids_json(source))) == [2, 3]
    assert json.loads("".join(tokens_json(source))) == ["bc", "def"]
    assert json.loads("".join(export_json(source)))["count"] == 2
    assert [line.split(",")[0] for line in "".join(export_csv(source)).splitlines()] == ["index", "1", "2"]


def test_tokens_that_the_model_adds_are_named() -> None:
    source = exported(b"Hi", "llama3", SpecialTokens.FRAMED)
    assert json.loads("".join(tokens_json(source))) == ["<|begin_of_text|>", "Hi"]
    page = "".join(highlighted_html(source, "Hi", [], LOOK))
    assert 'data-t="&lt;|begin_of_text|&gt;"' in page
    assert shown(page).text == "Hi"


def test_parts_of_a_character_are_hex() -> None:
    values = json.loads("".join(tokens_json(exported("🫠".encode()))))
    assert len(values) > 1
    assert all(isinstance(value, dict) for value in values)


class Shown(HTMLParser):
    """What a browser would show of the tokens, and their tooltips."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tips: list[str] = []
        self.styles: list[str] = []
        self._depth = 0
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._depth += tag == "pre"
        self.scripts += tag in ("script", "link", "img", "iframe")
        values = dict(attrs)
        if self._depth and tag == "span":
            self.tips.append(values.get("title") or "")
            self.styles.append(values.get("style") or "")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.text += data


def shown(page: str) -> Shown:
    parser = Shown()
    parser.feed(page)
    parser.close()
    return parser


@settings(deadline=None, max_examples=60)
@given(TEXTS, NAMES, st.booleans())
def test_the_page_shows_the_text(text: str, name: str, whitespace: bool) -> None:
    data = text.encode()
    look = replace(LOOK, whitespace=whitespace)
    page = "".join(highlighted_html(exported(data, name), "A <text>", ["o200k & co"], look))
    pictures = {code: chr(0x2400 + code) for code in range(0x20) if code not in (9, 10, 13)} | {0x7F: "␡"}
    found = shown(page)
    assert found.text == text.translate(pictures)
    assert found.scripts == 0
    assert "A &lt;text&gt;" in page
    assert "o200k &amp; co" in page


def test_a_split_character_is_whole_with_its_true_boundaries() -> None:
    data = "x🫠y".encode()
    source = exported(data)
    found = shown("".join(highlighted_html(source, "t", [], LOOK)))
    assert found.text == "x🫠y"
    split = [tip for tip in found.tips if "tokens:" in tip]
    assert len(split) == 1
    assert "F0 9F" in split[0] and "·" in split[0]
    assert sum("linear-gradient" in style for style in found.styles) == 1


def test_a_glyph_of_many_code_points_is_never_torn() -> None:
    family = "👨‍👩‍👧"
    for lead in ("", "a", "é" * 600):
        page = "".join(highlighted_html(exported((lead + family + "b").encode()), "t", [], LOOK))
        assert f">{family}</span>" in page


@pytest.mark.parametrize("tooltips", [True, False])
def test_tooltips_are_a_choice(tooltips: bool) -> None:
    look = replace(LOOK, tooltips=tooltips)
    page = "".join(highlighted_html(exported(b"hello world"), "t", [], look))
    assert ('title="id' in page) == tooltips


def test_pieces_of_a_reconstruction_are_not_called_ids() -> None:
    data = b"Hello, world"
    info = registry().info("claude-v3")
    source = replace(exported(data, "claude-v3"), id_word=info.id_word, note=info.note)
    record = json.loads("".join(export_json(source)))
    assert "ids" not in record and len(record["pieces"]) == record["count"] == 3
    assert "not Claude's own" in record["note"]
    assert "".join(export_csv(source)).splitlines()[0].split(",")[:3] == ["index", "piece", "start"]
    assert "not Claude's own" not in "".join(export_json(exported(data)))
