"""Comments and blank lines out of source code, by Pygments' lexers and never by a pattern.

What stays: strings, docstrings and what a lexer calls documentation; the preprocessor's lines; comments that
tools obey (``//go:build``, ``#!``); a comment with code behind it on its line; and every file that its lexer
does not understand throughout. All that is left keeps its place on its line, so indentation stays.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, String, Text, Whitespace, _TokenType

from tokviz.documents.shortening.code_languages import JSX, CodeLanguage, code_language
from tokviz.documents.shortening.kept import KeptError
from tokviz.language import _

LARGEST = 2_000_000
"""Bytes of the largest text whose comments are looked for: a lexer reads about a megabyte a second."""
_REMOVED = (Comment.Single, Comment.Multiline)
"""Not those of the preprocessor. Comment alone is what ``#if 0`` leaves out, in languages that have one."""
_OBEYED = re.compile(
    r"""\#!|\#.*?coding[:=]|\#[ ]*frozen_string_literal|//go:|//[ ]*\+build|//export[ ]|//line[ ]|/\*line[ ]
    |///[ ]*<(?:reference|amd)|//[ ]*swift-tools-version|/\*[+!]|<!--[\[#]|<!--[ ]*/?ko\b|\#\[""",
    re.VERBOSE,
)
"""The beginning of comments that compilers, interpreters and databases act on."""
_QUOTES = "\"'`"
_BLANK = re.compile(r"^[ \t\f]*\n", re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\[\s\S])*", re.MULTILINE)
_MARKUP = re.compile(r"</[A-Za-z>]|/>")
_PLAIN = (Text, Whitespace)
_Range = tuple[int, int]


class Cuts(NamedTuple):
    """What may be cut out of a text: ranges of characters, in order, that do not overlap."""

    text: str
    """With a line feed at the end of every line."""
    comments: list[_Range]
    blank_lines: list[_Range]


class _Token(NamedTuple):
    start: int
    end: int
    kind: _TokenType


class CodeVariants(NamedTuple):
    """A text in its shorter forms."""

    no_comments: bytes
    no_blank_lines: bytes
    neither: bytes


