"""Tokens joined so that no character is torn.

A character is what people see as one (a grapheme): an emoji of several code points, a letter with its marks,
a syllable of Devanagari. Markup inside would draw its parts beside each other, so tokens that share one are
joined.
"""

from collections.abc import Iterable, Iterator, Sequence

from tokviz.analysis.tokens.characters import Text, grapheme_bounds

Token = tuple[int, int, int, int]
"""Index, id, start and end: byte offsets."""


def character_groups(text: Text, parts: Iterable[Sequence[Token]]) -> Iterator[list[list[Token]]]:
    """Tokens joined so that each group ends where a character does, a list of groups for each of ``parts``.

    The tokens lie one behind the other in ``text``, valid UTF-8. What ends inside a character comes last.
    """
    group: list[Token] = []
    for tokens in parts:
        ends = _character_ends(text, tokens[0][2], tokens[-1][3])
        groups = []
        for token in tokens:
            group.append(token)
            if token[3] in ends:
                groups.append(group)
                group = []
        yield groups
    if group:
        yield [group]


def _character_ends(text: Text, start: int, end: int) -> range | set[int]:
    if text[start:end].isascii() and (end == len(text) or text[end] < 0x80):
        return range(start, end + 1)
    return set(grapheme_bounds(text, start, end))
