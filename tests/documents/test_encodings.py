"""Encodings other than UTF-8 are recognized and shown by name, and damage is counted."""

import pytest

from tokviz.documents.reading import TextFile, decode

RUSSIAN = "Это простой русский текст для проверки определения кодировки."
JAPANESE = "これは日本語のテキストです。プログラムを実行してください。"
CZECH_AND_POLISH = "Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń."
SAMPLES = [
    ("cp1252", "Windows-1252", "L'été dernier, j'ai mangé des crêpes — “vraiment” très bonnes."),
    ("cp1252", "Windows-1252", "Größe der Tür: 5 m²"),
    ("cp1252", "Windows-1252", "© 2004 José"),
    ("cp932", "Shift_JIS", JAPANESE),
    ("euc_jp", "EUC-JP", JAPANESE),
    ("gb18030", "GB18030", "这是一个简单的中文文本,用于测试编码检测。程序运行正常。"),
    ("big5", "Big5", "這是一個簡單的中文文本,用於測試編碼檢測。程式運行正常。"),
    ("cp949", "EUC-KR", "이것은 한국어 텍스트입니다. 인코딩 감지를 테스트합니다."),
    ("koi8_r", "KOI8-R", RUSSIAN),
    ("cp1251", "Windows-1251", RUSSIAN),
    ("cp866", "CP866", RUSSIAN),
    ("cp1250", "Windows-1250", CZECH_AND_POLISH),
    ("iso8859_2", "ISO-8859-2", CZECH_AND_POLISH),
    ("cp1253", "Windows-1253", "Αυτό είναι ένα απλό ελληνικό κείμενο για δοκιμή."),
    ("cp1256", "Windows-1256", "هذا نص عربي بسيط لاختبار اكتشاف الترميز"),
    ("utf-16-le", "UTF-16 LE", "Hello, world\r\n"),
    ("utf-16-be", "UTF-16 BE", "Hello, world\r\n"),
    ("utf-16-le", "UTF-16 LE", JAPANESE + "\n"),
    ("utf-16-be", "UTF-16 BE", JAPANESE + "\n"),
    ("utf-32-le", "UTF-32 LE", "Hello 🎉\n"),
    ("utf-32-be", "UTF-32 BE", "Hello 🎉\n"),
]


@pytest.mark.parametrize(("codec", "shown", "text"), SAMPLES)
@pytest.mark.parametrize("around", ["%s", "int main(void) {\n\t/* %s */\n\treturn 0;\n}\n"])
def test_recognized_alone_and_in_a_comment(codec: str, shown: str, text: str, around: str) -> None:
    whole = around % text
    assert decode(whole.encode(codec)) == TextFile(whole.encode(), shown, 0)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_says_the_width_and_order_and_is_not_text(codec: str) -> None:
    data = ("\ufeff" + "你好\n").encode(codec)
    assert decode(data) == TextFile("你好\n".encode(), f"{codec[:6].upper()} {codec[7:].upper()}", 0)
    assert decode("\ufeff".encode(codec)).text == b""


def test_utf16_cut_in_the_middle_of_a_unit() -> None:
    assert decode("\ufeffab".encode("utf-16-le") + b"x") == TextFile("ab\ufffd".encode(), "UTF-16 LE", 1)


def test_damaged_utf8_keeps_its_good_characters_and_counts_the_damage() -> None:
    good = "größer, schöner, weiter – für alle".encode()
    assert decode(good + b"\xff" + good) == TextFile(good + "\ufffd".encode() + good, "UTF-8", 1)


def test_replacement_characters_already_there_are_not_counted() -> None:
    data = "\ufffd\ufffd ok äöüäöüäöü ".encode() + b"\xff"
    assert decode(data).replaced == 1


def test_utf8_that_broke_off() -> None:
    assert decode(b"ready \xe2\x9c") == TextFile("ready \ufffd".encode(), "UTF-8", 1)


def test_one_byte_that_no_encoding_explains() -> None:
    assert decode(b"what is \x81 this") == TextFile("what is \ufffd this".encode(), "UTF-8", 1)


def test_a_long_legacy_file_is_judged_by_a_sample_and_decoded_whole() -> None:
    text = "déjà vu, plain line\n" * 200_000
    assert decode(text.encode("cp1252")).text == text.encode()


def test_utf8_with_a_few_bytes_of_another_encoding_stays_utf8() -> None:
    found = decode("un café naïf, un ".encode() + b"\xe9l" + "ève\n".encode())
    assert found == TextFile("un café naïf, un \ufffdlève\n".encode(), "UTF-8", 1)
