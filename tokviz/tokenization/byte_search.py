"""Whether a text holds any of a few byte strings: asked of every text, mostly in vain, so it must be fast."""

from collections.abc import Callable, Iterable

_KEY_BYTES = 4
"""Strings that share this many first or last bytes are looked for together (see `keys`)."""


class ByteSearch:
    """Looks for a fixed set of byte strings."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        texts = list(texts)
        self._ascii = [text for text in texts if text.isascii()]
        self._others = [text for text in texts if not text.isascii()]

    def occurs(self, data: bytes) -> bool:
        """Whether any of them is in ``data``."""
        # Python passes over a gigabyte a second for each string, and over twenty to see that all is ASCII.
        return any(text in data for text in self._ascii) or (
            bool(self._others) and not data.isascii() and any(text in data for text in self._others)
        )


def keys(texts: Iterable[bytes]) -> list[bytes]:
    """Fewer byte strings of which each of ``texts`` holds one: what they have in common at either end."""
    starts = _grouped(texts, lambda text: text[:_KEY_BYTES], _common_start)
    return _grouped(starts, lambda text: text[-_KEY_BYTES:], _common_end)


def _grouped(
    texts: Iterable[bytes], group: Callable[[bytes], bytes], common: Callable[[bytes, bytes], bytes]
) -> list[bytes]:
    groups: dict[bytes, bytes] = {}
    for text in texts:
        groups[group(text)] = common(groups.get(group(text), text), text)
    return list(groups.values())


def _common_start(a: bytes, b: bytes) -> bytes:
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return a[:i]
    return min(a, b, key=len)


def _common_end(a: bytes, b: bytes) -> bytes:
    return _common_start(a[::-1], b[::-1])[::-1]
