"""What is known of Claude's reconstructed tokenizers, one for each family: what a row of ``tokenizers.toml``
says of a published one."""

from collections.abc import Mapping

from tokviz.assets import Assets
from tokviz.language import N_, _
from tokviz.tokenization.claude.families import FAMILIES, Family
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo

NAMES = {f"claude-{name}": family for name, family in FAMILIES.items()}
"""The families by the names of their tokenizers."""
CHARACTERS = "claude-characters.npy"
CHARACTERS_SHA256 = "9c4eb565342a5bf0a2b1c93c6619f38cbfa4390cc7073f4b864e3df1b23c7e4c"
NOTE = N_("One covering by fewest pieces: its boundaries and ids are not Claude's own.")
_MODELS = {
    "v3": "Claude 3–4.6",  # verbatim
    "v4.7": "Claude 4.7",  # verbatim
    "v4.8": "Claude 4.8",  # verbatim
    "opus-5": "Claude Opus 5",  # verbatim
}
PLAIN_TITLES = {
    name: f"{_MODELS[family.name]} (reconstructed)"  # verbatim
    for name, family in NAMES.items()
}
"""What they are called in English, for files, by the names of their tokenizers."""
_FILES = {
    "claude-v3": (
        "8b294dd4a9c366eaf4cec4f312aec5a15e9da5deb2ce668da0107469ef5b745e",
        "pieces_v3.json",
        49_055,
    ),
    "claude-v4.7": (
        "d93e8364e552c6ee96aa559c8560d6cf0ef37c7395c2dc82723d1c59985fe33f",
        "pieces_v4_7.json",
        15_543,
    ),
}
"""Of each vocabulary the file's sha256, the file in the package, and how many numbers there are."""


def read_claude_infos(assets: Assets) -> Mapping[str, TokenizerInfo]:
    """The tokenizers by name; nothing is read yet."""
    return {name: _info(name, family, assets) for name, family in NAMES.items()}


def _info(name: str, family: Family, assets: Assets) -> TokenizerInfo:
    sha256, source, size = _FILES[family.vocabulary]
    return TokenizerInfo(
        name=name,
        display_name=_("{models} (reconstructed)", models=_MODELS[family.name]),
        kind=Kind.COVERING,
        vocabulary_size=size,
        developer="Anthropic",  # verbatim
        file=assets.path("vocabularies", f"{family.vocabulary}.json"),
        sha256=sha256,
        special_file=assets.path("vocabularies", CHARACTERS),
        special_sha256=CHARACTERS_SHA256,
        licence="MIT",
        package="pypi ctok",  # verbatim
        version="1.3.0",
        source=f"ctok/data/{source}",
        note=NOTE,
    )