def code_variants(text: bytes, name: str) -> CodeVariants:
    """``text`` of the file ``name`` in its shorter forms; KeptError if it has to stay as it is.

    Of a file in none of the known languages, all of them are ``text``.
    """
    language = code_language(name)
    if language is None:
        return CodeVariants(text, text, text)
    if len(text) > LARGEST:
        raise KeptError(_("it is larger than {size} MB", size=LARGEST // 1_000_000))
    body, ending = _line_feeds(text.decode())
    cuts = find_cuts(body if body.endswith("\n") else body + "\n", language)
    both = sorted([*cuts.comments, *cuts.blank_lines])
    variants = (cuts.comments, cuts.blank_lines, both)
    return CodeVariants(*(_restored(cuts.text, each, body, ending) for each in variants))


def _line_feeds(text: str) -> tuple[str, str]:
    """``text`` with LF at the end of its lines, and what ended them before."""
    if "\r" not in text:
        return text, "\n"
    if not text.count("\r") == text.count("\r\n") == text.count("\n"):
        raise KeptError(_("its lines end in different ways"))
    return text.replace("\r\n", "\n"), "\r\n"


def _restored(text: str, cuts: Iterable[_Range], before: str, ending: str) -> bytes:
    parts, at = [], 0
    for start, end in cuts:
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    left = "".join(parts)
    if not before.endswith("\n"):
        left = left.removesuffix("\n")
    return left.replace("\n", ending).encode()


def find_cuts(text: str, language: CodeLanguage) -> Cuts:
    """What may be cut out of ``text``, whose every line ends in LF."""
    if language.traps and language.traps.search(text):
        # Translators: {what} is such as “raw strings” or “comments inside comments”
        raise KeptError(_("it holds {what}", what=language.trap))
    tokens = [
        _Token(start, start + len(value), kind)
        for start, kind, value in _lexer(language.lexer).get_tokens_unprocessed(text)
        if value
    ]
    if any(token.kind is Error for token in tokens):
        raise KeptError(_("its lexer does not understand all of it"))
    if language.markup and _holds_markup(text, tokens):
        raise KeptError(_("it holds {what}", what=JSX))
    comments = list(_comments(text, tokens, language))
    if not language.blank_lines:
        return Cuts(text, comments, [])
    return Cuts(text, comments, list(_blank_lines(text, tokens)))


@cache
def _lexer(name: str) -> Lexer:
    # The lexer must neither strip the text nor end it: its positions would be others.
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


def _holds_markup(text: str, tokens: list[_Token]) -> bool:
    """Whether an element ends outside strings and comments, or in what may be no comment."""
    starts = [token.start for token in tokens]
    for match in _MARKUP.finditer(text):
        token = tokens[bisect_right(starts, match.start()) - 1]
        if token.kind in Comment:
            first = text.rfind("\n", 0, token.start) + 1
            if text[first : token.start].strip():
                return True
        elif token.kind is String.Regex or token.kind not in String:
            return True
    return False


def _comments(text: str, tokens: list[_Token], language: CodeLanguage) -> Iterator[_Range]:
    """What goes with each comment: its line if nothing else is on it, or the blanks before it."""
    directives = [match.span() for match in _DIRECTIVE.finditer(text)] if language.directives else []
    number = 0
    for start, end in _comment_ranges(text, tokens, language):
        while number < len(directives) and directives[number][1] < start:
            number += 1
        if number < len(directives) and directives[number][0] <= start:
            continue
        if not language.whole_lines:
            if not _OBEYED.match(text, start):
                yield start, end
            continue
        if text[end] != "\n":  # code behind it
            continue
        first = text.rfind("\n", 0, start) + 1
        before = text[first:start]
        if _OBEYED.match(text, start) or (before.strip() and _shares_quote(before, text[start:end])):
            continue
        if before.strip():
            yield first + len(before.rstrip(" \t")), end
        else:
            yield first, end + 1


def _shares_quote(code: str, comment: str) -> bool:
    """Whether it may be a part of a string that began before it, such as one inside another."""
    return any(quote in code and quote in comment for quote in _QUOTES)


def _comment_ranges(text: str, tokens: list[_Token], language: CodeLanguage) -> Iterator[_Range]:
    """Every comment with the blanks behind it, without its line's end; those beside one another as one."""
    found: _Range | None = None
    whole_end = -1
    """Where the last comment ended, its line's end included."""
    removed = _REMOVED if language.directives else (*_REMOVED, Comment)
    for token in tokens:
        if token.kind not in removed:
            continue
        end = token.start + len(text[token.start : token.end].rstrip(" \t\n"))
        while end < len(text) and text[end] in " \t":
            end += 1
        # Some lexers give a comment of several lines in pieces.
        goes_on = token.kind is not Comment.Single and token.start == whole_end
        if found and (goes_on or token.start == found[1]):
            found = found[0], max(end, found[1])
        else:
            if found:
                yield found
            found = token.start, max(end, token.start)
        whole_end = token.end
    if found:
        yield found


def _blank_lines(text: str, tokens: list[_Token]) -> Iterator[_Range]:
    """The blank lines that belong to no string, no comment and no directive, and that no backslash joins."""
    number = 0
    for match in _BLANK.finditer(text):
        start, end = match.span()
        while number < len(tokens) and tokens[number].end <= start:
            number += 1
        inside = number
        while inside < len(tokens) and tokens[inside].start < end and tokens[inside].kind in _PLAIN:
            inside += 1
        covered = inside < len(tokens) and tokens[inside].start < end
        if not covered and text[max(0, start - 2) : start] != "\\\n":
            yield start, end
