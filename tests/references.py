"""Reference tokenizers for tests, built from the bundled files with tiktoken, never with our own engines."""

import base64
import tomllib
from functools import cache

import tiktoken

from tokviz.assets import Assets


@cache
def reference(name: str) -> tiktoken.Encoding:
    """The tokenizer ``name`` (one that splits by a single pattern) as a ``tiktoken.Encoding``, plain text."""
    assets = Assets()
    row = tomllib.loads(assets.path("catalog", "tokenizers.toml").read_text("utf-8"))[name]
    lines = assets.path("vocabularies", row["file"]).read_bytes().splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}
    return tiktoken.Encoding(name, pat_str=row["pattern"], mergeable_ranks=ranks, special_tokens={})
