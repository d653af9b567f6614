"""Every byte and every token is of one kind, and the kinds are Unicode's."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.comparison import kinds
from tokviz.analysis.comparison.kinds import (
    FIRST_SCRIPT,
    KINDS,
    byte_kinds,
    byte_totals,
    token_kinds,
    token_totals,
)
from tokviz.analysis.comparison.scripts import SCRIPTS

NAMED_OTHERWISE = {
    "Odia": ("ORIYA",),
    "Burmese": ("MYANMAR",),
    "Kana": ("HIRAGANA", "KATAKANA"),
    "Han": ("CJK",),
}


def kind_of(text: str) -> str:
    found: set[int] = set(byte_kinds(text.encode()).tolist())
    assert len(found) == 1, (text, found)
    return KINDS[found.pop()]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (" \t\r\n\u00a0\u2003\u3000", "Whitespace"),
        ("0189٣५๔½Ⅻ", "Digits"),
        (".,()[]{}\"'—“”。、؟।", "Punctuation"),
        ("+<=>|$€°→", "Symbols"),
        ("😀🧑🏽🇯🇵🏴\U000e0067☕⚠️", "Emoji"),
        ("\x00\x1b\u200b\u200d\ufeff", "Control characters"),
        ("Straßeéñ", "Latin"),
        ("Ωμέγα", "Greek"),
        ("Ёлка", "Cyrillic"),
        ("مرحبًا", "Arabic"),
        ("हिन्दी", "Devanagari"),
        ("ที่นี่", "Thai"),
        ("漢字𠮷", "Han"),
        ("かなカナｶﾅ", "Kana"),
        ("한국어", "Hangul"),
        ("ᚠᚢᚦ", "Other letters and marks"),
    ],
)
def test_characters_have_their_kind(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_table_of_scripts_agrees_with_the_names_of_the_letters(script: str) -> None:
    prefixes = NAMED_OTHERWISE.get(script, (script.upper(),))
    right = wrong = 0
    for point in (*range(0x3400), *range(0xA000, 0xB000), *range(0xF900, 0x20000)):
        character = chr(point)
        if unicodedata.category(character)[0] not in "LM":
            continue
        if unicodedata.name(character, "").startswith(prefixes):
            if kind_of(character) == script:
                right += 1
            else:
                wrong += 1
    # Phonetic letters in foreign blocks (ᴦ, ᵦ) and Coptic's in the Greek one are the few exceptions.
    assert right > 40 and wrong <= right * 0.04, (right, wrong)


@settings(deadline=None)
@given(st.text(), st.data())
def test_kinds_add_up(text: str, data: st.DataObject) -> None:
    body = text.encode("utf-8", "replace")
    cut = st.lists(st.integers(0, len(body)), max_size=30)
    ends = [np.array(sorted([*data.draw(cut), len(body)]), np.int64) for _ in range(2)]
    sizes, tokens = byte_totals(body), [token_totals(body, each) for each in ends]
    assert sizes.sum() == len(body)
    assert [each.sum() for each in tokens] == [len(each) for each in ends]
    assert all(len(each) == len(KINDS) for each in (sizes, *tokens))


def test_the_totals_of_parts_add_up_to_the_whole() -> None:
    body = "One 字 two 😀\n\n  3 four. ".encode() * 9
    cuts = np.array([number for number in range(1, len(body)) if body[number] & 0xC0 != 0x80], np.int64)
    place = int(cuts[len(cuts) // 2])
    head, tail = body[:place], body[place:]
    assert np.array_equal(byte_totals(head) + byte_totals(tail), byte_totals(body))
    first = token_totals(head, cuts[cuts <= place])
    second = token_totals(tail, np.append(cuts[cuts > place], len(body)) - place)
    assert np.array_equal(first + second, token_totals(body, np.append(cuts, len(body))))


@settings(deadline=None)
@given(st.text(alphabet=" \na1é字\U0001f600", max_size=60), st.data())
def test_a_token_is_of_the_kind_of_its_first_solid_byte(text: str, data: st.DataObject) -> None:
    body = text.encode()
    inner = data.draw(st.lists(st.integers(0, len(body)), max_size=20))
    ends = np.array(sorted([*inner, len(body)]), np.int64)
    of_bytes = byte_kinds(body)
    found = token_kinds(of_bytes, ends)
    start = 0
    for kind, end in zip(found, ends.tolist(), strict=True):
        solid = [each for each in of_bytes[start:end] if KINDS[each] != "Whitespace"]
        if start < end:
            assert KINDS[kind] == (KINDS[solid[0]] if solid else "Whitespace")
        elif body:
            assert kind == of_bytes[max(start - 1, 0)]
        start = end


def test_blocks_and_long_runs_of_whitespace(monkeypatch: pytest.MonkeyPatch) -> None:
    body = (" " * 40 + "word" + "\n" * 30 + "字😀 é1").encode() * 20
    ends = np.append(np.arange(44, len(body), 44), len(body)).astype(np.int64)
    sizes, tokens = byte_totals(body), token_totals(body, ends)
    monkeypatch.setattr(kinds, "_BLOCK", 7)
    monkeypatch.setattr(kinds, "_LONGEST_RUN", 9)
    assert np.array_equal(token_totals(body, ends), tokens) and np.array_equal(byte_totals(body), sizes)
    assert tokens[FIRST_SCRIPT + SCRIPTS.index("Latin")] >= 20


def test_nothing_is_of_no_kind() -> None:
    assert byte_totals(b"").sum() == token_totals(b"", np.zeros(0, np.int64)).sum() == 0
