"""What is said about one token: checked against real tokenizers, for every kind of text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.tokens.known_tokens import known, registry, tokenized
from tokviz.analysis.tokens.token_details import TokenDetails, TokenFact, boundary_notation, token_details
from tokviz.analysis.tokens.token_list import TokenList
from tokviz.tokenization.tokenizer import SpecialTokens


def details(
    data: bytes, index: int, name: str = "o200k_base", mode: SpecialTokens = SpecialTokens.PLAIN
) -> TokenDetails:
    tokenizer = registry().get(name, mode)

    def fact(token_id: int) -> TokenFact:
        return TokenFact(
            token_id, tokenizer.token_bytes(token_id), tokenizer.special_tokens.get(token_id, "")
        )

    found = token_details(
        data,
        tokenized(data, name, mode),
        (index, -1, -1),
        registry().info(name),
        fact,
        characters_before(data),
    )
    assert found is not None
    return found


def characters_before(data: bytes):  # type: ignore[no-untyped-def]
    return lambda offset: (
        len(data[:offset].decode("utf-8", "ignore")) + (offset < len(data) and data[offset] & 0xC0 == 0x80)
    )


def test_an_ordinary_token() -> None:
    found = details(b"AI models are fascinating", 1)
    assert (found.index, found.start, found.end, found.text) == (1, 2, 9, b" models")
    assert (found.character_start, found.character_end) == (2, 9)
    assert [(item.code, item.count) for item in found.code_points][:2] == [("U+0020", 1), ("U+006D", 1)]
    assert found.code_points[0].name == "SPACE"
    assert found.hex == "20 6D 6F 64 65 6C 73"
    assert not found.shared and not found.rewritten and not found.notes and not found.special
    assert found.line == (
        f"·models   id {found.token_id}   index 1   20 6D 6F 64 65 6C 73   bytes 2–8   characters 2–8"
    )


def test_a_character_split_over_tokens_has_its_true_boundaries() -> None:
    data = "🫠".encode()
    tokens = tokenized(data)
    assert tokens.count is not None and tokens.count > 1
    for index in range(tokens.count):
        found = details(data, index)
        (shared,) = found.shared
        assert shared.text == "🫠"
        assert [part.index for part in shared.parts] == list(range(tokens.count))
        assert shared.notation.replace("·", " ") == data.hex(" ").upper()
        assert shared.notation.count("·") == tokens.count - 1
        assert (found.character_start, found.character_end) == (0, 1)
        assert not found.code_points
        assert "shares 🫠" in found.line


def test_a_glyph_of_several_code_points_names_all_its_tokens() -> None:
    data = "x👨‍👩‍👧y".encode()
    tokens = tokenized(data)
    inside = tokens.index_at(5)
    (shared,) = details(data, inside).shared
    assert shared.text == "👨‍👩‍👧"
    assert (shared.start, shared.end) == (1, len(data) - 1)
    assert len(shared.parts) > 2
    assert {part.index for part in shared.parts} == set(range(1, (tokens.count or 0) - 1))


def test_a_mark_alone_belongs_to_the_letter_before() -> None:
    tokens = known([(1, 1), (2, 2)])
    found = token_details(
        "e\u0301".encode(), tokens, (1, 1, 3), registry().info("o200k_base"), lambda _: None, lambda _: 0
    )
    assert found is not None
    assert [item.text for item in found.shared] == ["e\u0301"]
    assert found.shared[0].notation == "65·CC 81"
    assert found.fact is None


def test_repeated_code_points_are_counted() -> None:
    data = b"x" + b" " * 60 + b"y"
    found = details(data, 1)
    assert [(item.name, item.count) for item in found.code_points] == [("SPACE", len(found.text))]


@pytest.mark.parametrize(
    ("name", "text", "after", "form"),
    [("qwen3", "cafe\u0301!", "é", "NFC"), ("claude-2", "of\ufb01ce", "fi", "NFKC")],
)
def test_what_a_normalization_changes_is_shown(name: str, text: str, after: str, form: str) -> None:
    data = text.encode()
    count = tokenized(data, name).count or 0
    changes = [change for index in range(count) for change in details(data, index, name).rewritten]
    assert changes
    assert {(change.after, change.form) for change in changes} == {(after, form)}


def test_nothing_is_said_to_change_where_nothing_does() -> None:
    data = "naïve café".encode()
    count = tokenized(data, "qwen3").count or 0
    assert not any(details(data, index, "qwen3").rewritten for index in range(count))


def test_the_space_before_the_text_is_explained() -> None:
    found = details(b"Hello", 0, "mistral-v3")
    assert found.fact is not None and found.fact.data == b" Hello"
    assert found.notes == (
        "The tokenizer puts a space before every text; this token holds it, though the text does not.",
    )


def test_a_space_written_as_a_sign_is_told_from_one_in_the_text() -> None:
    data = "a ▁b".encode()
    count = tokenized(data, "gemma").count or 0
    assert any("U+2581" in note for index in range(count) for note in details(data, index, "gemma").notes)


def test_tokens_that_the_model_adds_cover_nothing() -> None:
    data = b"Hi"
    found = details(data, 0, "llama3", SpecialTokens.FRAMED)
    assert found.special
    assert (found.text, found.start, found.end) == (b"", 0, 0)
    assert found.spelled == "<|begin_of_text|>"
    assert "no byte of the text" in found.line
    assert "special" in found.line


def test_a_token_that_is_not_there_has_no_details() -> None:
    tokens = known([(1, 1), (2, 2)])
    info = registry().info("o200k_base")
    assert token_details(b"abc", tokens, (2, 0, 0), info, lambda _: None, int) is None
    assert token_details(b"abc", tokens, (-1, 0, 2), info, lambda _: None, int) is None
    found = token_details(b"abc", tokens, (-1, 1, 3), info, lambda _: None, int)
    assert found is not None and found.index == 1


def test_boundaries_in_bytes() -> None:
    assert boundary_notation(b"\xe2\x9c\x93", 10, [11, 12, 13]) == "E2·9C·93"
    assert boundary_notation(b"\xe2\x9c\x93", 10, [5, 12, 99]) == "E2 9C·93"


TEXTS = st.text(
    alphabet=st.sampled_from("ab \n\r\t.e\u0301日本ก็ำ👨\u200d👩🇩🇪\u0000\ufeff\u200fעב"),
    min_size=1,
    max_size=30,
)


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.sampled_from(["o200k_base", "r50k_base", "qwen3", "gemma"]))
def test_every_token_of_every_text_has_details_that_add_up(text: str, name: str) -> None:
    data = text.encode()
    tokens = tokenized(data, name, chunks=2)
    assert isinstance(tokens, TokenList)
    count = tokens.count
    assert count is not None
    joined = b""
    for index in range(count):
        found = details(data, index, name)
        joined += found.text
        assert found.text == data[found.start : found.end]
        whole = "".join(item.character * item.count for item in found.code_points)
        assert whole.encode() in found.text
        for shared in found.shared:
            assert data[shared.start : shared.end].decode() == shared.text
            assert bytes.fromhex(shared.notation.replace("·", " ")) == shared.text.encode()
            assert len([part for part in shared.parts if part.end > part.start]) > 1
        assert found.line.isprintable() or found.shared
    assert joined == data
