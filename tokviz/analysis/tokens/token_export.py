"""Tokens as JSON and CSV, in parts that are quickly made, so that a large text stalls nothing.

Tokens in a JSON list are strings; one that is not UTF-8 by itself (it holds a part of a character) is an
object ``{"hex": "e29c"}``, so nothing is lost: ``t.encode() if isinstance(t, str) else
bytes.fromhex(t["hex"])`` gives the bytes of the text that it covers. A token that the model adds covers no
byte; it is the text of the special token.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tokviz.analysis.table_text import csv_text
from tokviz.analysis.tokens.characters import Text
from tokviz.analysis.tokens.token_chunks import token_chunks
from tokviz.analysis.tokens.token_list import TokenList, TokenRun

_CHUNK = 1 << 12
CSV_COLUMNS = ("index", "id", "start", "end", "token", "hex")


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """The tokens of a text, or some of them. No edit may come while an export is under way."""

    text: Text
    tokens: TokenList
    special: Mapping[int, str]
    """The special tokens by id, with their text."""
    tokenizer: str
    mode: str
    """How special tokens are treated: ``plain``, ``parsed`` or ``framed``."""
    first: int = 0
    last: int | None = None
    """Only tokens ``first`` to ``last`` (excluded); None: to the end."""
    id_word: str = "id"
    """What the tokens' numbers are to be called; see ``TokenizerInfo``."""
    note: str = ""
    """What must be said of the ids and boundaries."""

    def chunks(self, size: int = _CHUNK) -> Iterator[TokenRun]:
        """The tokens, chunk by chunk."""
        return token_chunks(self.tokens, size, self.first, self.last)


def ids_json(source: Exported) -> Iterator[str]:
    """``[15836, 7015, 553, 42891]``."""
    return _list(json.dumps(run.ids.tolist()) for run in source.chunks())


def tokens_json(source: Exported) -> Iterator[str]:
    """``["AI", " models", {"hex": "e29c"}]``; see the module for what is what."""
    return _list(json.dumps(_values(source, run), ensure_ascii=False) for run in source.chunks(_CHUNK // 2))


def export_json(source: Exported) -> Iterator[str]:
    """``{"tokenizer", "special_tokens", "count", "ids": […], "ends": […], "tokens": […]}``; ``ends`` are
    offsets in the UTF-8 text at which each token ends, as ``tokviz tokens --json`` gives them. Of Claude's
    there are ``pieces`` in place of ids, and a ``note``."""
    last = source.tokens.known_tokens if source.last is None else source.last
    head = {"tokenizer": source.tokenizer, "special_tokens": source.mode, "count": last - source.first}
    note = {"note": source.note} if source.note else {}
    yield json.dumps(head | note, ensure_ascii=False)[:-1] + f',\n"{source.id_word}s": '
    yield from ids_json(source)
    yield ',\n"ends": '
    yield from _list(json.dumps(run.ends.tolist()) for run in source.chunks())
    yield ',\n"tokens": '
    yield from tokens_json(source)
    yield "}\n"


def export_csv(source: Exported) -> Iterator[str]:
    """One line a token: its index, id (of Claude's the piece), start and end (byte offsets), text and bytes.

    The text is empty where the token is not UTF-8 by itself; the bytes always are there as hex.
    """
    yield csv_text([[source.id_word if name == "id" else name for name in CSV_COLUMNS]], "\r\n")
    for run in source.chunks(_CHUNK // 8):
        spans = zip(run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), strict=True)
        rows: list[tuple[object, ...]] = []
        for index, (token_id, start, end) in enumerate(spans, run.first_index):
            data = covered(source, token_id, start, end)
            rows.append((index, token_id, start, end, _string(data) or "", data.hex()))
        yield csv_text(rows, "\r\n")


def covered(source: Exported, token_id: int, start: int, end: int) -> bytes:
    """The bytes of the text that a token covers; the text of a special one that covers none."""
    if start == end:
        return source.special.get(token_id, "").encode()
    return bytes(source.text[start:end])


def _values(source: Exported, run: TokenRun) -> list[str | dict[str, str]]:
    values: list[str | dict[str, str]] = []
    for token_id, start, end in zip(run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), strict=True):
        data = covered(source, token_id, start, end)
        text = _string(data)
        values.append({"hex": data.hex()} if text is None else text)
    return values


def _string(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _list(parts: Iterator[str]) -> Iterator[str]:
    """JSON lists joined to one."""
    lead = "["
    for part in parts:
        yield lead + part[1:-1]
        lead = ", "
    yield "]" if lead == ", " else "[]"
