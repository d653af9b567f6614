"""``--pack`` and ``--copy``: the inputs as one text for a model, or in parts, searched for secrets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.pack_splitting import CannotSplitError, PackSplitter, SplitPart
from tokviz.analysis.codebase.pack_template import LARGEST, PackTemplate, TemplateError, read_template
from tokviz.analysis.codebase.packing import MOST_BYTES, PackedFile, PackLayout, PackOrder, pack
from tokviz.analysis.codebase.scan import Counters, count_texts
from tokviz.analysis.codebase.secrets import Secret, SecretFinder, searched
from tokviz.analysis.codebase.shortened_counts import shortenings_of
from tokviz.analysis.count_plan import Decoder
from tokviz.analysis.escaping import encodable
from tokviz.analysis.tokens.token_gauge import make_gauge
from tokviz.cli.console import Console, Failure
from tokviz.cli.counted_texts import counted_texts
from tokviz.cli.inputs import STANDARD_INPUT, read_input
from tokviz.cli.pack_request import PackRequest
from tokviz.cli.pack_targets import check_targets
from tokviz.cli.totals import Part, Totals
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import ReadError, exists, read_text
from tokviz.documents.shortening.shortenings import Shortening, shortened_note
from tokviz.documents.tree.git_history import SECONDS, last_changes
from tokviz.documents.tree.git_process import GitError
from tokviz.documents.tree.known_packs import KnownPacks, PackMark
from tokviz.documents.writing import WriteError, write_file
from tokviz.language import _, clause, ngettext
from tokviz.lists import listed
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count


@dataclass(frozen=True, slots=True)
class Pack:
    """A packed text."""

    text: bytes
    """All of it, if it is not in parts."""
    parts: list[SplitPart]
    files: int
    secrets: list[Secret] = field(default_factory=list)
    """What looks like a key or a password in it."""

    @property
    def texts(self) -> list[bytes]:
        """The texts of the parts, or the one text."""
        return [part.text for part in self.parts] or [self.text]


def read_layout(request: PackRequest, console: Console) -> PackLayout:
    """How the text is to be laid out; ``Failure`` if a template or text cannot be read."""
    try:
        layout = PackLayout(
            template=_template(request),
            before=_own_text(request.before, "--before", console),
            after=_own_text(request.after, "--after", console),
            tree=request.tree,
            line_numbers=request.line_numbers,
            order=request.order,
        )
        layout.check(split=request.split is not None)
    except (ReadError, TemplateError) as error:
        raise Failure(str(error)) from error
    return layout


def _template(request: PackRequest) -> PackTemplate:
    if form := request.form:
        return form.template
    path = request.template or ""
    if not exists(path):
        known = listed(PackFormat)
        raise TemplateError(
            _("There is no template {path}: name {known}, or a file that is there.", path=path, known=known)
        )
    source = read_text(path, ReadOptions(largest=LARGEST)).text.decode()
    return read_template(source, path)


@dataclass(frozen=True)
class Packer:
    """Packs all counted files of ``totals``, or some of them."""

    request: PackRequest
    layout: PackLayout
    totals: Totals
    reading: ReadOptions
    registry: Registry
    counters: Counters
    weights: NDArray[np.int64]
    """The tokens of each file (``int64[files]``), for its place in the order."""
    console: Console
    wanted: NDArray[np.uint8] | None = None
    """What is to make each file's text shorter (a mask for each, ``uint8[files]``), if any is."""

    def text(self, chosen: NDArray[np.bool_], wanted: NDArray[np.uint8] | None) -> bytes:
        """One text of those files that are ``chosen`` (``bool[files]``), shortened as ``wanted``."""
        name, paths, files = replace(self, wanted=wanted)._files(chosen)
        return b"".join(pack(name, paths, files, self.layout))

    def packed(self, finder: SecretFinder, decoder: Decoder | None) -> Pack:
        """The text, or its parts by what ``decoder`` reads (None: nothing is counted). ``Failure`` where it
        would be larger than ``MOST_BYTES``, or no parts can be made."""
        layout = self.layout
        if self.totals["bytes"] > MOST_BYTES:
            raise Failure(
                _(
                    "{size} bytes are more than any model takes; leave files out before packing, as with "
                    "--exclude.",
                    size=formatting.grouped(self.totals["bytes"]),
                )
            )
        name, paths, files = self._files(None)
        secrets: list[Secret] = []
        checked = searched(layout, files, finder, secrets)
        if self.request.split is None or decoder is None:
            return Pack(b"".join(pack(name, paths, checked, layout)), [], len(paths), secrets)
        splitter = PackSplitter(
            name,
            paths,
            layout,
            self.request.split,
            lambda texts: [count.high for count in count_texts(texts, decoder, self.counters)],
            lambda text: make_gauge(self.registry, decoder.name, text),
        )
        try:
            return Pack(b"", splitter.parts(list(checked)), len(paths), secrets)
        except CannotSplitError as error:
            raise Failure(str(error)) from error

    def _files(self, chosen: NDArray[np.bool_] | None) -> tuple[str, list[str], Iterator[PackedFile]]:
        """What the text is called, all paths in the order of the tree, and the files in theirs."""
        parts = self.totals.parts
        alone = len(parts) == 1 and parts[0].is_folder
        name = parts[0].listing.root.resolve().name if alone else "files"
        named = {
            first + number: _name(part, part.listing.files[number].path, alone)
            for part, first in self.totals.placed()
            for number in part.counted_files
            if chosen is None or chosen[first + number]
        }
        numbered = self._read(named)
        if self.request.order is not PackOrder.PATH:
            ranks = self._ranks
            numbered = iter(sorted(numbered, key=lambda file: ranks[file[0]]))
        return name, list(named.values()), (file for _, file in numbered)

    def _read(self, named: Mapping[int, str]) -> Iterator[tuple[int, PackedFile]]:
        """Each file that has a name, with its number among those of all inputs."""
        for part, first in self.totals.placed():
            numbers = [number for number in part.counted_files if first + number in named]
            shortened = {first + number: self._shortened(first + number) for number in numbers}
            for batch in counted_texts(part, first, numbers, self.reading, self.console, shortened):
                for number, text in zip(batch.numbers, batch.texts, strict=True):
                    note = shortened_note(batch.shortened(number))
                    yield number, PackedFile(named[number], text, shortened=note)

    def _shortened(self, number: int) -> frozenset[Shortening]:
        return frozenset() if self.wanted is None else frozenset(shortenings_of(int(self.wanted[number])))

    @cached_property
    def _ranks(self) -> NDArray[np.float64]:
        """By which the files are ordered: ``float64[files]``."""
        if self.request.order is PackOrder.TOKENS:
            return -self.weights.astype(np.float64)
        ranks = np.full(len(self.weights), np.inf)
        unknown = 0
        for part, first in self.totals.placed():
            paths = [file.path for file in part.listing.files]
            try:
                changed = last_changes(part.listing.root, set(paths))
            except GitError as error:
                raise Failure(
                    _("{problem}; order by path or by tokens.", problem=clause(str(error)))
                ) from error
            for number, path in enumerate(paths):
                ranks[first + number] = -changed[path] if path in changed else np.inf
            unknown += len(paths) - len(changed)
        if unknown:
            sentence = ngettext(
                "The last change of {n} file is not found in {seconds} s of history: they stand last.",
                "The last change of {n} files is not found in {seconds} s of history: they stand last.",
                unknown,
                seconds=f"{SECONDS:.0f}",
            )
            self.console.complain_first([sentence])
        return ranks


