"""The page of a comparison: the text comes back whole, and nothing in it can break out of it."""

from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.comparison import panes_html
from tokviz.analysis.comparison.panes_html import HtmlPane
from tokviz.analysis.tokens.html_page import HtmlColors

COLORS = HtmlColors(
    "#fff", "#fff", "#000", "#555", "#ccc", "#666", "#b0c", "#850", ["#cfe2ff", "#cdeccf"], dark=False
)


class Page(HTMLParser):
    """Collects each pane's text, its spans' classes and tooltips, and every tag."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.panes: list[str] = []
        self.spans: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "div":
            self.panes.append("")
            self._depth = 1
        elif tag == "span" and self._depth:
            self.spans.append((given["class"] or "", given["title"] or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._depth = 0

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.panes[-1] += data


def pane_of(ends: list[int]) -> HtmlPane:
    return HtmlPane("a pane", "", np.arange(len(ends), dtype=np.uint32), np.array(ends, np.int64))


def page(data: bytes, *ends: list[int]) -> Page:
    panes = [
        HtmlPane(
            f"pane <{number}>", "1 token", np.arange(len(each), dtype=np.uint32), np.array(each, np.int64)
        )
        for number, each in enumerate(ends)
    ]
    return Page("".join(panes_html.panes_html("A & B", "two <tokenizers>", data, len(data), panes, COLORS)))


@settings(deadline=None)
@given(st.text(max_size=80).filter(lambda text: "\x00" not in text), st.data())
def test_every_pane_holds_the_text(text: str, data: st.DataObject) -> None:
    body = text.encode("utf-8", "replace")
    if not body:
        return
    cuts = st.lists(st.integers(1, len(body)), max_size=30)
    found = page(body, *(sorted([*data.draw(cuts), len(body)]) for _ in range(3)))
    assert found.panes == [body.decode()] * 3


def test_markup_in_the_text_stays_text() -> None:
    found = page(b"</div><script>alert('x')</script>\"&amp;", [4, 39], [39])
    assert "script" not in found.tags
    assert found.panes[0] == "</div><script>alert('x')</script>\"&amp;"


def test_differing_boundaries_and_split_characters_are_marked() -> None:
    body = "ab✓c".encode()  # ✓ is E2 9C 93
    found = page(body, [1, 3, 5, 6], [2, 5, 6])
    one, other = found.spans[:3], found.spans[3:]
    assert [kind.split()[1] for kind, _ in one] == ["d", "c", "c"]
    assert one[1][0].endswith(" s") and one[1][1] == "1: 62 E2 · 2: 9C 93"
    assert [kind.split()[1] for kind, _ in other] == ["d", "c", "c"]


@pytest.mark.parametrize("glyph", ["👨‍👩‍👧", "🇩🇪", "e\u0301\u0323", "क्षि", "ก็", "🏳️‍🌈"])
def test_what_people_see_as_one_character_is_never_torn(glyph: str) -> None:
    body = f"a{glyph}b".encode()
    every_byte = list(range(1, len(body) + 1))
    every_code_point = [len(f"a{glyph}b"[:n].encode()) for n in range(1, len(glyph) + 3)]
    panes = [pane_of(every_byte), pane_of(every_code_point)]
    text = "".join(panes_html.panes_html("t", "s", body, len(body), panes, COLORS))
    assert text.count(f">{glyph}</span>") == 2
    found = Page(text)
    assert [tip.count("·") for _, tip in found.spans] == [0, len(glyph.encode()) - 1, 0, 0, len(glyph) - 1, 0]
    assert [kind.endswith(" s") for kind, _ in found.spans] == [False, True, False] * 2


def test_each_flag_of_a_row_stands_alone() -> None:
    body = "🇩🇪🇫🇷".encode()
    found = page(body, [4, 8, 12, 16], [8, 16])
    assert [tip.count("·") for _, tip in found.spans] == [1, 1, 0, 0]
    assert [kind.split()[1] for kind, _ in found.spans] == ["c"] * 4


def test_tokens_without_bytes_stand_with_those_behind_them() -> None:
    found = page(b"ab", [1, 1, 2], [2])
    assert [tip for _, tip in found.spans] == ["0: 61", "1:  · 2: 62", "0: 61 62"]


def test_a_long_text_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panes_html, "LIMIT", 11)
    body = "0123456789✓ and more".encode()
    pane = HtmlPane("p", "", np.zeros(2, np.uint32), np.array([9, len(body)], np.int64))
    text = "".join(panes_html.panes_html("t", "s", body, 5000, [pane], COLORS))
    assert Page(text).panes == ["0123456789"]
    assert "the first 10 of 5,000 bytes" in text


def test_a_page_needs_nothing_beside_it() -> None:
    pane = HtmlPane("p", "", np.zeros(1, np.uint32), np.array([1], np.int64))
    text = "".join(panes_html.panes_html("t", "s", b"x", 1, [pane], COLORS))
    assert "http" not in text and "src=" not in text and "@import" not in text
