"""What a user's SentencePiece ``.model`` file holds: what tokviz's engines can do, or a library's work."""

from pathlib import Path

from tokviz.language import _
from tokviz.tokenization.engine import EngineError
from tokviz.tokenization.sentencepiece.sentencepiece_model import (
    ModelKind,
    PieceKind,
    SentencePieceModel,
    merges_by_score,
    read_sentencepiece_model,
)
from tokviz.tokenization.sentencepiece.vocabulary import sentencepiece_json
from tokviz.tokenization.token_tables import BYTE_PIECES, SPACE
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo, known_modes
from tokviz.tokenization.user.sentencepiece_tokenizer import SentencePieceTokenizer
from tokviz.tokenization.user.user_file import UserFile, UserVocabulary
from tokviz.tokenization.vocabularies import AddedTokens


def sentencepiece_file(path: Path, name: str, data: bytes) -> UserFile:
    """The tokenizer in ``data``, the contents of ``path``; ValueError where it is none."""
    model = read_sentencepiece_model(data)
    if not _is_plain_bpe(model):
        return _library_model(path, name, data, model)
    pieces = model.pieces
    special = {p.text: i for i, p in enumerate(pieces) if p.kind is PieceKind.CONTROL}
    atomic = {p.text: i for i, p in enumerate(pieces) if p.kind is PieceKind.USER_DEFINED}
    vocabulary = {p.text: i for i, p in enumerate(pieces)}
    written = sentencepiece_json({"<unk>": len(pieces)} | vocabulary, merges_by_score(pieces))
    info = TokenizerInfo(
        name=name,
        display_name=path.name,
        kind=Kind.JSON,
        file=path,
        vocabulary_size=len(pieces),
        space=True,
        prefix=" " if model.dummy_prefix else "",
        modes=known_modes(bool(special), framed=False),
    )
    return UserFile(path, info, UserVocabulary(info, written, AddedTokens(special, atomic)))


def _is_plain_bpe(model: SentencePieceModel) -> bool:
    """Whether tokviz's engines do as the model: BPE with a token for each byte, of the text as it is."""
    if model.kind is not ModelKind.BPE or model.rewrites_text or not model.byte_fallback:
        return False
    texts = {piece.text for piece in model.pieces}
    user_defined = [piece.text for piece in model.pieces if piece.kind is PieceKind.USER_DEFINED]
    return (
        "" not in texts
        and len(texts) == len(model.pieces)
        and {piece.text for piece in model.pieces if piece.kind is PieceKind.BYTE} == set(BYTE_PIECES)
        # One with a mark matches a space, too, which is no mark yet when added tokens are looked for.
        and not any(SPACE in text for text in user_defined)
    )


def _library_model(path: Path, name: str, data: bytes, model: SentencePieceModel) -> UserFile:
    note = _("It rewrites characters or spaces before it cuts the text.") if model.rewrites_text else ""
    info = TokenizerInfo(
        name=name,
        display_name=path.name,
        kind=Kind.LIBRARY,
        file=path,
        vocabulary_size=len(model.pieces),
        note=note,
    )
    try:
        SentencePieceTokenizer(info, data)
    except ImportError as error:
        raise ValueError(_("it needs {library}, which is not installed", library="sentencepiece")) from error
    except EngineError as error:
        raise ValueError(str(error)) from error
    return UserFile(path, info, None, model=data)
