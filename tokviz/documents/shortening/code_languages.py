"""The languages whose comments can be told from their strings, and what in a file forbids to try.

Pygments' lexers find the comments. A row is here only if its lexer kept every string whole in the tests of
this module; ``traps`` are what it is known to get wrong: a file in which one is found stays as it is.
"""

import re
from dataclasses import dataclass

from tokviz.language import _


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


# Translators: as in “it holds comments inside comments”
JSX = _("JSX, whose text may look like comments")
_INSIDE = _("comments inside comments")
_NESTED = r"<!--(?:(?!-->)[\s\S])*<!--"
"""Of many that are never closed, the lexer takes time in proportion to the square of their number."""
_ROWS = {
    "py pyi pyw": _language("python"),  # verbatim
    "js mjs cjs": _language("javascript", markup=True),  # verbatim
    "ts mts cts": _language("typescript", markup=True),  # verbatim
    "jsx tsx": _language("typescript", r"\A", JSX),  # verbatim
    "java": _language("java"),
    "c": _language("c", directives=True),
    "h cc cpp cxx c++ hh hpp hxx ipp tcc": _language("cpp", directives=True),  # verbatim
    "cs": _language("csharp", r'\$@?"[^"\n]*\{[^}"\n]*"', _("strings inside strings"), directives=True),
    "go": _language("go", r'^\s*import\s+"C"', _("C in its comments")),
    "rs": _language("rust"),
    "rb rake gemspec": _language("ruby", r"^__END__$", _("data behind __END__")),  # verbatim
    "php": _language("php", r"<<<|//[^\n]*\?>|#[^\n]*\?>", _("here documents, or comments that end with ?>")),
    "kt kts": _language("kotlin", r"/\*(?:(?!\*/)[\s\S])*/\*", _INSIDE),  # verbatim
    "swift": _language("swift", r'#"|#/', _("raw strings or patterns")),
    "scala sc": _language("scala"),  # verbatim
    "lua": _language("lua"),
    "sql": _language("sql", r"\\'|\$\w*\$", _("strings that dialects read differently")),
    "css": _language("css"),
    "scss": _language("scss"),
    "yaml yml": _language("yaml", blank_lines=False),  # verbatim
    "toml": _language("toml"),
    "sh bash zsh": _language("bash", r'<<-?[ \t]*["\\]', _("here documents in quotes")),  # verbatim
    "hs": _language("haskell", r"\[\w*\|", _("quotations")),
    "dart": _language("dart"),
    "clj cljs cljc": _language("clojure"),  # verbatim
    "r": _language("r", r"""\b[rR]["']-*[(\[{]""", _("raw strings")),
    "html htm xhtml": _language("html", _NESTED, _INSIDE, blank_lines=False, whole_lines=False),  # verbatim
    "xml xsl xslt xsd svg": _language(  # verbatim
        "xml", _NESTED, _INSIDE, blank_lines=False, whole_lines=False
    ),
}
_BY_EXTENSION = {extension: row for extensions, row in _ROWS.items() for extension in extensions.split()}


def code_language(name: str) -> CodeLanguage | None:
    """The language of the file ``name`` (or path); None if it is none of these."""
    base = name.rpartition("/")[2]
    return _BY_EXTENSION.get(base.rpartition(".")[2].lower()) if "." in base else None
