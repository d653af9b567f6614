"""Every encoding is recognized, damage is counted, and what is a guess says so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.texts import CASES, SIGNS, SOURCE, TEXTS
from tokviz.documents.decoding import Basis, NotTextError, ReadOptions, TextFile, decode_bytes
from tokviz.documents.encodings import ENCODINGS, Encoding, find_encoding


def chosen(data: bytes, name: str) -> TextFile:
    return decode_bytes(data, ReadOptions(encoding=find_encoding(name), forced=True))


MULTI_BYTE = [(codec, language) for codec, language in CASES if language in ("ja", "zh", "zht", "ko")]


def read(data: bytes) -> str:
    return decode_bytes(data).text.decode()


@pytest.mark.parametrize(("codec", "language"), CASES)
def test_a_page_in_any_encoding_reads_as_written_and_is_known_or_guessed(codec: str, language: str) -> None:
    found = decode_bytes((TEXTS[language] + "\n").encode(codec))
    assert found.text.decode() == TEXTS[language] + "\n"
    assert found.replaced == 0
    assert found.guessed == (codec != "iso2022_jp")
    assert find_encoding(found.encoding)


@pytest.mark.parametrize(("codec", "language"), CASES)
def test_a_comment_in_a_source_file_is_not_drowned_by_it(codec: str, language: str) -> None:
    text = SOURCE.replace("COMMENT", TEXTS[language])
    assert read(text.encode(codec)) == text


@pytest.mark.parametrize(("codec", "language"), MULTI_BYTE)
def test_lines_of_any_length_in_an_east_asian_encoding(codec: str, language: str) -> None:
    text = (TEXTS[language].replace("\n", " ") * 20 + "\n") * 3
    assert read(text.encode(codec)) == text


@pytest.mark.parametrize(("codec", "language"), MULTI_BYTE)
def test_one_bad_byte_or_a_cut_last_character_costs_one_character(codec: str, language: str) -> None:
    if codec == "iso2022_jp":
        pytest.skip("its damage is a broken escape sequence")
    text = TEXTS[language].rstrip() + "\n"
    data = text.encode(codec)
    assert decode_bytes(data + b"\xff\n" + data).text.decode().replace("\ufffd", "") == text + "\n" + text
    cut = decode_bytes(text.rstrip("\n.。 ").encode(codec)[:-1])
    assert cut.text.decode().startswith(text[:20])
    assert cut.replaced == 1


@pytest.mark.parametrize("text", SIGNS)
def test_signs_alone_are_western(text: str) -> None:
    found = decode_bytes(text.encode("cp1252"))
    assert (found.text.decode(), found.encoding) == (text, "Windows-1252")


@pytest.mark.parametrize("width", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", [*TEXTS, "en"])
def test_wide_encodings_with_and_without_a_mark(width: str, language: str) -> None:
    text = TEXTS.get(language, "Hello, world\r\n🎉\n")
    shown = find_encoding(width).shown
    assert decode_bytes(text.encode(width)) == TextFile(text.encode(), shown, 0, Basis.FORM)
    assert decode_bytes(("\ufeff" + text).encode(width)) == TextFile(text.encode(), shown, 0, Basis.MARK)


def test_utf16_cut_in_the_middle_of_a_unit() -> None:
    found = decode_bytes("\ufeffab".encode("utf-16-le") + b"x")
    assert found == TextFile("ab\ufffd".encode(), "UTF-16 LE", 1, Basis.MARK)


@pytest.mark.parametrize(
    "data",
    [
        b"generic-board\0",
        b"Example Pi 4 Model B Rev 1.4\0",
        b"A=1\0B=2\0C=3\0",
        b'{"a": 1}\n\0',
        b"var r=/[\0-\x1f]/g;\n",
        b"id,name,n\n1,\0,3\n2,bob,4\n",
        b"hello\0world",
        b"A\0\n",
        b"ab\0\0",
        b"x\0\0\0",
    ],
)
def test_ascii_with_a_few_nuls_is_no_utf16(data: bytes) -> None:
    with pytest.raises(NotTextError, match="NUL"):
        decode_bytes(data)


def test_damaged_utf8_stays_utf8_and_the_damage_is_counted() -> None:
    good = "größer, schöner, weiter – für alle".encode()
    assert decode_bytes(good + b"\xff" + good) == TextFile(good + "\ufffd".encode() + good, "UTF-8", 1)
    assert decode_bytes("\ufffd\ufffd ok äöüäöüäöü ".encode() + b"\xff").replaced == 1
    assert decode_bytes(b"ready \xe2\x9c") == TextFile("ready \ufffd".encode(), "UTF-8", 1)
    mixed = decode_bytes("un café naïf, un ".encode() + b"\xe9l" + "ève\n".encode())
    assert mixed == TextFile("un café naïf, un \ufffdlève\n".encode(), "UTF-8", 1)


def test_too_little_to_go_by_is_told_with_other_readings() -> None:
    found = decode_bytes(b"ab\xe0\xe8 cd\n")
    assert found.basis is Basis.UNSURE
    assert found.guessed
    assert 1 <= len(found.others) <= 2
    others = {chosen(b"ab\xe0\xe8 cd\n", name).text for name in found.others}
    assert len({found.text} | others) == 1 + len(found.others)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"\xe9", "é", "Windows-1252"),
        (b"caf\xe9", "café", "Windows-1252"),
        (b"\xb0C", "°C", "Windows-1252"),
        (b"\xc3", "Ã", "Windows-1252"),  # one byte: as good a letter as a character's first
        (b"ab \xe2\x9c", "ab \ufffd", "UTF-8"),  # two: a character that was cut
        (b"ab \xf0\x9f\x8e", "ab \ufffd", "UTF-8"),
    ],
)
def test_a_few_bytes_are_read_as_the_likeliest(data: bytes, text: str, encoding: str) -> None:
    found = decode_bytes(data)
    assert (found.text.decode(), found.encoding) == (text, encoding)
    assert found.replaced == text.count("\ufffd")


def test_a_long_file_is_judged_by_a_sample_and_decoded_whole() -> None:
    text = "x = 1  # une déclaration très générale, à évaluer après l'été où ça plaît\n" * 50_000
    assert read(text.encode("cp1252")) == text


def test_one_telling_word_in_a_line_of_a_megabyte() -> None:
    text = "a = 1; " * 150_000 + "/* Проверка настроек перед запуском */" + "b = 2; " * 50_000
    assert read(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4\n1 0 obj\n<< /Length 9 >>\nendobj\n",
        b"\xff\xd8\xff\xe1 and then words, words, words",
        b"\x1f\x8b\x08\x08\x11text" * 3,
        b"ID3\x03 song \xff\xfb words words",
    ],
)
def test_a_binary_format_is_named_and_not_read_as_text(data: bytes) -> None:
    with pytest.raises(NotTextError, match=r"it is binary data \((a|gzip|an)\b"):
        decode_bytes(data)


def test_words_that_begin_as_a_format_does_are_text_where_they_are_utf8() -> None:
    assert read("ID3 tags — a guide\n".encode()) == "ID3 tags — a guide\n"


def test_the_encoding_that_somebody_chose_is_taken() -> None:
    data = "Größe".encode("cp1252")
    assert chosen(data, "cp850").text.decode() == data.decode("cp850")
    assert chosen(data, "utf-8") == TextFile("Gr\ufffd\ufffde".encode(), "UTF-8", 2, Basis.GIVEN)
    marked = chosen("\ufeffGröße".encode("utf-16-be"), "utf-16")
    assert (marked.text.decode(), marked.encoding) == ("Größe", "UTF-16 BE")
    with pytest.raises(NotTextError):
        chosen(b"a\0b", "utf-8")
    as_text = ReadOptions(binaries=True, encoding=find_encoding("utf-8"), forced=True)
    assert decode_bytes(b"a\0b", as_text).text == b"a\0b"


def test_an_encoding_for_what_is_not_utf8_leaves_utf8_alone() -> None:
    options = ReadOptions(encoding=find_encoding("cp850"))
    assert decode_bytes("Größe".encode(), options) == TextFile("Größe".encode(), "UTF-8")
    found = decode_bytes("Größe".encode("cp850"), options)
    assert found == TextFile("Größe".encode(), "CP850", 0, Basis.GIVEN)


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(ENCODINGS), st.booleans(), st.booleans())
def test_any_bytes_in_any_encoding_become_valid_utf8_or_are_refused(
    data: bytes, encoding: Encoding, binaries: bool, forced: bool
) -> None:
    options = ReadOptions(binaries, encoding, forced)
    try:
        found = decode_bytes(data, options)
    except NotTextError as error:
        assert not binaries
        assert str(error).startswith("it is binary data (")
    else:
        assert found.text.decode().count("\ufffd") >= found.replaced


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.codec)
def test_plain_ascii_reads_in_every_encoding_that_holds_it(encoding: Encoding) -> None:
    for text in ("hello\n", "BM is short for bitmap; GIF89a\n", ""):
        read = decode_bytes(text.encode(encoding.codec), ReadOptions(encoding=encoding, forced=True))
        assert (read.text.decode(), read.replaced) == (text, 0)


@pytest.mark.parametrize("name", ["utf-8", "cp1252", "shift_jis"])
def test_control_characters_are_no_text_in_a_named_encoding_either(name: str) -> None:
    with pytest.raises(NotTextError, match="full of control characters"):
        chosen(bytes(range(1, 9)) * 100, name)


@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
@pytest.mark.parametrize("cut", [0, 1])
@pytest.mark.parametrize(
    "text",
    [
        "こんにちは、これはテストです。",
        "ありがとうございます。",
        "カタカナの",
        "ファイル: データ",
        "ok: すみません\n",
    ],
)
def test_kana_alone_are_japanese(codec: str, cut: int, text: str) -> None:
    data = text.encode(codec)
    found = decode_bytes(data[: len(data) - cut])
    assert found.encoding == {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}[codec]
    assert found.text.decode().startswith(text[:-2])


@pytest.mark.parametrize("codec", ["cp850", "cp437", "cp1252", "mac_roman"])
def test_letters_with_accents_are_no_kana(codec: str) -> None:
    for text in ("âge âgé gâté pâté", "señor, señal, año, niño", "à côté de la forêt, même à pâques"):
        assert decode_bytes(text.encode(codec)).encoding not in ("Shift_JIS", "EUC-JP")


@pytest.mark.parametrize("text", ["naïve", "a naïve", "ça", "a Ærø"])
def test_a_few_letters_are_western_before_they_are_anything_rare(text: str) -> None:
    found = decode_bytes(text.encode("cp1252"))
    assert (found.text.decode(), found.encoding, found.basis) == (text, "Windows-1252", Basis.UNSURE)


@pytest.mark.parametrize(
    ("text", "codec", "shown"),
    [("吾輩は猫である。", "euc_jp", "EUC-JP"), ("今天天气很好，我", "gb18030", "GB18030")],
)
@pytest.mark.parametrize("at", [0, 8])
def test_one_bad_byte_loses_no_short_east_asian_text(text: str, codec: str, shown: str, at: int) -> None:
    data = text.encode(codec)
    found = decode_bytes(data[:at] + b"\xff" + data[at:])
    assert (found.encoding, found.replaced) == (shown, 1)
    assert found.text.decode().replace("\ufffd", "") == text
