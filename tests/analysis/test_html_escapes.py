"""Titles, facts and texts of the HTML exports are text wherever they stand: no escape can be left out."""

from html.parser import HTMLParser

import numpy as np

from tests.analysis.comparison.test_panes_html import COLORS
from tests.analysis.tokens.known_tokens import known
from tests.analysis.tokens.test_token_export import LOOK, exported
from tokviz.analysis.comparison.panes_html import HtmlPane, panes_html
from tokviz.analysis.tokens.html_page import page_head
from tokviz.analysis.tokens.token_export import Exported
from tokviz.analysis.tokens.token_html import highlighted_html

HOSTILE = "</title></pre><script>alert('&lt;')</script>\"<b onclick=x>&amp;"


class Texts(HTMLParser):
    """The text inside each kind of element, and all elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside: dict[str, str] = {}
        self.tags: set[str] = set()
        self.attributes: list[dict[str, str | None]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.append(dict(attrs))
        assert not any(name.startswith("on") for name, _ in attrs)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.inside[tag] = self.inside.get(tag, "") + data


def test_a_pages_title() -> None:
    page = Texts(page_head(HOSTILE, ""))
    assert page.inside["title"] == HOSTILE
    assert "script" not in page.tags


def test_the_highlighted_text_its_title_and_its_facts() -> None:
    page = Texts("".join(highlighted_html(exported(HOSTILE.encode()), HOSTILE, [HOSTILE, "2 tokens"], LOOK)))
    assert page.inside["title"] == page.inside["h1"] == HOSTILE
    assert page.inside["p"] == f"{HOSTILE}   ·   2 tokens"
    assert page.inside["pre"] == HOSTILE
    assert not page.tags & {"script", "b"}


def test_the_comparison_its_heading_summary_panes_and_texts() -> None:
    data = HOSTILE.encode()
    ends = np.array([9, len(data)], np.int64)
    pane = HtmlPane(HOSTILE, HOSTILE, np.arange(2, dtype=np.uint32), ends)
    page = Texts("".join(panes_html(HOSTILE, HOSTILE, data, len(data), [pane], COLORS)))
    assert page.inside["title"] == page.inside["h1"] == page.inside["h2"] == page.inside["div"] == HOSTILE
    assert page.inside["p"].count(HOSTILE) == 2
    assert not page.tags & {"script", "b"}


def test_the_name_of_a_token_that_the_model_adds() -> None:
    source = Exported(b"ab", known([(7, 0), (1, 2)]), {7: HOSTILE}, "any", "framed")
    page = Texts("".join(highlighted_html(source, "t", [], LOOK)))
    assert HOSTILE in [found.get("data-t") for found in page.attributes]
    assert not page.tags & {"script", "b"}


def test_the_tooltip_of_a_token() -> None:
    source = Exported(b"e", known([(1, 1)]), {}, "any", "plain", id_word=HOSTILE)
    page = Texts("".join(highlighted_html(source, "t", [], LOOK)))
    assert any(HOSTILE in (found.get("title") or "") for found in page.attributes)
    assert not page.tags & {"script", "b"}
