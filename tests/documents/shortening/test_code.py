"""Comments and blank lines go, and nothing else: no string loses a character, and Python stays Python."""

import ast
import sysconfig
import warnings
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokviz.documents.shortening.code import code_variants
from tokviz.documents.shortening.kept import KeptError


def neither(text: str, name: str) -> str:
    return code_variants(text.encode(), name).neither.decode()


STRINGS = {
    "a.py": ['"{}"', "'{}'", '"""{}"""', "r'{}'", "b'{}'"],
    "a.js": ['"{}"', "'{}'", "`{}`"],
    "a.ts": ['"{}"', "'{}'", "`{}`"],
    "a.java": ['"{}"', '"""\n{}"""'],
    "a.c": ['"{}"'],
    "a.cpp": ['"{}"', 'R"x({})x"'],
    "a.cs": ['"{}"', '@"{}"'],
    "a.go": ['"{}"', "`{}`"],
    "a.rs": ['"{}"', 'r##"{}"##'],
    "a.rb": ['"{}"', "'{}'", "<<~X\n{}\nX\n"],
    "a.php": ['"{}"', "'{}'"],
    "a.kt": ['"{}"', '"""{}"""'],
    "a.swift": ['"{}"', '"""\n{}\n"""'],
    "a.scala": ['"{}"', '"""{}"""'],
    "a.lua": ['"{}"', "'{}'", "[==[{}]==]"],
    "a.sql": ["'{}'"],
    "a.dart": ['"{}"', "'''{}'''"],
    "a.toml": ['"{}"', '"""{}"""', "'''\n{}'''"],
    "a.r": ['"{}"', "'{}'"],
    "a.clj": ['"{}"'],
    "a.css": ['"{}"', "'{}'"],
    "a.scss": ['"{}"'],
    "a.hs": ['"{}"'],
}
"""By file, what a string may stand between."""
FRAMES = {
    "a.py": ("# gone\n\nx = ", " # gone\n\n# gone\ny = 1\n"),
    "a.rb": ("# gone\n\nx = ", " # gone\n\n# gone\ny = 1\n"),
    "a.r": ("# gone\n\nx <- ", " # gone\n\n# gone\ny <- 1\n"),
    "a.toml": ("# gone\n\nx = ", " # gone\n\n# gone\ny = 1\n"),
    "a.lua": ("-- gone\n\nx = ", " -- gone\n\n-- gone\ny = 1\n"),
    "a.hs": ("-- gone\n\nx = ", " -- gone\n\n-- gone\ny = 1\n"),
    "a.sql": ("-- gone\n\nselect ", " -- gone\n\n-- gone\n;\n"),
    "a.clj": ("; gone\n\n(def x ", ") ; gone\n\n; gone\n(def y 1)\n"),
    "a.css": ("/* gone */\n\na::after { content: ", " } /* gone */\n\n/* gone\n\ngone */\nb {}\n"),
    "a.scss": ("// gone\n\na::after { content: ", " } /* gone */\n\n// gone\nb {}\n"),
    "a.php": ("<?php // gone\n\n$x = ", "; // gone\n\n/* gone */\n$y = 1;\n"),
}
USUAL = ("// gone\n\nx = ", "; // gone\n\n/* gone\n\ngone */\ny = 1;\n")
PIECES = [
    "//",
    "/*",
    "*/",
    "#",
    "--",
    ";",
    "<!--",
    "-->",
    " ",
    "word",
    "x = 1",
    "http://a.b/c",
    "=",
    "(",
    "]",
    "gone",
]
CONTENTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
LINES = st.lists(CONTENTS, max_size=5).map("\n".join)


@st.composite
def literals(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(sorted(STRINGS)))
    frame = draw(st.sampled_from(STRINGS[name]))
    several = len(frame) > 5 or frame in ("`{}`", '@"{}"', '"{}"' if name in ("a.rs", "a.r", "a.rb") else "")
    inner = draw(LINES if several else CONTENTS)
    if frame == "[==[{}]==]" and inner.endswith("]"):
        inner += " "
    return name, frame.format(inner)


@settings(deadline=None, max_examples=400)
@given(literals())
@example(("a.py", '"""\n\n# no comment\n\n"""'))
@example(("a.cs", '"http://a.b/c"'))
def test_no_string_loses_a_character(case: tuple[str, str]) -> None:
    name, literal = case
    before, after = FRAMES.get(name, USUAL)
    text = before + literal + after
    try:
        found = neither(text, name)
    except KeptError:
        return
    assert literal in found
    assert "gone" not in found.replace(literal, "")
    assert "\n\n" not in found.replace(literal, "")


@pytest.mark.parametrize("name", sorted(STRINGS))
def test_what_the_strings_of_a_language_may_hold_is_not_kept_by_doubt_alone(name: str) -> None:
    before, after = FRAMES.get(name, USUAL)
    literal = STRINGS[name][0].format("a word")
    assert neither(before + literal + after, name).count("\n") <= 3


LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))


def same_tree(before: str, after: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))


