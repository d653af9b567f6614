"""Globs as git means them, matched in time that no pattern can blow up.

The patterns come from other people's folders, so ``*a*a*a*b`` must be as harmless as ``*.o``. Every glob
becomes a regular expression whose stars cannot be tried anew: for a run of stars the first fit of each
piece between them is as good as any later one, so each is an atomic group, and only the last piece, whose
length is fixed, is looked for from the end. Matching is on bytes, as in git.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tokviz.language import _

_SLASH = "/"
_STAR = "*"
_DOUBLE_STAR = "**"

_POSIX_CLASSES: dict[bytes, Callable[[bytes], bool]] = {
    b"alnum": bytes.isalnum,
    b"alpha": bytes.isalpha,
    b"blank": lambda c: c in b" \t",
    b"cntrl": lambda c: c < b" " or c == b"\x7f",
    b"digit": bytes.isdigit,
    b"graph": lambda c: b"!" <= c <= b"~",
    b"lower": bytes.islower,
    b"print": lambda c: b" " <= c <= b"~",
    b"punct": lambda c: b"!" <= c <= b"~" and not c.isalnum(),
    b"space": bytes.isspace,
    b"upper": bytes.isupper,
    b"xdigit": lambda c: c in b"0123456789abcdefABCDEF",
}


class NeverMatchesError(ValueError):
    """A pattern that git accepts and that matches nothing, such as ``[a`` or one that ends in a backslash."""


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern, taken apart: what a rule of an ignore file says without its ``!``."""

    regex: str
    """Matches the whole of a name, or of a path where ``anchored``; latin-1 for bytes; no groups captured."""
    anchored: bool
    """It holds a slash at its beginning or inside, so it is about the path from its file's folder."""
    folders_only: bool
    literal: bytes | None
    """What it matches where it has no wildcard."""
    suffix: bytes | None
    """``.o`` where it is ``*.o``: a star and an ending that begins with its only dot."""
    above: str | None = None
    """As ``regex``, for the folder of what it matches, with a ``/`` behind it and empty for its file's own;
    None where that may be many, as it may be with ``**`` and where it is not anchored."""


def parse_glob(pattern: bytes) -> Glob:
    """Take apart a pattern of an ignore file, without its ``!``; ``NeverMatchesError`` if it is malformed."""
    folders_only = pattern.endswith(b"/")
    if folders_only:
        pattern = pattern[:-1]
    anchored = b"/" in pattern
    pattern = pattern.removeprefix(b"/")
    if not pattern:
        raise NeverMatchesError(_("an empty pattern"))
    pieces, glued = _pieces(pattern)
    plain = all(len(piece) == 1 and piece not in (_STAR, "?") for piece in pieces)
    ending = "".join(pieces[1:])
    suffix = None
    if (
        not anchored
        and pieces[0] == _STAR
        and re.fullmatch(r"\.[^.*?\[\]]+", ending)
        and len(ending) == len(pieces) - 1
    ):
        suffix = ending.encode("latin-1")
    segments = _split(pieces)
    return Glob(
        regex=_path_regex(segments, glued) if anchored else _segment_regex(pieces),
        anchored=anchored,
        folders_only=folders_only,
        literal="".join(pieces).encode("latin-1") if plain else None,
        suffix=suffix,
        above=_above(segments) if anchored and _DOUBLE_STAR not in pieces else None,
    )


def _pieces(pattern: bytes) -> tuple[list[str], bool]:
    """The pattern in parts: ``*``, ``**``, ``/``, one-byte regexes of more than one letter, literal bytes.

    A literal ``*`` or ``?`` is given as a class, so that one letter always means itself but for ``*``.
    Git compares the plain beginning of a pattern first and looks at the rest alone, so in ``a**/b`` it takes
    the stars for a whole name, against its own manual. The second value says whether they are glued so.
    """
    pieces: list[str] = []
    glued = False
    at = 0
    while at < len(pattern):
        byte = pattern[at : at + 1]
        if byte == b"*":
            end = at
            while pattern[end : end + 1] == b"*":
                end += 1
            before = at == 0 or pattern[at - 1 : at] == b"/"
            after = end == len(pattern) or pattern[end : end + 1] == b"/" or pattern[end : end + 2] == b"\\/"
            if end - at > 1 and after and not before and b"/" in pattern and _is_plain(pattern[:at]):
                glued = True
                pieces.append(_SLASH)
            pieces.append(
                _DOUBLE_STAR if end - at > 1 and after and (before or pieces[-1:] == [_SLASH]) else _STAR
            )
            at = end
        elif byte == b"?":
            pieces.append("[^/]")
            at += 1
        elif byte == b"[":
            piece, at = _class(pattern, at)
            pieces.append(piece)
        else:
            if byte == b"\\":
                at += 1
                byte = pattern[at : at + 1]
                if not byte:
                    raise NeverMatchesError(_("it ends in a backslash"))
            pieces.append(f"[{byte.decode()}]" if byte in b"*?" else byte.decode("latin-1"))
            at += 1
    return pieces, glued


def _is_plain(pattern: bytes) -> bool:
    return not any(special in pattern for special in (b"*", b"?", b"[", b"\\"))


def _class(pattern: bytes, at: int) -> tuple[str, int]:
    """The bracket at ``at`` as a regex for one byte, and where it ends; git's wildmatch, step by step."""
    at += 1
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    members: set[int] = set()
    previous: int | None = None
    first = True
    while first or pattern[at : at + 1] != b"]":
        first = False
        byte = pattern[at : at + 1]
        if byte == b"[" and pattern[at + 1 : at + 2] == b":":
            named = _named_class(pattern, at)
            if named is not None:
                members |= named[0]
                at, previous = named[1], None
                continue
        elif byte == b"-" and previous is not None and pattern[at + 1 : at + 2] not in (b"", b"]"):
            byte, at = _class_member(pattern, at + 1)
            members |= set(range(previous, byte[0] + 1))
            previous = None
            continue
        byte, at = _class_member(pattern, at)
        previous = byte[0]
        members.add(previous)
    if negated:
        members = set(range(256)) - members
    members.discard(ord("/"))
    if not members:
        # Translators: a class is such as [a-z] in a pattern
        raise NeverMatchesError(_("an empty class"))
    return "[" + "".join(f"\\x{member:02x}" for member in sorted(members)) + "]", at + 1


def _class_member(pattern: bytes, at: int) -> tuple[bytes, int]:
    if pattern[at : at + 1] == b"\\":
        at += 1
    if at >= len(pattern):
        raise NeverMatchesError(_("a bracket that is not closed"))
    return pattern[at : at + 1], at + 1


def _named_class(pattern: bytes, at: int) -> tuple[set[int], int] | None:
    """``[:alpha:]`` at ``at``: its members and where it ends; None if there is no ``:]``."""
    end = pattern.find(b"]", at + 2)
    if end < 0:
        raise NeverMatchesError(_("a bracket that is not closed"))
    if end - 1 < at + 2 or pattern[end - 1 : end] != b":":
        return None
    test = _POSIX_CLASSES.get(pattern[at + 2 : end - 1])
    if test is None:
        raise NeverMatchesError(_("an unknown class"))
    return {code for code in range(128) if test(bytes([code]))}, end + 1


def _split(pieces: Sequence[str]) -> list[list[str]]:
    segments: list[list[str]] = [[]]
    for piece in pieces:
        if piece == _SLASH:
            segments.append([])
        else:
            segments[-1].append(piece)
    return segments


def _escaped(pieces: Sequence[str]) -> str:
    return "".join(piece if len(piece) > 1 else re.escape(piece) for piece in pieces)


def _segment_regex(pieces: Sequence[str]) -> str:
    """For one name: the pieces between the stars, each at its first fit, the last one at the end."""
    runs: list[list[str]] = [[]]
    for piece in pieces:
        if piece in (_STAR, _DOUBLE_STAR):
            runs.append([])
        else:
            runs[-1].append(piece)
    head, *middle = runs
    if not middle:
        return _escaped(head)
    last = middle.pop()
    searched = "".join(f"(?>[^/]*?{_escaped(run)})" for run in middle if run)
    return f"(?>{_escaped(head)}{searched}[^/]*{_escaped(last)}(?![^/]))"


def _above(segments: Sequence[Sequence[str]]) -> str:
    return "".join(f"{_segment_regex(segment)}/" for segment in segments[:-1])


def _path_regex(segments: Sequence[Sequence[str]], glued: bool) -> str:
    """For a path: the same one storey up, with names for letters and ``**`` for the star."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if list(segment) == [_DOUBLE_STAR]:
            runs.append([])
        else:
            runs[-1].append(_segment_regex(segment))
    head, *middle = runs
    if not middle:
        return "/".join(head)
    start = "/".join(head) if glued else "".join(f"{name}/" for name in head)
    last = middle.pop()
    skip = "(?:[^/]*/)"
    searched = "".join(f"(?>{skip}*?{'/'.join(run)}/)" for run in middle if run)
    return start + searched + (f"{skip}*{'/'.join(last)}" if last else ".*")
