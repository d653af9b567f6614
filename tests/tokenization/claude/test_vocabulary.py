"""What the counter takes for granted about the pieces holds for both vocabularies."""

import json
from functools import cache
from hashlib import sha256

import pytest

from tokviz.assets import Assets
from tokviz.tokenization.claude.characters import KIND, Kind, read_characters
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.vocabulary import CAPITALS, CLOSE, OPEN, SHIFT

FOLDER = Assets().path("vocabularies")
VOCABULARIES = sorted({family.vocabulary for family in FAMILIES.values()})
SHA256 = {
    "claude-v3.json": "8b294dd4a9c366eaf4cec4f312aec5a15e9da5deb2ce668da0107469ef5b745e",
    "claude-v4.7.json": "d93e8364e552c6ee96aa559c8560d6cf0ef37c7395c2dc82723d1c59985fe33f",
    "claude-characters.npy": "9c4eb565342a5bf0a2b1c93c6619f38cbfa4390cc7073f4b864e3df1b23c7e4c",
}
KINDS = read_characters(FOLDER / "claude-characters.npy") & KIND


@cache
def pieces(vocabulary: str) -> list[str]:
    found: list[str] = json.loads((FOLDER / f"{vocabulary}.json").read_bytes())["pieces"]
    return found


def kinds(piece: str) -> set[int]:
    return {int(KINDS[ord(c)]) for c in piece if c not in OPEN + CLOSE + SHIFT + CAPITALS}


@pytest.mark.parametrize("file", SHA256)
def test_files_are_the_recorded_ones(file: str) -> None:
    assert sha256((FOLDER / file).read_bytes()).hexdigest() == SHA256[file]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_pieces_are_sorted_and_hold_nothing_that_normalization_drops(vocabulary: str) -> None:
    assert pieces(vocabulary) == sorted(set(pieces(vocabulary)))
    assert not any(Kind.REWRITTEN in kinds(piece) or "\0" in piece for piece in pieces(vocabulary))
    assert max(max(piece) for piece in pieces(vocabulary)) < "\uffff"


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_no_piece_reaches_over_a_words_end_or_beginning(vocabulary: str) -> None:
    for piece in pieces(vocabulary):
        assert CLOSE not in piece[:-1]
        assert OPEN not in piece[piece[0] in SHIFT + CAPITALS :][1:]
        assert not {SHIFT, CAPITALS} & set(piece[1:])


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_words_share_pieces_with_apostrophes_alone(vocabulary: str) -> None:
    word = {int(Kind.WORD), int(Kind.WORD_SYMBOL)}
    mixed = [piece for piece in pieces(vocabulary) if kinds(piece) & word and kinds(piece) - word]
    assert {piece.rstrip(CLOSE) for piece in mixed} <= {"'s", "'t", "'d", "'m", "'ll", "'re", "'ve"}


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("kind", [Kind.DIGIT, Kind.LETTER_ALONE, Kind.SPACE])
def test_these_share_pieces_with_nothing_else(vocabulary: str, kind: Kind) -> None:
    of_kind = [piece for piece in pieces(vocabulary) if kind in kinds(piece)]
    assert of_kind
    assert all(kinds(piece) == {int(kind)} and not {OPEN, CLOSE} & set(piece) for piece in of_kind)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_three_digits_are_a_piece_and_letters_alone_are_alone(vocabulary: str) -> None:
    numbers = {piece for piece in pieces(vocabulary) if kinds(piece) == {int(Kind.DIGIT)}}
    assert numbers == {f"{number:0{size}}" for size in (1, 2, 3) for number in range(10**size)}
    assert all(len(piece) == 1 for piece in pieces(vocabulary) if kinds(piece) == {int(Kind.LETTER_ALONE)})
