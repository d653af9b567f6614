"""Token lists with known tokens, for tests of what reads them."""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np

from tokviz.analysis.tokens.token_list import TokenList
from tokviz.analysis.tokens.token_map_chunks import TokenChunk
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens


@cache
def registry() -> Registry:
    """The bundled tokenizers, loaded once for all tests."""
    return Registry(Assets())


def known(tokens: Sequence[tuple[int, int]], chunks: int = 1) -> TokenList:
    """A list of the tokens (id, bytes) in so many chunks; those without bytes at the ends are the frame."""
    lengths = [length for _, length in tokens]
    first = next((at for at, length in enumerate(lengths) if length), len(tokens))
    last = next((at for at in range(len(tokens), first, -1) if lengths[at - 1]), first)
    prefix, suffix = ([token_id for token_id, _ in part] for part in (tokens[:first], tokens[last:]))
    tokens = tokens[first:last]
    size = max(1, -(-len(tokens) // chunks))
    parts = [tokens[at : at + size] for at in range(0, len(tokens), size)]
    return TokenList(
        [
            TokenChunk(
                sum(length for _, length in part),
                np.array([token_id for token_id, _ in part], np.uint32),
                np.array(list(accumulate(length for _, length in part)), np.uint32),
                True,
            )
            for part in parts
        ],
        prefix,
        suffix,
    )


def tokenized(
    data: bytes, name: str = "o200k_base", mode: SpecialTokens = SpecialTokens.PLAIN, chunks: int = 1
) -> TokenList:
    """The tokens of ``data`` under a bundled tokenizer."""
    tokenization = registry().get(name, mode).encode(data)
    ends = tokenization.ends.tolist()
    lengths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return known(list(zip(tokenization.ids.tolist(), lengths, strict=True)), chunks)
