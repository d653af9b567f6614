"""Where a tokenizer's texts may be split, worked out from how it splits, normalizes and merges.

`split_points` proves its rule for regex alternatives one by one; here a pattern is taken apart and held
against the list of those. A pattern with an alternative that is not on the list allows no split: such a
tokenizer's text is tokenized whole, slower and as exact.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tokviz.tokenization.claude.infos import NAMES
from tokviz.tokenization.claude.splits import LEAD, split_rule
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo
from tokviz.tokenization.vocabularies import Vocabulary
from tokviz.tokens import Tokenization

_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_UPPER_BUT_HAN = _UPPER[:-1] + r"&&[^\p{Han}]]"
_LOWER_BUT_HAN = _LOWER[:-1] + r"&&[^\p{Han}]]"
_ASCII_PUNCTUATION = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""
_COVERS = {
    # Letters: u upper case, l lower case, o without case but h, Han.
    r" ?\p{L}+": "luoh",
    r"\p{L}+": "luoh",
    r"[^\r\n\p{L}\p{N}]?\p{L}+": "luoh",
    r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+": "luoh",
    r"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+": "luoh",
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+": "loh",
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_CONTRACTION}?": "loh",
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*": "uoh",
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_CONTRACTION}?": "uoh",
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER_BUT_HAN}*{_LOWER_BUT_HAN}+{_CONTRACTION}?": "lo",
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER_BUT_HAN}+{_LOWER_BUT_HAN}*{_CONTRACTION}?": "uo",
    r"[\p{Han}]+": "h",
    rf"{_ASCII_PUNCTUATION}[A-Za-z]+": "",
    "[一-龥\u3040-ゟ゠-ヿ]+": "",
    **dict.fromkeys((_CONTRACTION, "'(?i:[sdmt]|ll|ve|re)", "'(?:[sdmt]|ll|ve|re)"), ""),
    **dict.fromkeys(("'s", "'t", "'re", "'ve", "'m", "'ll", "'d"), ""),
    # Numbers.
    **dict.fromkeys((r"\p{N}", r"\p{N}+", r" ?\p{N}+", r"\p{N}{1,3}"), "n"),
    # Everything else that is no white space.
    r"[^\s\p{L}\p{N}]+": "",
    r" ?[^\s\p{L}\p{N}]+": "",
    r" ?[^\s\p{L}\p{N}]+[\r\n]*": "",
    r" ?[^\s\p{L}\p{N}]+[\r\n/]*": "",
    r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*": "",
    r" ?[\p{P}\p{S}]+[\r\n]*": "",
    # White space.
    **dict.fromkeys((r"\s+(?!\S)", r"\s+(?=\p{N})", r"\s*[\r\n]", r"\s*[\r\n]+", r"\s+$"), ""),
    **dict.fromkeys((r"\s+", r"\s"), "s"),
}
"""The alternatives for which the rule is proved, each with what it never fails to match. Tokens end at a
split point only if the characters beside it are matched by something."""


_CONTEXT = b"\n"
_QUANTIFIED = re.compile(r"(?<![\\(])(?:[+*?]|\{\d+(?:,\d*)?\})\Z")


@dataclass(frozen=True, slots=True)
class SplitPolicy:
    """How to tokenize a text in chunks: where to split, and what to put before each but the first."""

    rule: SafeSplitRule
    context_prefix: bytes = b""
    """SentencePiece puts a space before every text: behind a line break, which merges with nothing, a chunk
    is met as it would be inside the text; of Claude's, see ``claude.splits``. The prefix's own tokens, which
    no chunk alters, are dropped."""

    def encode(self, tokenizer: Tokenizer, chunk: bytes, opens: bool) -> Tokenization:
        """The tokens of ``chunk``, which begins at a split point, or at the text's start (``opens``)."""
        if opens or not self.context_prefix:
            return tokenizer.encode(chunk)
        whole, before = tokenizer.encode(self.context_prefix + chunk), len(self.context_prefix)
        first = tokenizer.count(self.context_prefix)
        return Tokenization(whole.tokenizer, whole.ids[first:], whole.ends[first:] - before, whole.revision)

    def count(self, tokenizer: Tokenizer, chunk: bytes, opens: bool) -> int:
        """How many tokens ``encode`` would give."""
        if opens or not self.context_prefix:
            return tokenizer.count(chunk)
        both, prefix = tokenizer.count_many(
            [self.context_prefix + chunk, self.context_prefix], False
        ).tolist()
        return int(both - prefix)