@pytest.mark.parametrize("path", LIBRARY[::4], ids=lambda path: path.name)
def test_python_parses_to_the_same_tree(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    variants = code_variants(text.encode(), path.name)
    for each in variants:
        assert same_tree(text, each.decode())


BLOCKS = st.recursive(
    st.sampled_from(
        [
            "x = 1  # gone",
            "# gone",
            "",
            "   ",
            "    # gone",
            's = """a\n\n# stays\n"""',
            "y = 'a # stays'  # gone",
            "z = (1,  # gone\n\n     2)",
            "w = 1 + \\\n    2",
            "f = f'{x!r:#>10} # stays'",
            "'''docstring\n\n# stays'''",
        ]
    ),
    lambda inner: st.lists(inner, min_size=1, max_size=4).map(
        lambda parts: "if x:\n    pass\n" + "\n".join("    " + part for part in parts if "\n" not in part)
    ),
)


@settings(deadline=None)
@given(st.lists(BLOCKS, max_size=8).map("\n".join))
def test_generated_python_parses_to_the_same_tree(text: str) -> None:
    try:
        ast.parse(text)
    except SyntaxError:
        return
    for each in code_variants(text.encode(), "a.py"):
        assert same_tree(text, each.decode())
    assert "gone" not in neither(text, "a.py")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# gone\nx = 1 # gone\n",
         "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nx = 1\n"),
        ("a.py", 'def f():\n    """Doc.\n\n    # stays\n    """\n    # gone\n\n    return 1\n',
         'def f():\n    """Doc.\n\n    # stays\n    """\n    return 1\n'),
        ("a.c", '#define Y "http://x"\n#if 0\n// stays\n#endif\nint x; // gone\n',
         '#define Y "http://x"\n#if 0\n// stays\n#endif\nint x;\n'),
        ("a.c", "#define A \\\n  b // stays\n\nint y;\n", "#define A \\\n  b // stays\nint y;\n"),
        ("a.c", "#define A 1 \\\n\nint y;\n", "#define A 1 \\\n\nint y;\n"),
        ("a.c", "f(a /* stays */, b);\n/* gone */\n", "f(a /* stays */, b);\n"),
        ("a.go", "//go:build linux\n\n// gone\npackage x\n", "//go:build linux\npackage x\n"),
        ("a.rs", "/// stays\nfn x() {} // gone\n", "/// stays\nfn x() {}\n"),
        ("a.rs", "/* a /* b */ gone */\nfn x() {}\n", "fn x() {}\n"),
        ("a.sql", "select /*+ stays */ 1; -- gone\n", "select /*+ stays */ 1;\n"),
        ("a.html", "<p>a</p>\n\n<!-- gone -->\n<!--[if IE]> stays <![endif]-->\n",
         "<p>a</p>\n\n\n<!--[if IE]> stays <![endif]-->\n"),
        ("a.js", "return /* a\nb */ x // gone\n", "return /* a\nb */ x\n"),
        ("a.kt", 'val s = "${"// stays"}" // stays"\n', 'val s = "${"// stays"}" // stays"\n'),
        ("a.py", "x = 1 # gone\r\n\r\n# gone\r\ny", "x = 1\r\ny"),
        ("a.py", "x = 1\n# gone", "x = 1"),
        ("a.md", "# a title\n\n<!-- stays -->\n", "# a title\n\n<!-- stays -->\n"),
        ("Makefile", "a: # stays\n\n", "a: # stays\n\n"),
        ("a.txt", "", ""),
        ("a.py", "", ""),
        ("a.py", "# gone", ""),
    ],
)  # fmt: skip
def test_what_goes_and_what_stays(name: str, text: str, expected: str) -> None:
    assert neither(text, name) == expected


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.tsx", "// x\n", "JSX"),
        ("a.js", "// x\nreturn <p>http://x</p>\n", "JSX"),
        ("a.js", "// x\nreturn <Foo />\n", "JSX"),
        ("a.php", "<?php $s = <<<EOT\n// x\nEOT;\n", "here documents"),
        ("a.sh", 'cat <<"EOF"\n# x\nEOF\n', "here documents"),
        ("a.swift", 'let s = #"// x"#\n', "raw strings"),
        ("a.go", '// #include <x.h>\nimport "C"\n', "C in its comments"),
        ("a.py", 'f"""{\nx # x\n}"""\n', "does not understand"),
        ("a.py", "x = 1\r\n# x\ny = 2\n", "in different ways"),
        ("a.py", "# x\n" * 500_001, "larger than 2 MB"),
        ("a.kt", "/* a /* b */ c */ val x = 1\n", "comments inside comments"),
        ("a.html", "<!--" * 15_000, "comments inside comments"),
    ],
)
def test_what_a_lexer_gets_wrong_is_left_alone_and_said(name: str, text: str, reason: str) -> None:
    with pytest.raises(KeptError, match=reason):
        code_variants(text.encode(), name)


@pytest.mark.parametrize(
    "text",
    [
        "a: 'x # stays' # gone\nb: x#stays\nc: |\n  # stays\n\n  # stays\n# gone\n",
        "d: >-\n    a\n\n    b # stays\n",
        "k: [a, # gone\n b]\nl:\n- |2\n    # stays\n- x # gone\n",
        'm: "a\n\n  # stays"\nn: "it\'s # stays" # gone\n',
    ],
)
def test_yaml_holds_the_same(text: str) -> None:
    found = code_variants(text.encode(), "a.yaml").no_comments.decode()
    assert yaml.safe_load(found) == yaml.safe_load(text)
    assert "gone" not in found