def check_target(request: PackRequest, marks: frozenset[PackMark]) -> None:
    """``Failure`` where the text would be written over a file that tokviz has not packed."""
    written = request.written
    if written is not None and not written.in_parts and not request.overwrite:
        _check([written.target], marks)


def _check(targets: Iterable[Path], marks: frozenset[PackMark]) -> None:
    try:
        check_targets(targets, marks)
    except WriteError as error:
        raise Failure(str(error), 2) from error


def write(request: PackRequest, pack: Pack, packs: KnownPacks, console: Console) -> list[str]:
    """Put the text in the file or its parts, each all or nothing, or on standard output; ``Failure`` if that
    cannot be. ``packs``: where it is remembered. A sentence for each thing to know."""
    if request.target == STANDARD_INPUT:
        for part in pack.parts:
            console.print_bytes(part.text + b"\0")
        if not pack.parts:
            console.print_bytes(pack.text)
        return []
    written = request.written
    if written is None:
        return []
    of = len(pack.parts)
    targets = [written.part(number, of) for number in range(1, of + 1)] or [written.target]
    if not request.overwrite:
        _check(targets, packs.read())
    try:
        for target, text in zip(targets, pack.texts, strict=True):
            write_file(target, text)
    except WriteError as error:
        raise Failure(str(error)) from error
    notes = _leftovers(request, of) if pack.parts else []
    problem = packs.try_to_remember(
        text for target, text in zip(targets, pack.texts, strict=True) if target.is_file()
    )
    return [*notes, problem] if problem else notes