def split_policy(
    patterns: Sequence[str],
    normalization: str,
    prefix: str,
    vocabulary: Callable[[], Iterable[bytes]] | None,
    atoms: Iterable[bytes],
) -> SplitPolicy:
    """How texts may be split for a BPE tokenizer.

    ``patterns``: the regexes by which it splits, one after the other. ``normalization``: "", "NFC" or
    "NFKC". ``prefix``: what it puts before every text ("" or a space). ``vocabulary``: of one that does not
    split, gives the bytes of its ordinary tokens, at least of those that hold a line break or a split point
    of other tokenizers. ``atoms``: the texts that it recognizes before anything else, in the mode
    it is used in. Without patterns and vocabulary nothing is known, and texts are never split.
    """
    none = SplitPolicy(SafeSplitRule.never())
    if normalization not in ("", "NFC", "NFKC") or (patterns and not _proved(patterns)):
        return none
    rule = SafeSplitRule()
    if not patterns:
        if vocabulary is None:
            return none
        # A token of one byte joins nothing.
        tokens = [token for token in vocabulary() if len(token) > 1]
        rule = rule.without(tokens)
        if prefix and any(_CONTEXT in token for token in tokens):
            return none
    # Behind a special token the prefix stands again.
    return SplitPolicy(rule.without(atoms, ends=bool(prefix)), _CONTEXT if prefix else b"")


def split_policy_of(info: TokenizerInfo, tokenizer: Tokenizer, special: SpecialTokens) -> SplitPolicy:
    """How texts may be split for ``tokenizer``, which ``info`` describes and whose mode is ``special``;
    VocabularyError if a file of it cannot be read, ValueError if its mode is another."""
    if tokenizer.mode is not special:
        raise ValueError(f"{tokenizer.name} treats special tokens as {tokenizer.mode}, not {special}")
    if info.kind is Kind.COVERING:
        return claude_split_policy(info)

    def joining_tokens() -> Iterable[bytes]:
        # A pattern that splits wherever the rule does is known for this kind, and what reaches over a split.
        if info.kind is Kind.PIECES:
            return [text.encode() for text in Vocabulary(info).added.crossing]
        return _ordinary_tokens(tokenizer)

    return split_policy(
        patterns=info.splits or ((info.pattern,) if info.pattern else ()),
        normalization=info.normalization,
        prefix=info.prefix,
        vocabulary=joining_tokens if info.space else None,
        atoms=[text.encode() for text in sorted(tokenizer.recognized)],
    )


def common_rule() -> SafeSplitRule:
    """Where to split a text that is counted with bundled tokenizers, Claude's among them, special tokens
    being plain text."""
    # Counts need not be told where white space at the end belongs.
    return SafeSplitRule.common() & split_rule()


def claude_split_policy(info: TokenizerInfo) -> SplitPolicy:
    """How texts may be split for one of Claude's tokenizers, which need not be loaded for that."""
    return SplitPolicy(split_rule(NAMES[info.name].ignores_final_space), LEAD)


def unproved(patterns: Sequence[str]) -> list[str]:
    """The alternatives of the patterns for which nothing is proved: with one of them no text is split."""
    return [part for pattern in patterns for part in _alternatives(pattern) if part not in _COVERS]


def _proved(patterns: Sequence[str]) -> bool:
    if unproved(patterns):
        return False
    covered = {kind for pattern in patterns for part in _alternatives(pattern) for kind in _COVERS[part]}
    return covered >= set("luohns")


def _alternatives(pattern: str) -> list[str]:
    """The pattern's alternatives, taken apart at each ``|`` outside of groups and classes.

    Possessive quantifiers (``++``) come out plain: they only forbid going back.
    """
    parts, depth, in_class, escaped = [""], 0, False, False
    for character in pattern.replace("\r", r"\r").replace("\n", r"\n"):
        plain = not (in_class or escaped)
        if plain and not depth and character == "|":
            parts.append("")
            continue
        if plain and character == "+" and _QUANTIFIED.search(parts[-1]):
            continue
        parts[-1] += character
        if escaped or character == "\\":
            escaped = not escaped
        elif in_class or character == "[":
            in_class = character != "]"
        else:
            depth += (character == "(") - (character == ")")
    return parts


def _ordinary_tokens(tokenizer: Tokenizer) -> Iterator[bytes]:
    for token_id in range(tokenizer.vocabulary_size):
        # An id may stand for nothing; a special one only ever forbids more.
        with contextlib.suppress(KeyError):
            yield tokenizer.token_bytes(token_id)
