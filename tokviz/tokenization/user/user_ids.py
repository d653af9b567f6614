"""The ids in a user's tokenizer file: which they are, and whether they can be used."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

LARGEST_ID = (1 << 22) - 1
"""What is by id takes memory up to the largest; the largest vocabularies have a million tokens."""


@dataclass(frozen=True, slots=True)
class Added:
    """An added token of a ``tokenizer.json``."""

    text: str
    token_id: int
    special: bool


def check_ids(ids: Iterable[object]) -> None:
    """ValueError unless all are whole numbers in range, and none stands for two tokens."""
    seen: set[object] = set()
    for token_id in ids:
        _check_range(token_id)
        if token_id in seen:
            raise ValueError(f"its id {token_id} stands for two tokens")
        seen.add(token_id)


def added_tokens(listed: Sequence[Mapping[str, object]], vocabulary: Mapping[str, int]) -> list[Added]:
    """The added tokens with the ids that `tokenizers` gives them, whatever ids the file lists: those of the
    vocabulary, or else the next ones after it. It passes over those without a text. ValueError as above."""
    found: dict[str, Added] = {}
    for token in listed:
        _check_range(token["id"])
        text = str(token["content"])
        if not text:
            continue
        highest = max((added.token_id for added in found.values()), default=-1)
        following = max(highest + 1, len(vocabulary))
        known = found[text].token_id if text in found else vocabulary.get(text)
        found[text] = Added(text, following if known is None else known, bool(token["special"]))
    return list(found.values())


def check_frame(post_processor: object, ids: Collection[int]) -> None:
    """ValueError where a ``tokenizer.json`` puts around a text what none of ``ids`` is: `tokenizers` gives
    out such ids without a word, and they stand for nothing."""
    if not isinstance(post_processor, dict):
        return
    for step in post_processor.get("processors") or [post_processor]:
        listed = step.get("special_tokens") or {}
        named = [token_id for token in listed.values() for token_id in token["ids"]]
        named += [step[side][1] for side in ("cls", "sep") if side in step]
        for token_id in named:
            if token_id not in ids:
                raise ValueError(f"it puts around a text the id {token_id}, which no token has")


def _check_range(token_id: object) -> None:
    if type(token_id) is not int or not 0 <= token_id <= LARGEST_ID:
        raise ValueError(f"its id {token_id!r} is not a whole number from 0 to {LARGEST_ID:,}")
