"""The languages whose comments can be told from their strings, and what in a file forbids to try.

Pygments' lexers find the comments. A row is here only if its lexer kept every string whole in the tests of
this module; ``traps`` are what it is known to get wrong: a file in which one is found stays as it is.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeLanguage:
    """How to read files of one language."""

    lexer: str
    """The name (alias) of the lexer."""
    traps: re.Pattern[str] | None = None
    trap: str = ""
    """What they are, in words: ``here documents in double quotes``."""
    directives: bool = False
    """Lines that begin with ``#`` are the preprocessor's and stay."""
    blank_lines: bool = True
    """Whether blank lines outside strings mean nothing."""
    whole_lines: bool = True
    """Whether a line that is left empty may go with its comment."""
    markup: bool = False
    """A file may hold JSX; if it does, it stays as it is."""


def _language(lexer: str, traps: str = "", trap: str = "", **more: bool) -> CodeLanguage:
    return CodeLanguage(lexer, re.compile(traps, re.MULTILINE) if traps else None, trap, **more)


JSX = "JSX, whose text may look like comments"
_INSIDE = "comments inside comments"
_NESTED = r"<!--(?:(?!-->)[\s\S])*<!--"
"""Of many that are never closed, the lexer takes time in proportion to the square of their number."""
_ROWS = {
    "py pyi pyw": _language("python"),
    "js mjs cjs": _language("javascript", markup=True),
    "ts mts cts": _language("typescript", markup=True),
    "jsx tsx": _language("typescript", r"\A", JSX),
    "java": _language("java"),
    "c": _language("c", directives=True),
    "h cc cpp cxx c++ hh hpp hxx ipp tcc": _language("cpp", directives=True),
    "cs": _language("csharp", r'\$@?"[^"\n]*\{[^}"\n]*"', "strings inside strings", directives=True),
    "go": _language("go", r'^\s*import\s+"C"', "C in its comments"),
    "rs": _language("rust"),
    "rb rake gemspec": _language("ruby", r"^__END__$", "data behind __END__"),
    "php": _language("php", r"<<<|//[^\n]*\?>|#[^\n]*\?>", "here documents, or comments that end with ?>"),
    "kt kts": _language("kotlin", r"/\*(?:(?!\*/)[\s\S])*/\*", _INSIDE),
    "swift": _language("swift", r'#"|#/', "raw strings or patterns"),
    "scala sc": _language("scala"),
    "lua": _language("lua"),
    "sql": _language("sql", r"\\'|\$\w*\$", "strings that dialects read differently"),
    "css": _language("css"),
    "scss": _language("scss"),
    "yaml yml": _language("yaml", blank_lines=False),
    "toml": _language("toml"),
    "sh bash zsh": _language("bash", r'<<-?[ \t]*["\\]', "here documents in quotes"),
    "hs": _language("haskell", r"\[\w*\|", "quotations"),
    "dart": _language("dart"),
    "clj cljs cljc": _language("clojure"),
    "r": _language("r", r"""\b[rR]["']-*[(\[{]""", "raw strings"),
    "html htm xhtml": _language("html", _NESTED, _INSIDE, blank_lines=False, whole_lines=False),
    "xml xsl xslt xsd svg": _language("xml", _NESTED, _INSIDE, blank_lines=False, whole_lines=False),
}
_BY_EXTENSION = {extension: row for extensions, row in _ROWS.items() for extension in extensions.split()}


def code_language(name: str) -> CodeLanguage | None:
    """The language of the file ``name`` (or path); None if it is none of these."""
    base = name.rpartition("/")[2]
    return _BY_EXTENSION.get(base.rpartition(".")[2].lower()) if "." in base else None
