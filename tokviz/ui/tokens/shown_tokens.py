"""What the panels around the text read: the text, its tokens under the chosen tokenizer, the vocabulary."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from tokviz.analysis.tokens.token_details import TokenDetails, token_details
from tokviz.analysis.tokens.token_export import Exported
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.language import _
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokens import Provenance
from tokviz.ui.tokens.token_facts import TokenFacts

_PAUSE = 40
"""Milliseconds between two announcements while tokens stream in."""


class TokenOwner(Protocol):
    """Whoever keeps the token map: ``Tokenizing``."""

    @property
    def map(self) -> TokenMap | None: ...
    @property
    def tokenizer(self) -> str: ...
    @property
    def mode(self) -> SpecialTokens: ...
    @property
    def special_tokens(self) -> Mapping[int, str]: ...
    @property
    def map_changed(self) -> SignalInstance: ...
    @property
    def tokens_changed(self) -> SignalInstance: ...


class ShownTokens(QObject):
    """Joins a buffer, its tokens and their vocabulary for reading.

    ``changed`` comes soon after any of them is another, but not for each of a stream of small changes.
    """

    changed = Signal()
    """The text, its tokens or the tokenizer are others now."""
    facts_arrived = Signal()
    """The vocabulary has answered for ids that were asked for."""

    def __init__(
        self,
        buffer: TextBuffer,
        owner: TokenOwner,
        registry: Registry,
        facts: TokenFacts,
        parent: QObject | None = None,
    ) -> None:
        """``registry`` is asked for what is known of tokenizers that are not loaded, never to load one."""
        super().__init__(parent)
        self.buffer = buffer
        self.facts = facts
        self._owner = owner
        self._registry = registry
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.changed)
        owner.map_changed.connect(self._tokenizer_chosen)
        owner.tokens_changed.connect(self._announce)
        facts.arrived.connect(self.facts_arrived)
        if owner.tokenizer:
            facts.choose(owner.tokenizer, owner.mode)

    @property
    def tokens(self) -> TokenMap | None:
        """The tokens; None if no tokenizer is in use. Another object after another one was chosen."""
        return self._owner.map

    @property
    def settled(self) -> TokenMap | None:
        """The tokens if every one is known and right, else None."""
        tokens = self._owner.map
        return tokens if tokens and tokens.complete else None

    @property
    def info(self) -> TokenizerInfo:
        """What is known of the chosen tokenizer."""
        return self._registry.info(self._owner.tokenizer)

    @property
    def provenance(self) -> str:
        """How the tokens are known, in words; empty without a tokenizer."""
        if not self._owner.tokenizer:
            return ""
        info = self.info
        # Translators: such as “exact, by o200k_base”
        return _("{provenance}, by {tokenizer}", provenance=info.provenance.words, tokenizer=info.name)

    @property
    def mode(self) -> SpecialTokens:
        """How special tokens are treated."""
        return self._owner.mode

    @property
    def special(self) -> Mapping[int, str]:
        """The special tokens by id, with their text."""
        return self._owner.special_tokens

    @property
    def indexed(self) -> int:
        """How many tokens have a known index: all of them, or those before the first that is not known."""
        tokens = self._owner.map
        if tokens is None:
            return 0
        if tokens.count is not None:
            return tokens.count
        low, high = 0, tokens.known_tokens
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tokens.token(middle) else (low, middle)
        return low

    def details(self, index: int, start: int, end: int) -> TokenDetails | None:
        """Everything about one token: by its index, or where that is -1 by its bytes; None: not known."""
        tokens = self._owner.map
        if tokens is None:
            return None
        return token_details(
            self.buffer.data,
            tokens,
            (index, start, end),
            self.info,
            self.facts.get,
            self.buffer.lines.code_points_before,
        )

    def indices_in(self, start: int, end: int) -> tuple[int, int] | None:
        """The indices (first, last, excluded) of the tokens that hold any of these bytes, or of the one at
        ``start`` if there are none; None if that is not known yet, or past the last token."""
        tokens = self._owner.map
        if tokens is None or not 0 <= start <= end <= len(tokens):
            return None
        first = tokens.index_at(start)
        last = tokens.index_at(end - 1) if end > start else first
        if first < 0 or last < 0 or tokens.token(first) is None:
            return None
        return first, last + 1

    def exported(self, first: int = 0, last: int | None = None) -> Exported | None:
        """The tokens ``first`` to ``last`` for an export; None while not all are known."""
        tokens = self.settled
        if tokens is None:
            return None
        return Exported(
            self.buffer.data,
            tokens,
            self.special,
            self._owner.tokenizer,
            str(self.mode),
            first,
            last,
            self.info.id_word,
            self.info.note if self.info.provenance is Provenance.RECONSTRUCTED else "",
        )

    def _tokenizer_chosen(self) -> None:
        if self._owner.tokenizer:
            self.facts.choose(self._owner.tokenizer, self._owner.mode)
        self._announce()

    def _announce(self) -> None:
        if not self._pause.isActive():
            self._pause.start()