def pack_words(name: str, files: int, counts: Sequence[Count], own: int) -> str:
    """How many tokens a pack has by ``name`` in its texts, of which so many are the ``files``' and the user's
    ``own`` text's."""
    tokens = [count.tokens for count in counts]
    mark, whole = formatting.mark(counts[0]), sum(tokens)
    if len(tokens) == 1:
        said = ngettext(
            "{n} token by {tokenizer}",
            "{n} tokens by {tokenizer}",
            whole,
            n=mark + formatting.grouped(whole),
            tokenizer=name,
        )
    else:
        least, most = min(tokens), max(tokens)
        sizes = formatting.grouped(least)
        if least < most:
            # Translators: two numbers of tokens.
            sizes = _("{least} to {most}", least=sizes, most=formatting.grouped(most))
        said = ngettext(
            "{n} token each by {tokenizer}, {whole} in all",
            "{n} tokens each by {tokenizer}, {whole} in all",
            most,
            n=mark + sizes,
            tokenizer=name,
            whole=mark + formatting.grouped(whole),
        )
    # Translators: of a number of tokens, which is said before.
    clauses = [said, _("{tokens} of them for the wrapping", tokens=formatting.grouped(whole - files - own))]
    if own:
        # Translators: of a number of tokens, which is said before.
        clauses.append(_("{tokens} your own text", tokens=formatting.grouped(own)))
    return listed(clauses)


def pack_record(request: PackRequest, pack: Pack, counts: Mapping[str, Sequence[Count]]) -> dict[str, object]:
    """What was packed, for programs."""
    tokens = [
        {name: many[number].tokens for name, many in counts.items()} for number in range(len(pack.texts))
    ]
    written = request.written
    parts = [
        {
            "path": str(written.part(number, len(pack.parts))) if written else None,
            "tokens": tokens[number - 1],
            "files": [encodable(label) for label in part.contents],
        }
        for number, part in enumerate(pack.parts, 1)
    ]
    secrets = [
        {"path": encodable(one.path), "line": one.line, "kind": one.kind}
        | ({"shortened": True} if one.shortened else {})
        for one in pack.secrets
    ]
    whole = {"parts": parts} if parts else {"tokens": tokens[0]}
    return {"path": request.target, "copied": request.copy, "files": pack.files, "secrets": secrets, **whole}


def _leftovers(request: PackRequest, parts: int) -> list[str]:
    """A sentence if parts of an earlier, longer pack still lie beside the new ones."""
    written = request.written
    assert written is not None
    names = sorted(path.name for path in written.target.parent.iterdir())
    old = [name for name in names if (written.number(name) or 0) > parts]
    if not old:
        return []
    if len(old) == 1:
        return [_("{file} is left there from an earlier pack; delete what you do not want.", file=old[0])]
    return [
        ngettext(
            "{file} and {n} more are left there from an earlier pack; delete what you do not want.",
            "{file} and {n} more are left there from an earlier pack; delete what you do not want.",
            len(old) - 1,
            file=old[0],
        )
    ]


def _own_text(asked: str | None, option: str, console: Console) -> bytes:
    """The user's own text; ReadError if the file cannot be read."""
    if not asked:
        return b""
    if not asked.startswith("@"):
        return asked.encode("utf-8", "surrogateescape")
    if asked.startswith("@@"):
        return asked[1:].encode("utf-8", "surrogateescape")
    if not asked[1:]:
        raise Failure(
            _(
                "{option} @ names no file; write {option} @FILE, or @@ for a text that begins with @.",
                option=option,
            ),
            2,
        )
    return read_input(asked[1:], console, ReadOptions(largest=MOST_BYTES)).text


def _name(part: Part, path: str, alone: bool) -> str:
    """Relative to the only root; where there are several, as it is reached from here, but never absolute."""
    if alone:
        return path
    if not Path(part.path).is_absolute():
        return Path(part.shown(path)).as_posix()
    return f"{Path(part.path).name}/{path}" if part.is_folder else Path(part.path).name
