"""From a tokenizer's name to the tokenizer: loaded when first asked for, then shared."""

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import structs

from tokviz.assets import Assets
from tokviz.language import _
from tokviz.names import UnknownNameError
from tokviz.tokenization.claude.infos import read_claude_infos
from tokviz.tokenization.engine import Engine, EngineError, GuardedEngine, refusal
from tokviz.tokenization.estimate import ESTIMATE
from tokviz.tokenization.library_tokenizer import LibraryTokenizer
from tokviz.tokenization.memory import MemoryBound
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo, read_tokenizer_infos
from tokviz.tokenization.user.sentencepiece_tokenizer import SentencePieceTokenizer
from tokviz.tokenization.user.user_file import UserFile
from tokviz.tokenization.user.user_files import agrees, read_user_file
from tokviz.tokenization.vocabularies import Vocabulary, VocabularyError
from tokviz.tokenization.vocabulary_tokenizer import VocabularyTokenizer


class UnknownTokenizerError(LookupError):
    """No tokenizer has that name; the message names the nearest."""


def _gigatoken(vocabulary: Vocabulary, memory: MemoryBound) -> Engine:
    from tokviz.tokenization.gigatoken_engine import GigatokenEngine
    from tokviz.tokenization.sentencepiece.gigatoken_sentencepiece import GigatokenSentencePiece

    kind = GigatokenSentencePiece if vocabulary.info.kind is Kind.PIECES else GigatokenEngine
    return kind(vocabulary, memory)


def _tiktoken(vocabulary: Vocabulary, memory: MemoryBound) -> Engine:  # noqa: ARG001
    from tokviz.tokenization.tiktoken_engine import TiktokenEngine

    return TiktokenEngine(vocabulary)


def _tokenizers(vocabulary: Vocabulary, memory: MemoryBound) -> Engine:  # noqa: ARG001
    from tokviz.tokenization.tokenizers_engine import TokenizersEngine

    return TokenizersEngine(vocabulary)


ENGINES: Mapping[str, Callable[[Vocabulary, MemoryBound], Engine]] = {
    "gigatoken": _gigatoken,
    "tiktoken": _tiktoken,
    "tokenizers": _tokenizers,
}
"""How each engine is made, in order of preference. Each imports its library only when it is called."""


