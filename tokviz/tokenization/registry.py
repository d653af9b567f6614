"""From a tokenizer's name to the tokenizer: loaded when first asked for, then shared."""

import difflib
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tokviz.assets import Assets
from tokviz.tokenization.engine import Engine, EngineError
from tokviz.tokenization.estimate import SCALES, Estimator
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo, read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary, VocabularyError
from tokviz.tokenization.vocabulary_tokenizer import VocabularyTokenizer


class UnknownTokenizerError(LookupError):
    """No tokenizer has that name; the message names the nearest."""


def _gigatoken(vocabulary: Vocabulary) -> Engine:
    from tokviz.tokenization.gigatoken_engine import GigatokenEngine
    from tokviz.tokenization.gigatoken_pieces import GigatokenPieces

    return GigatokenPieces(vocabulary) if vocabulary.info.kind is Kind.PIECES else GigatokenEngine(vocabulary)


def _tiktoken(vocabulary: Vocabulary) -> Engine:
    from tokviz.tokenization.tiktoken_engine import TiktokenEngine

    return TiktokenEngine(vocabulary)


def _tokenizers(vocabulary: Vocabulary) -> Engine:
    from tokviz.tokenization.tokenizers_engine import TokenizersEngine

    return TokenizersEngine(vocabulary)


ENGINES: Mapping[str, Callable[[Vocabulary], Engine]] = {
    "gigatoken": _gigatoken,
    "tiktoken": _tiktoken,
    "tokenizers": _tokenizers,
}
"""How each engine is made, in order of preference. Each imports its library only when it is called."""


class Registry:
    """The tokenizers by name. Safe to use from several threads."""

    def __init__(self, assets: Assets, engines: Iterable[str] = tuple(ENGINES)) -> None:
        """``engines`` are tried in that order for each tokenizer; see ENGINES."""
        self._infos = read_tokenizer_infos(assets)
        self._engine_names = tuple(engines)
        self._vocabularies: dict[str, Vocabulary] = {}
        self._engines: dict[Path, Engine] = {}
        self._tokenizers: dict[tuple[str, SpecialTokens], Tokenizer] = {}
        self._lock = threading.RLock()

    def names(self) -> tuple[str, ...]:
        """Every tokenizer's name, in the order of ``tokenizers.toml``."""
        return tuple(self._infos)

    def info(self, name: str) -> TokenizerInfo:
        """What is known about a tokenizer; UnknownTokenizerError if there is none of that name."""
        try:
            return self._infos[name]
        except KeyError:
            raise UnknownTokenizerError(self._unknown(name)) from None

    def get(self, name: str, special: SpecialTokens = SpecialTokens.PLAIN) -> Tokenizer:
        """The tokenizer of that name.

        UnknownTokenizerError if there is none; VocabularyError if its file is missing or altered;
        ValueError if it does not know that treatment of special tokens.
        """
        info = self.info(name)
        if special not in info.modes:
            raise ValueError(f"The tokenizer {name} does not know special tokens as {special}.")
        with self._lock:
            found = self._tokenizers.get((name, special))
            if found is None:
                found = self._tokenizers[name, special] = self._load(info, special)
            return found

    def estimator_names(self) -> tuple[str, ...]:
        """The estimators, which stand in for tokenizers that are not public. They draw no boundaries."""
        return tuple(SCALES)

    def estimator(self, name: str) -> Estimator:
        """The estimator of that name (LookupError if there is none); VocabularyError as in ``get``."""
        if name not in SCALES:
            raise UnknownTokenizerError(f"There is no estimator {name}; there are {', '.join(SCALES)}.")
        return Estimator(name, self.get("claude-2"))

    def _load(self, info: TokenizerInfo, special: SpecialTokens) -> Tokenizer:
        vocabulary = self._vocabularies.setdefault(info.name, Vocabulary(info))
        # Two tokenizers may share a vocabulary and differ in their special tokens (mistral-v3, mistral-v7).
        engine = self._engines.get(info.file)
        if engine is None:
            engine = self._engines[info.file] = self._engine(vocabulary)
        return VocabularyTokenizer(vocabulary, engine, special)

    def _engine(self, vocabulary: Vocabulary) -> Engine:
        reasons = []
        for name in self._engine_names:
            try:
                return ENGINES[name](vocabulary)
            except ImportError:
                reasons.append(f"{name} is not installed")
            except EngineError as error:
                reasons.append(f"{name}: {error}")
        raise VocabularyError(f"The tokenizer {vocabulary.info.name} cannot be used: {', '.join(reasons)}.")

    def _unknown(self, name: str) -> str:
        nearest = difflib.get_close_matches(name, self._infos, n=1, cutoff=0)
        hint = f"; did you mean {nearest[0]}?" if nearest else "."
        return f"There is no tokenizer {name}{hint}"
