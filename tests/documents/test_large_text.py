"""A text in parts is the text as a whole: the same encoding, the same characters, the same damage."""

import codecs
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.texts import CASES, SOURCE, TEXTS
from tokviz.documents.decoding import NotTextError, ReadOptions, TextFile, decode_bytes
from tokviz.documents.encodings import find_encoding
from tokviz.documents.large_text import Blocks, LargeText, Splitting, TextPart, UnsplittableError
from tokviz.tokenization.splitting.split_policy import common_rule

RULE = common_rule()


def last_split(data: bytes, start: int) -> int:
    return RULE.previous_split(data, start, len(data))


def blocks_of(data: bytes, size: int) -> Blocks:
    def blocks() -> Iterator[bytes]:
        return (data[start : start + size] for start in range(0, len(data), size))

    return blocks


def parts_of(data: bytes, block: int, options: ReadOptions | None = None, size: int = 50) -> list[TextPart]:
    text = LargeText(blocks_of(data, block), options or ReadOptions())
    return list(text.parts(Splitting(size, 1 << 20, last_split)))


def joined(data: bytes, block: int, options: ReadOptions | None = None) -> TextFile:
    options = options or ReadOptions()
    text = LargeText(blocks_of(data, block), options)
    parts = list(text.parts(Splitting(50, 1 << 20, last_split)))
    assert sum(part.size for part in parts) == len(data)
    assert [part.opens for part in parts] == [True] + [False] * (len(parts) - 1)
    assert [part.ends for part in parts] == [False] * (len(parts) - 1) + [True]
    known = text.file
    replaced = sum(part.replaced for part in parts)
    return TextFile(
        b"".join(part.text for part in parts), known.encoding, replaced, known.basis, known.others
    )


@given(st.binary(max_size=300), st.sampled_from((4, 8, 64, 300)))
def test_any_bytes_read_as_utf8_are_the_same_in_parts(data: bytes, block: int) -> None:
    options = ReadOptions(binaries=True, encoding=find_encoding("utf-8"), forced=True)
    assert joined(data, block, options) == decode_bytes(data, options)


@given(
    st.text(max_size=300), st.sampled_from((4, 8, 64)), st.sampled_from(("utf-16-le", "utf-32-be", "utf-8"))
)
def test_any_text_is_the_same_in_parts(text: str, block: int, codec: str) -> None:
    data = text.encode(codec, "replace")
    options = ReadOptions(binaries=True, encoding=find_encoding(codec), forced=True)
    assert joined(data, block, options).text == decode_bytes(data, options).text


@pytest.mark.parametrize(
    "codec", ["cp932", "euc_jp", "gb18030", "big5hkscs", "cp949", "iso2022_jp", "cp1251"]
)
@pytest.mark.parametrize("damage", [b"", b"\xff"])
def test_characters_of_several_bytes_are_not_cut(codec: str, damage: bytes) -> None:
    sample = {"cp949": "한국어 문장입니다. ", "cp1251": "Это русский текст. "}.get(
        codec, "日本語の文、漢字。 "
    )
    once = sample.encode(codec) + damage
    data, options = once * 40, ReadOptions(encoding=find_encoding(codec), forced=True)
    expected = decode_bytes(data, options)
    for block in (5, 7, 64):
        assert joined(data, block, options) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("naïve café, 漢字 🙂 here.\n".encode() * 200, id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + "naïve café here.\n".encode() * 200, id="UTF-8 with BOM"),
        pytest.param(b"plain text, of some words.\r\n" * 200, id="ASCII"),
        pytest.param("naïve café here.\n".encode() * 200 + b"\xff and \xc3", id="damage at the end"),
        pytest.param(codecs.BOM_UTF16_LE + "some words, naïve.\n".encode("utf-16-le") * 200, id="UTF-16"),
        pytest.param("some words, naïve.\n".encode("utf-16-be") * 200, id="UTF-16 without a mark"),
        pytest.param(
            b"plain text.\n" * 300 + "déjà vu, où ça? élève.\n".encode("cp1252") * 40, id="cp1252 late"
        ),
        pytest.param(
            b"plain text.\n" * 300 + "日本語の文章です。\n".encode("iso2022_jp") * 9, id="ISO-2022-JP"
        ),
    ],
)
def test_the_encoding_is_found_as_in_the_whole(data: bytes) -> None:
    expected = decode_bytes(data)
    for block in (1024, 4096):
        assert joined(data, block) == expected


@pytest.mark.parametrize(("codec", "language"), CASES)
def test_every_encoding_is_found_as_in_the_whole(codec: str, language: str) -> None:
    data = SOURCE.encode() * 2 + f"{TEXTS[language]}\n".encode(codec) * 20
    found, expected = joined(data, 4096), decode_bytes(data)
    assert (found.text, found.encoding) == (expected.text, expected.encoding)


def test_damage_far_behind_is_damage() -> None:
    data = "naïve café here.\n".encode() * 500 + b"\xe9t\xe9 "
    found = joined(data, 1024)
    assert (found.encoding, found.replaced) == ("UTF-8", decode_bytes(data).replaced)


def test_a_nul_far_behind_makes_what_is_not_utf8_binary() -> None:
    data = "déjà vu, où ça? élève.\n".encode("cp1252") * 1000 + b"\0"
    for read in (decode_bytes, lambda data: LargeText(blocks_of(data, 1024))):
        with pytest.raises(NotTextError):
            read(data)


def test_binary_data_is_refused_by_its_first_block() -> None:
    def blocks() -> Iterator[bytes]:
        yield b"\x7fELF\0\0\0\0" * 100
        raise AssertionError("it reads on")

    with pytest.raises(NotTextError):
        LargeText(blocks)


def test_a_text_without_a_place_to_split_is_refused() -> None:
    text = LargeText(blocks_of(b"a" * 5000, 1000))
    with pytest.raises(UnsplittableError, match="2,000 bytes of it have no place to split it at"):
        list(text.parts(Splitting(500, 2000, last_split)))
    assert [part.text for part in text.parts(Splitting(500, 5000, last_split))] == [b"a" * 5000]


def test_parts_are_about_as_large_as_asked_for() -> None:
    parts = parts_of(b"some words, of a text.\n" * 1000, 1000, size=2000)
    assert max(len(part.text) for part in parts) <= 3000
    assert len(parts) > 5
