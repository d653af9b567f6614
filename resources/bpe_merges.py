"""Which merges of a byte-pair vocabulary can ever happen."""

from collections.abc import Iterable, Mapping

Merge = tuple[str, str]


def happening_merges(tokens: Iterable[str], ranks: Mapping[Merge, int]) -> dict[str, list[Merge]]:
    """The merges that build each token, in order, for every token that merges build.

    A token that appears in a text was built from the characters it covers and no others, and the lowest rank
    goes first, from the left. So the merges inside it are those that happen when it stands alone, and all
    that can ever happen are the last ones of these lists.
    """
    return {token: made for token in tokens if (made := merges_of(token, ranks))}


def merges_of(token: str, ranks: Mapping[Merge, int]) -> list[Merge]:
    """The merges that turn the token's characters into the token; empty if none do."""
    parts, made = list(token), list[Merge]()
    while len(parts) > 1:
        pairs = (
            (ranks[pair], i) for i in range(len(parts) - 1) if (pair := (parts[i], parts[i + 1])) in ranks
        )
        best = min(pairs, default=None)
        if best is None:
            return []
        i = best[1]
        made.append((parts[i], parts[i + 1]))
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
    return made
