"""Mistral's ``tekken.json``: a byte-level vocabulary with its split pattern and special tokens."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tokviz.language import _


@dataclass(frozen=True, slots=True)
class TekkenFile:
    """What such a file says."""

    rank_file: bytes
    """Its tokens in use, as a rank file."""
    ranks: int
    """How many they are."""
    pattern: str
    special: Mapping[str, int]
    first_id: int
    """The id of rank 0; the special tokens come before it."""


def is_tekken(contents: Mapping[str, Any]) -> bool:
    """Whether the JSON object is such a file, and no ``tokenizer.json``."""
    config = contents.get("config")
    return isinstance(config, dict) and "default_num_special_tokens" in config and "vocab" in contents


def read_tekken(contents: Mapping[str, Any], older_special: Mapping[str, int]) -> TekkenFile:
    """Read the file; ValueError, KeyError or TypeError where it is malformed.

    ``older_special``: the special tokens of the older files, which do not list them.
    """
    config = contents["config"]
    first, size = config["default_num_special_tokens"], config["default_vocab_size"]
    if type(first) is not int or type(size) is not int or not 0 <= first < size:
        raise ValueError(_("it does not say how many tokens it has"))
    used = contents["vocab"][: size - first]
    if [token["rank"] for token in used] != list(range(len(used))):
        raise ValueError(_("its ranks are not 0, 1, 2 and so on"))
    tokens = [b64decode(token["token_bytes"], validate=True) for token in used]
    if len(set(tokens)) < len(tokens):
        raise ValueError(_("it lists a token twice"))
    if not {bytes([byte]) for byte in range(256)} <= set(tokens):
        raise ValueError(_("it lacks some of the 256 single bytes"))
    listed = contents.get("special_tokens")
    special = {str(token["token_str"]): int(token["rank"]) for token in listed} if listed else older_special
    special = {text: token_id for text, token_id in special.items() if token_id < first}
    filled = {f"<SPECIAL_{i}>": i for i in sorted(set(range(first)) - set(special.values()))}
    lines = (b"%s %d\n" % (b64encode(token), rank) for rank, token in enumerate(tokens))
    return TekkenFile(b"".join(lines), len(tokens), str(config["pattern"]), {**special, **filled}, first)
