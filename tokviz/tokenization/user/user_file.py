"""A user's tokenizer file, once it is read and understood."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tokviz.tokenization.token_tables import DictTable, TokenTable
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo
from tokviz.tokenization.vocabularies import AddedTokens, Vocabulary


class UserFileError(Exception):
    """A file cannot be used as a tokenizer; the message is one sentence that names it and says why."""


@dataclass(frozen=True, slots=True)
class UserFile:
    """A user's file, read and understood."""

    path: Path
    info: TokenizerInfo
    vocabulary: Vocabulary | None
    """What tokviz's engines tokenize with; None where a library is to do everything."""
    tokenizer_json: str = ""
    """The contents for `tokenizers`, if that is to do everything."""
    model: bytes = b""
    """The contents for `sentencepiece`, if that is to do everything."""
    bundled: bool = False
    """It is one of the bundled vocabularies."""
    sha256: str = ""
    """Of the file as it was read; empty where it is bundled."""


class UserVocabulary(Vocabulary):
    """A vocabulary out of a user's file, which is not read again."""

    def __init__(self, info: TokenizerInfo, data: bytes, added: AddedTokens) -> None:
        super().__init__(info)
        self._data = data
        self._added = added

    def data(self) -> bytes:
        """See Vocabulary."""
        return self._data

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """See Vocabulary."""
        with tempfile.TemporaryDirectory(prefix="tokviz-") as folder:
            path = Path(folder, "vocabulary")
            path.write_bytes(self._data)
            yield path

    @property
    def added(self) -> AddedTokens:
        """See Vocabulary."""
        return self._added

    @cached_property
    def tokens(self) -> TokenTable:
        """See Vocabulary."""
        # Without a first id, ranks may have holes.
        has_holes = self.info.kind is Kind.RANKS and not self.info.first_id
        return DictTable(self.ranks()) if has_holes else super().tokens
