"""Someone types a text on the compare page, and sees what two tokenizers make of it and where they part."""

import pytest

from tests.end_to_end.conftest import Start
from tests.end_to_end.screen import eventually

pytestmark = pytest.mark.slow

TEXT = "unbelievable Sprachen der Welt"
"""By tiktoken: o200k_base ends tokens at 2 5 12 15 21 25 30, cl100k_base at 2 7 12 16 21 25 30."""


def test_compare_two_tokenizers(start: Start) -> None:
    user = start()
    user.press("ctrl+3")
    user.find("page tab list", "Compare")
    first = user.find("text", "Text cut by o200k_base.*")
    user.await_state(first, "focused")
    user.hands.type(TEXT)
    user.find("label", "Pane 1: 7 tokens.*")
    # Another tokenizer for the second pane.
    user.choose(user.find("combo box", "Gemma.*"), "cl100k")
    second = user.find("text", "Text cut by cl100k_base.*")
    user.find("label", "Pane 2: 7 tokens.*")
    assert second.text == first.text == TEXT
    # Of eight ends of tokens before the text's own, both have these: 2 12 21 25.
    user.find("label", "50.0 % of boundaries common · 4 differ")
    overview = user.find("list", "Where the tokenizers differ")
    eventually(
        lambda: overview.description.startswith("Differences in 4 of "), "the differences in the overview"
    )
    # The keys lead to where they part: believable is cut after “bel” by one and after “belie” by the other.
    user.click(first)
    user.await_state(first, "focused")
    user.press("ctrl+Home", "F8")
    user.find("label", "What is pointed at: Byte 2: “believable”: o200k_base 2 tokens, cl100k_base 2 tokens")
    user.press("F8")
    user.find("label", "What is pointed at: Byte 12: .*")
    # The tables say it for all tokenizers; the text page has the text too.
    table = user.find("table", "All tokenizers for this text")
    eventually(lambda: table.row_count() > 20, "all tokenizers")
    user.press("ctrl+1")
    user.find("label", "Tokens of the text: 7")
