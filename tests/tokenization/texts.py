"""Texts on which tokenizers are compared: many scripts and kinds, and what breaks them."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st

from tokviz.assets import Assets

CODE = {
    "python": 'def f(x: int) -> str:\n    """Doc."""\n    return f"{x:>08.3f}" if x else \'it\\\'s\'\n',
    "c": '#include <stdio.h>\n\nint main(void)\n{\n\tfor (int i = 0; i < 10; ++i)\n\t\tputs("%d\\n");\n}\n',
    "javascript": "const a=[...b].map(x=>x??0),{c}=d;/* !! */export default async()=>{await c?.()}\n",
    "rust": "fn f() -> Result<(), Box<dyn Error>> {\n    let v: Vec<_> = (0..).collect();\n    Ok(())\n}\n",
    "html": '<table class="a">\n  <tr><td>&nbsp;</td> </tr>\n</table>\n<!-- x --> <br/> </p>\n',
}
LANGUAGES = {
    "chinese": "今天天气很好，我们去公园散步吧。「你好」——他说…",
    "japanese": "吾輩は猫である。名前はまだ無い。カタカナとひらがな、ｶﾅ。",
    "korean": "안녕하세요. 오늘은 날씨가 좋네요!",
    "arabic": "السلام عليكم، كيف حالك؟ ١٢٣ الـعـربية",
    "persian": "می‌خواهم کتاب‌ها را بخوانم. این چند است؟ ۱۲۳۴ گئی۔",
    "hindi": "नमस्ते दुनिया! क्या हाल है? १२३ श्रीमती क्‍ष",
    "bengali": "আমি বাংলায় গান গাই। ২০২৪ করিয়৷ র‍্যা",
    "tamil": "வணக்கம் உலகம்! தமிழ் மொழி",
    "thai": "สวัสดีชาวโลก ภาษาไทยไม่มีการเว้นวรรค",
    "tibetan": "བོད་སྐད་ཡིག་གེ་བཀྲ་ཤིས་བདེ་ལེགས།",
    "hebrew": "שָׁלוֹם עוֹלָם, מה שלומך?",
    "russian": "Привет, мир! Как дела? ёЁ",
    "greek": "Καλημέρα κόσμε· πώς είσαι;",
    "vietnamese": "Xin chào thế giới! Việt Nam học được nhiều điều",
    "german": "Größe, Übermut und Straße — „Zitat“.",
}
SIGNS = {
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪🇫🇷👍🏽 ❤️❤️ ⚠️ ✔️ ☺️ #️⃣ ©️‼️ 🫠",
    "combining": "e\u0301 a\u0308\u0304 Z\u0351\u036b\u0343\u036a\u0302 \u1100\u1161\u11a8 ṩ s\u0323\u0307"
    " ﬁ ① ½ ²) x² Å Ω",
    "newlines": "a\r\nb\rc\n\n\r\n\r\r\nd\u2028e\u2029f\x85g\x0bh\x0ci",
    "spaces": "a\u00a0b\u3000c\u2003d  e   f\t\tg \t h\u200bi\u202fj \n  k \r\n  ",
    "indentation": "\n".join(" " * n + "x;" + " " * n + "// y" for n in (*range(1, 36), 62, 63, 64, 93, 94)),
    "tabs": "\n".join("\t" * n + "x" for n in (1, 2, 3, 30, 31, 32, 33, 62, 63)) + "\n" * 33 + "y",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "nul": "a\x00b\x00\x00",
    "bom": "\ufeffWith a byte order mark\ufeff",
    "marks": "▁ a▁b ▁▁ \u2581\u2581x ▁ ▁",
    "surrogates": "a\ud800b\udc00".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "noncharacters": "\ufffe\uffff\U0010fffe\U0010ffff a \U0010fffe\U0010ffff\U0010fffe\U0010ffff",
    "unassigned": "\u0378\U0002fffd\U000e0001\U0001fbf0\U00010781",
    "digits": "1 12 123 1234 12345 1234567890 3.14159 0x1F4A9 1e-9 10,000.00 " + "9" * 300,
    "base64": "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TX==",
    "contractions": "don't DON'T it's 's 'song 'LL we'll O'Neill ''s '",
    "punctuation": "!!! ?!?! ... ---- ==== **** ////// ({[<>]}) @#$%^&*~` \\\\ :: -> => != <= >= && ||"
    " </ > </ ",
    "repeats": "ab" * 200 + "x" * 500 + "=" * 100 + " " + "=" * 70 + "\n" + " SSSR ======",
}
SAMPLES = {
    path.name: path.read_text(encoding="utf-8")[:4000]
    for path in sorted(Path(Assets().path("samples")).iterdir())
    if path.suffix in (".txt", ".py", ".json", ".js", ".md")
}
TEXTS = {**CODE, **LANGUAGES, **SIGNS, **SAMPLES, "empty": "", "space": " ", "spaces only": " " * 40}


def texts(special: Sequence[str] = ()) -> st.SearchStrategy[str]:
    """Mixtures of all of these, of any characters, and of the given special tokens."""
    return _texts(tuple(special))


@lru_cache(4)
def _texts(special: tuple[str, ...]) -> st.SearchStrategy[str]:
    kinds = [st.sampled_from(list(group.values())) for group in (CODE, LANGUAGES, SIGNS)]
    part = st.one_of(*kinds).flatmap(
        lambda text: st.integers(0, len(text)).flatmap(lambda at: slices(text, at))
    )
    blanks = st.builds(lambda c, n: c * n, st.sampled_from(" \n\t\r'\u00a0▁"), st.integers(1, 34))
    pieces = [part, blanks, st.text(max_size=12), st.text(alphabet=st.characters(codec="ascii"), max_size=12)]
    if special:
        pieces.append(st.sampled_from(special))
    return st.lists(st.one_of(pieces), max_size=10).map("".join)


def slices(text: str, at: int) -> st.SearchStrategy[str]:
    return st.integers(1, 20).map(lambda size: text[at : at + size])
