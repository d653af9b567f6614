"""Texts and bytes that somebody may paste, pipe or open, each with what is expected of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Input:
    """What is put in, and what comes of it."""

    data: bytes
    """As piped or as a file."""
    encoding: str = "UTF-8"
    """What it is read as; empty: it is refused as binary."""
    expected: str | None = None
    """What it reads as; None: it is UTF-8, and stays as it is."""
    replaced: int = 0
    """How many U+FFFD stand for bytes."""
    refusal: str = "binary data"
    """What is said where it is refused; empty: `count` has something to say of it all the same."""
    paste: bool = True
    """Whether it is a text, that can be pasted."""

    @property
    def text(self) -> str | None:
        """The text to paste."""
        if not self.paste or not self.encoding:
            return None
        return self.data.decode() if self.expected is None else self.expected


def _text(text: str) -> Input:
    return Input(text.encode())


def _read_as(text: str, codec: str, shown: str) -> Input:
    return Input(text.encode(codec), shown, text)


INPUTS: dict[str, Input] = {
    "nothing": _text(""),
    "one blank": _text(" "),
    "one line end": _text("\n"),
    "a carriage return": _text("\r"),
    "mixed line ends": _text("a\r\nb\nc\rd\u2028e\u2029f\u0085g\x0bh\x0ci\r\r\n\n\r"),
    "no line end": _text("x" * 100_000),
    "only blanks": _text(" " * 200_000),
    "only line ends": _text("\n" * 20_000),
    "only tabs": _text("\t" * 20_000),
    "blanks of every width": _text("\u00a0\u2000\u2003\u2009\u200a\u202f\u205f\u3000\u1680" * 200),
    "what nobody sees": _text("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u180e" * 200),
    "marks without end": _text("a" + "\u0301" * 5000 + "b" + "\u0338\u20e3" * 500),
    "zalgo": _text("H̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘ ̶̧̨̱̹̭̯ͧ̾ͬC̷̙̲̝͖ͭ̏ͥͮ͟Oͮ͏̮̪̝͍M̲̖͊̒ͪͩͬ̚̚͜Ȇ̴̟̟͙̞ͩ͌͝S̨̥̫͎̭ͯ̿̔̀ͅ\n" * 20),
    "right to left": _text("שלום עולם (abc) 123 مرحبا بالعالم\n" * 50),
    "overrides": _text("\u202e\u2067abc\u2066def\u202b\u202a\u2069\n" * 50 + "\u202e" * 300),
    "emoji": _text("👨‍👩‍👧‍👦🏳️‍🌈🇩🇪🇯🇵🧑🏽‍🚀☝🏿❤️‍🔥" * 50),
    "flags without a partner": _text("🇩" * 301),
    "jamo": _text("각ᄀᄀᄀ가각ᆨᆨ힣" * 100),
    "no blanks between words": _text("ภาษาไทยไม่มีช่องว่างระหว่างคำ" * 100),
    "astral": _text("𝕳𝖊𝖑𝖑𝖔 𒀀𓀀🀄\U000e0041\U0010ffff" * 100),
    "noncharacters": _text("\ufffe\uffff\ufdd0\U0001ffff\U0010fffe" * 50),
    "replacement characters": _text("\ufffd" * 300),
    "controls": _text("".join(map(chr, (*range(1, 8), 11, 12, *range(14, 32), 127))) + "x" * 500),
    "escapes": _text("\x1b[31mred\x1b[0m \x1b]52;c;eA==\x07 \x9b2J" * 40),
    "markup": _text("</pre></textarea><script>alert(1)</script><b onclick='x'>&amp;&#0;" * 30),
    "formulas": _text("=cmd|' /C calc'!A0\t@SUM(1)\t+1-1\n" * 30),
    "special tokens": _text("<|endoftext|><|im_start|>user<|fim_prefix|><s></s>[INST]<bos><pad>" * 30),
    "half a special token": _text("<|endoftext" + "<|" * 300),
    "backtracking": _text("a" * 20_000 + "!" + "(a+)+$" * 100),
    "alternating": _text("aA1 .,\n" * 5000),
    "digits": _text("1234567890" * 3000),
    "apostrophes": _text("don't we'LL they'Ve 's''t ’s" * 400),
    "base64": _text("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo" * 2000),
    "deep brackets": _text("[" * 20_000 + "]" * 20_000),
    "deep markup": _text("<div>" * 5000),
    "a fence in a fence": _text("````\n```\n~~~\n" * 300),
    "a late NUL": Input(b"x" * 9000 + b"\0 and more\n"),
    "a mark first": _text("\ufeffmarked\n"),
    "a mark inside": _text("in\ufeffside\n"),
    "formats in words": _text("%PDF is a format, PK too, \x89PNG as well — GIF89a\n" * 20),
    "a NUL": Input(b"a\0b", "", paste=False),
    "a picture": Input(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "", refusal="", paste=False),
    "a program": Input(b"\x7fELF\x02\x01\x01" + bytes(200), "", paste=False),
    "a document": Input(b"%PDF-1.7\n1 0 obj\nendobj\n", "", refusal="document is damaged", paste=False),
    "an archive": Input(b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(range(200)), "", paste=False),
    "control bytes": Input(bytes(range(1, 9)) * 50, "", paste=False),
    "a cut character": Input(b"ready \xe2\x9c", expected="ready \ufffd", replaced=1),
    "one bad byte": Input("größer, schöner ".encode() * 9 + b"\xff", "UTF-8", None, 1, paste=False),
    "western": _read_as("Größe und Maß für alle Gäste, schöne Grüße\n" * 9, "cp1252", "Windows-1252"),
    "japanese": _read_as("日本語のテキストです。\n" * 30, "cp932", "Shift_JIS"),
    "cyrillic": _read_as("Проверка настроек перед запуском\n" * 20, "cp1251", "Windows-1251"),
    "wide without a mark": _read_as("Hello, wide world\n" * 20, "utf-16-be", "UTF-16 BE"),
    "wide": Input("wide text\r\n".encode("utf-16"), "UTF-16 LE", "wide text\r\n"),
    "half of a pair": Input(b"\xff\xfe" + b"a\0" * 90 + b"\x3c\xd8b\0", "UTF-16 LE", "a" * 90 + "\ufffdb", 1),
    "wider": Input("wider 🎉\n".encode("utf-32"), "UTF-32 LE", "wider 🎉\n"),
}
