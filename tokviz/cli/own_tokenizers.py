"""Tokenizers that a command is given as files, in place of a name."""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from tokviz.analysis.escaping import encodable
from tokviz.cli.catalogs import unknown_name
from tokviz.cli.console import Console, Failure
from tokviz.documents.reading import is_file
from tokviz.language import _, gettext
from tokviz.names import UnknownNameError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.user.user_file import UserFileError
from tokviz.tokenization.vocabularies import VocabularyError


def asked_tokenizers(names: Iterable[str], registry: Registry, console: Console) -> tuple[str, ...]:
    """The tokenizers and estimators that are asked for, each once.

    What is a file is made known to ``registry`` and told of on standard error. ``Failure`` for what is
    neither known nor such a file.
    """
    known = (*registry.names(), *registry.estimator_names())
    return tuple(dict.fromkeys(_asked(name, known, registry, console) for name in names))


def _asked(name: str, known: Collection[str], registry: Registry, console: Console) -> str:
    if name in known:
        return name
    if not _means_a_file(name):
        if is_file(name):
            raise Failure(
                _("There is no tokenizer “{name}”; write ./{name} if you mean the file.", name=name), 2
            )
        raise unknown_name(UnknownNameError("tokenizer", name, known), _("`tokviz tokenizers` lists them."))
    if own := registry.own_name(Path(name)):
        return own
    try:
        own = registry.add_file(Path(name))
        # Loading shows what reading cannot: whether a library can cut with it.
        registry.get(own)
    except (UserFileError, VocabularyError) as error:
        raise Failure(str(error)) from error
    info = registry.info(own)
    whole_name = info.display_name if info.display_name != info.file.name and info.package else ""
    values = {"tokenizer": own, "file": name, "how": info.provenance.words}
    if whole_name:
        # Translators: counted by a tokenizer that a file holds; {how} is how sure it is: exact, assumed …
        told = _("By {tokenizer} ({name}), the file {file}: {how}.", name=whole_name, **values)
    else:
        told = _("By {tokenizer}, the file {file}: {how}.", **values)
    console.complain(f"{told} {gettext(info.note)}".rstrip())
    return own


def _means_a_file(name: str) -> bool:
    """Whether a word is a path: a mistyped name is not to open whatever lies in the current folder."""
    if any(separator in name for separator in (os.sep, os.altsep) if separator):
        return True
    return "." in name and os.path.lexists(name) and not Path(name).is_dir()


def own_records(registry: Registry) -> dict[str, object]:
    """The files that tokenize, for JSON; nothing where there are none."""
    files = [
        {
            "tokenizer": encodable(name),
            "file": encodable(str(file.path)),
            "sha256": file.sha256 or None,
            "provenance": file.info.provenance,
            "note": file.info.note or None,
        }
        for name, file in registry.own_files().items()
    ]
    return {"own_tokenizers": files} if files else {}