class Registry:
    """The tokenizers by name. Safe to use from several threads."""

    def __init__(self, assets: Assets, engines: Iterable[str] = tuple(ENGINES)) -> None:
        """``engines`` are tried in that order for each tokenizer; see ENGINES."""
        self._assets = assets
        self._infos = {**read_tokenizer_infos(assets), **read_claude_infos(assets)}
        self._engine_names = tuple(engines)
        self._memory = MemoryBound()
        self._own: dict[str, TokenizerInfo] = {}
        self._files: dict[str, UserFile] = {}
        self._vocabularies: dict[str, Vocabulary] = {}
        self._engines: dict[tuple[Path, int], Engine] = {}
        self._tokenizers: dict[tuple[str, SpecialTokens], Tokenizer] = {}
        self._lock = threading.RLock()

    def names(self) -> tuple[str, ...]:
        """Every tokenizer's name: those of ``tokenizers.toml``, Claude's, then the user's own files."""
        return (*self._infos, *self._own)

    @property
    def assumed(self) -> frozenset[str]:
        """The user's files that do not say how they split, by name."""
        return frozenset(name for name, info in self._own.items() if info.is_assumed)

    def info(self, name: str) -> TokenizerInfo:
        """What is known about a tokenizer; UnknownTokenizerError if there is none of that name."""
        info = self._own.get(name) or self._infos.get(name)
        if info is None:
            raise UnknownTokenizerError(self._unknown(name))
        return info

    def own_name(self, path: Path) -> str:
        """What a user's file goes by here; empty if it was not added."""
        path = Path(os.path.realpath(path))
        with self._lock:
            return next((name for name, file in self._files.items() if file.path == path), "")

    def own_sha256(self, name: str) -> str:
        """The digest of a user's file as it was read; empty for what is bundled."""
        file = self._files.get(name)
        return file.sha256 if file else ""

    def own_files(self) -> Mapping[str, UserFile]:
        """The user's files that were added here, by name."""
        with self._lock:
            return dict(self._files)

    def get(self, name: str, special: SpecialTokens = SpecialTokens.PLAIN) -> Tokenizer:
        """The tokenizer of that name.

        UnknownTokenizerError if there is none; VocabularyError if its file is missing or altered;
        ValueError if it does not know that treatment of special tokens.
        """
        info = self.info(name)
        if special not in info.modes:
            raise ValueError(
                # Translators: {mode} is plain, parsed or framed.
                _(
                    "The tokenizer {tokenizer} does not know special tokens as {mode}.",
                    tokenizer=name,
                    mode=special,
                )
            )
        with self._lock:
            found = self._tokenizers.get((name, special))
            if found is None:
                found = self._tokenizers[name, special] = self._load(info, special)
            return found

    def is_loaded(self, name: str) -> bool:
        """Whether ``get`` has it at hand, for plain text."""
        return (name, SpecialTokens.PLAIN) in self._tokenizers

    def add_file(self, path: Path, known_as: str = "") -> str:
        """Make a user's own tokenizer file known, and return the name it goes by from now on.

        The name is the file's, with as many of its folders as tell it from the others; or ``known_as``, what
        it was called in another registry, unless another file is called that. Adding a file again reads it
        again. UserFileError if it is malformed; see `user_files` for what is accepted.
        """
        path = Path(os.path.realpath(path))
        with self._lock:
            name = self.own_name(path)
            if not name:
                free = known_as and known_as not in self._own and known_as not in self._infos
                name = known_as if free else self._new_name(path)
            file = read_user_file(path, name, self._infos)
            self._files[name] = file
            self._own[name] = file.info
            self._engines.pop((path, 0), None)
            for mode in SpecialTokens:
                self._tokenizers.pop((name, mode), None)
        return name

    def add_info(self, info: TokenizerInfo) -> None:
        """Make known what another registry has read from a user's file: what is told of it, not the tokenizer
        itself, which ``get`` refuses. Two files of one name are displayed with as many of their folders as
        tell them apart."""
        self._own[info.name] = info
        alike = [name for name, other in self._own.items() if other.display_name == info.display_name]
        for name in alike if len(alike) > 1 else ():
            self._own[name] = structs.replace(self._own[name], display_name=name)

    def estimator_names(self) -> tuple[str, ...]:
        """What stands in for tokenizers that nobody has published. It draws no boundaries."""
        return (ESTIMATE,)

    def _load(self, info: TokenizerInfo, special: SpecialTokens) -> Tokenizer:
        file = self._files.get(info.name)
        if file is None and info.name in self._own:
            raise VocabularyError(
                _("The tokenizer {tokenizer} was read elsewhere and is not loaded here.", tokenizer=info.name)
            )
        if info.kind is Kind.COVERING:
            # Imported here: who counts with none of them needs no numpy tables for them.
            from tokviz.tokenization.claude.tokenizer import load_claude

            return load_claude(info, self._assets)
        if file is None:
            vocabulary = self._vocabularies.setdefault(info.name, Vocabulary(info))
        elif file.vocabulary is not None:
            vocabulary = file.vocabulary
        else:
            try:
                if file.model:
                    return SentencePieceTokenizer(info, file.model)
                return LibraryTokenizer(info, file.tokenizer_json, special)
            except (EngineError, ImportError) as error:
                raise VocabularyError(
                    _(
                        "The tokenizer {tokenizer} cannot be used: {reason}.",
                        tokenizer=info.name,
                        reason=error,
                    )
                ) from error
        # Two tokenizers may share a vocabulary and differ in their special tokens (mistral-v3, mistral-v7).
        bundled = file is None or file.bundled
        engine = self._engines.get((info.file, info.tokens))
        if engine is None:
            engine = self._engines[info.file, info.tokens] = self._engine(vocabulary, trusted=bundled)
        return VocabularyTokenizer(vocabulary, engine, special, SafeSplitRule.common() if bundled else None)

    def _engine(self, vocabulary: Vocabulary, trusted: bool) -> Engine:
        reasons = []
        for name in self._engine_names:
            try:
                engine = ENGINES[name](vocabulary, self._memory)
            except ImportError:
                reasons.append(_("{library} is not installed", library=name))
            except EngineError as error:
                reasons.append(str(error))
            else:
                # What gigatoken makes of the bundled vocabularies is proved; of a user's file it is tried.
                doubt = "" if trusted or name != "gigatoken" else self._doubt(engine, vocabulary)
                if not doubt:
                    return engine if trusted else GuardedEngine(engine, vocabulary.info.name)
                reasons.append(doubt)
        reasons = list(dict.fromkeys(reasons))
        raise VocabularyError(
            _(
                "The tokenizer {tokenizer} cannot be used: {reason}.",
                tokenizer=vocabulary.info.name,
                reason="; ".join(reasons),
            )
        )

    def _doubt(self, engine: Engine, vocabulary: Vocabulary) -> str:
        """Why ``engine`` is not to be used with a user's vocabulary; empty if it tokenizes as published."""
        try:
            reference = ENGINES["tokenizers"](vocabulary, self._memory)
            with refusal(engine.name):
                same = agrees(engine, reference)
            return "" if same else _("{library} cuts otherwise than published", library=engine.name)
        except ImportError:
            return _("{library} is not installed", library="tokenizers")
        except EngineError as error:
            return str(error)

    def _new_name(self, path: Path) -> str:
        parts = path.parts[1:]
        names = ("/".join(parts[-count:]) for count in range(1, len(parts) + 1))
        return next(name for name in names if name not in self._own and name not in self._infos)

    def _unknown(self, name: str) -> str:
        return str(UnknownNameError("tokenizer", name, self.names()))
