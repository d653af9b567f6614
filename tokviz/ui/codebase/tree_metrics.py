"""What the tree, the treemap and the summaries say of one version of a codebase. No Qt here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from sys import intern

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.budget import Fit
from tokviz.analysis.codebase.languages import language_words
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.shortened_counts import shortenings_of
from tokviz.analysis.codebase.token_tree import FileState, Inclusion, TokenTree
from tokviz.analysis.codebase.tree_images import ImagesToPlan, TreeImages
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.analysis.codebase.treemap import TreemapLayout
from tokviz.analysis.count_plan import CountPlan, Decoder
from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.documents.document_text import encoding_words
from tokviz.documents.image_size import ImageSize
from tokviz.documents.shortening.shortenings import shortened_words
from tokviz.language import _, ngettext
from tokviz.tokens import Count, Provenance
from tokviz.ui.codebase.hues import top_hues


class Column(IntEnum):
    """What a row says, from left to right."""

    NAME = 0
    TOKENS = 1
    FOLDER = 2
    WINDOW = 3
    BYTES = 4
    DENSITY = 5
    LANGUAGE = 6
    ENCODING = 7


HEADERS = {
    Column.NAME: (_("Name"), _("Unchecked files and folders take no part: every figure leaves them out")),
    Column.TOKENS: (_("Tokens"), _("Tokens under the chosen tokenizer; ~ before what is estimated")),
    Column.FOLDER: (_("Of folder"), _("Share of the tokens of the folder that it lies in")),
    Column.WINDOW: (_("Of window"), _("Share of the chosen model's context window")),
    Column.BYTES: (_("Size"), _("Bytes of the text as UTF-8; on the disk until a file is read")),
    Column.DENSITY: (_("Bytes/token"), _("Bytes per token: the fewer, the more a byte costs")),
    Column.LANGUAGE: (_("Type"), _("The kind of file, by its name; for a folder, how many files take part")),
    Column.ENCODING: (
        _("Encoding"),
        _("How the file is encoded; it is counted as the text that it stands for"),
    ),
}
HIDDEN_AT_FIRST = frozenset((Column.DENSITY, Column.ENCODING))
NUMERIC = frozenset((Column.TOKENS, Column.FOLDER, Column.WINDOW, Column.BYTES, Column.DENSITY))


@dataclass(frozen=True, slots=True)
class NodeMetrics:
    """One file or folder. What is excluded has the metrics it would have; its shares are None."""

    tokens: Count
    of_folder: float | None
    """Its part of the tokens of the folder it lies in."""
    fit: Fit | None
    """How it stands to the chosen model's window, by that model's own tokenizer."""
    bytes: int
    certain: bool
    """Counted, and not guessed from its size."""
    inclusion: Inclusion
    files: int
    """How many files in it take part, or would."""
    left_out: bool
    """A file that turned out not to be text, or unreadable."""
    of_text: int
    """How many of the tokens are of texts."""
    of_images: int
    """What its images are to the chosen model, by formula; they are in ``fit``."""

    @property
    def per_token(self) -> float | None:
        """Bytes of text per token of it; None without any."""
        return self.bytes / self.of_text if self.of_text else None


class FileNotes:
    """The encodings of files, and how many characters could not be decoded."""

    def __init__(self, files: int) -> None:
        self._encodings = np.full(files, "", np.object_)  # references to a few strings
        self._replaced: dict[int, int] = {}
        self._documents: set[int] = set()

    def add(self, batches: Iterable[CountedBatch]) -> None:
        """Note what a scan has read."""
        for batch in batches:
            self._encodings[batch.numbers] = list(map(intern, batch.encodings))
            for at in np.flatnonzero(batch.replaced).tolist():
                self._replaced[int(batch.numbers[at])] = int(batch.replaced[at])
            self._documents |= {number for number, file in batch.known.items() if file.document}

    def keep(self, before: "FileNotes", pairs: NDArray[np.int64]) -> None:
        """Take over what is known of files that did not change, as (number before, number now)."""
        then, now = pairs.T
        self._encodings[now] = before._encodings[then]
        told = before._replaced or before._documents
        known = dict(zip(then.tolist(), now.tolist(), strict=True)) if told else {}
        self._replaced |= {known[old]: number for old, number in before._replaced.items() if old in known}
        self._documents |= {known[old] for old in before._documents if old in known}

    @property
    def documents(self) -> int:
        """How many files are counted as the text of the document that they are."""
        return len(self._documents)

    def encoding(self, file: int) -> str:
        """A file's encoding; empty until it is read."""
        return str(self._encodings[file])

    def describe(self, file: int) -> str:
        """The encoding, with what could not be decoded."""
        name, replaced = encoding_words(self.encoding(file)), self._replaced.get(file, 0)
        if not replaced:
            return name
        return ngettext(
            "{encoding}, {n} character not decodable, counted as U+FFFD",
            "{encoding}, {n} characters not decodable, counted as U+FFFD",
            replaced,
            encoding=name,
        )


class TreeMetrics:
    """Reads one version of a tree, by the chosen tokenizer and against the chosen model's window."""

    def __init__(
        self,
        tree: TokenTree,
        decoder: Decoder,
        model: LanguageModel | None,
        model_decoder: Decoder | None,
        reserve: int | None = None,
        shown: NDArray[np.bool_] | None = None,
        notes: FileNotes | None = None,
        images: TreeImages | None = None,
    ) -> None:
        """``reserve``: tokens kept for the answer, None is the model's default. ``shown``: the files
        (``bool[m]``) that a filter leaves, None is all. ``images``: those that are counted by the model's
        formula, if one is known."""
        decoders = [decoder] if model_decoder is None else [decoder, model_decoder]
        # Sums cost less, the fewer the columns.
        own = tree.narrowed(CountPlan(tuple(dict.fromkeys(one.name for one in decoders))).columns)
        self.decoder = decoder
        self.model = model
        self.texts = own
        """The tree without its images and without a filter, with the columns that are read."""
        self.images = images
        self.by_image = images.tokens(tree, model) if images and model else None
        """What each file is to the model as an image: ``int64[m]``; None: none is counted."""
        if images and self.by_image is not None:
            own = own.with_images(images.numbers, self.by_image)
        self._unfiltered = own
        self.tree = own if shown is None else own.limited(shown)
        self._plain = tree
        self._shown = shown
        self.notes = notes or FileNotes(len(tree.sizes))
        self._model_decoder = model_decoder
        self._reserve = reserve
        self._nodes: dict[int, NodeMetrics] = {}
        self._bytes = self.tree.column("bytes")
        self._positions = {one.name: self.tree.positions(one.sources) for one in decoders}

    def with_flags(self, included: NDArray[np.bool_]) -> "TreeMetrics":
        """The same without a filter, if exactly these files (``bool[m]``) took part."""
        return self.of_tree(self._plain.with_flags(included))

    def of_tree(self, tree: TokenTree) -> "TreeMetrics":
        """The same of another version of the tree, without a filter."""
        return TreeMetrics(
            tree, self.decoder, self.model, self._model_decoder, self._reserve, None, self.notes, self.images
        )

    @cached_property
    def whole(self) -> TokenTree:
        """The tree with every column, and with its images."""
        if self.images is None or self.by_image is None:
            return self._plain
        return self._plain.with_images(self.images.numbers, self.by_image)

    @property
    def counts_images(self) -> bool:
        """Whether the tokens are the model's own, and so have its images in them."""
        return self.by_image is not None and self._is_model(self.decoder)

    def of(self, node: int) -> NodeMetrics:
        """The metrics of one node, worked out once."""
        found = self._nodes.get(node)
        if found is None:
            found = self._nodes[node] = self._work_out(node)
        return found

    def is_filtered_out(self, node: int) -> bool:
        """Whether the filter leaves nothing of this node: its metrics are then no metrics."""
        return self._shown is not None and not self.of(node).files

    @cached_property
    def file_tokens(self) -> NDArray[np.int64]:
        """The likely tokens of every file, taking part or not: ``int64[m]``."""
        if self.by_image is None or not self.counts_images:
            return self.text_tokens
        return self.text_tokens + (self.by_image if self._shown is None else self.by_image * self._shown)

    @cached_property
    def text_tokens(self) -> NDArray[np.int64]:
        """The likely tokens of every file's text: ``int64[m]``. An estimate is that of the whole, shared
        out."""
        decoder, positions = self.decoder, self._positions[self.decoder.name]
        _, likely = self.tree.sums(np.ones(len(self.tree.sizes), np.bool_))
        return decoder.shares(self.tree.values_in(positions[decoder.share_column]), likely[positions])

    def images_to_plan(self, kept: NDArray[np.bool_] | None) -> ImagesToPlan | None:
        """The images that take part of the model's room; ``kept`` (``bool[m]``): what is to stay."""
        if self.images is None or self.model is None:
            return None
        return ImagesToPlan.of(self.images, self.texts, self.model, kept)

    @cached_property
    def shown_whole(self) -> TokenTree:
        """The tree with every tokenizer's column, as if it had only the files that the filter leaves; images
        are in none."""
        return self._plain if self._shown is None else self._plain.limited(self._shown)

    def counted_tokens(self) -> Count:
        """The tokens of all files that are counted so far, taking part or not."""
        sums = np.array([column.sum() for column in self._unfiltered.counted], np.int64)
        return self._read(self.decoder, sums, certain=True)

    def encoding(self, node: int) -> str:
        """A file's encoding; empty for a folder, and until it is read."""
        shape = self.tree.shape
        if not shape.is_file[node]:
            return ""
        return encoding_words(self.notes.encoding(int(shape.first_files[node])))

    def image(self, node: int) -> ImageSize | None:
        """The image that a file is counted as."""
        shape = self.tree.shape
        if self.images is None or self.by_image is None or not shape.is_file[node]:
            return None
        return self.images.sizes.get(int(shape.first_files[node]))

    def shortened(self, node: int) -> str:
        """What makes a file's text shorter, or how many files of a folder it is; empty if nothing is."""
        shape = self.tree.shape
        masks = self.whole.shortened[shape.first_files[node] : shape.end_files[node]]
        files = int(np.count_nonzero(masks))
        if not files:
            return ""
        if shape.is_file[node]:
            return shortened_words(shortenings_of(int(masks[0])))
        return ngettext("{n} file", "{n} files", files)

    @cached_property
    def node_tokens(self) -> NDArray[np.int64]:
        """The tokens of what takes part, by node; a folder's are the sum of its children's: ``int64[n]``."""
        return self.tree.shape.sums(np.maximum(self.file_tokens * self.tree.takes_part, 0))

    @cached_property
    def node_bytes(self) -> NDArray[np.int64]:
        """The bytes of what takes part, by node: ``int64[n]``."""
        return self.tree.shape.sums(self.tree.values_in(self._bytes) * self.tree.takes_part)

    @cached_property
    def hues(self) -> list[int]:
        """The hue of each node's top folder; plain numbers, because a tree asks for each row."""
        hues: list[int] = top_hues(self.whole).of_node.tolist()
        return hues

    @cached_property
    def treemap_layout(self) -> TreemapLayout:
        """Areas for the tokens of what takes part, in whatever folder and size."""
        return TreemapLayout(self.tree.shape, self.node_tokens)

    def ordered(self, nodes: NDArray[np.int64], column: Column, descending: bool) -> NDArray[np.int64]:
        """``nodes`` in the order of a column; equals, and what has no metric, stand by name."""
        if column is Column.NAME:
            return self._by_name(nodes, descending)
        nodes = self._by_name(nodes, False)
        if column in (Column.LANGUAGE, Column.ENCODING):
            text = self.language if column is Column.LANGUAGE else self.encoding
            names = np.array([text(node) for node in nodes.tolist()], np.str_)
            keys = np.unique(names, return_inverse=True)[1].astype(np.float64)
        else:
            keys = self._keys(nodes, column)
        return nodes[np.argsort(-keys if descending else keys, kind="stable")]

    def language(self, node: int) -> str:
        """The kind of a file; empty for a folder."""
        shape = self.tree.shape
        if not shape.is_file[node]:
            return ""
        return language_words(self.tree.language_names[int(self.tree.language_of[shape.first_files[node]])])

    def tokens_of(self, metrics: NDArray[np.int64], certain: bool) -> Count:
        """The count that sums of the tree's columns stand for; an estimate unless they are ``certain``."""
        return self._read(self.decoder, metrics, certain)

    @cached_property
    def left_out(self) -> bytes:
        """By node, 1 for a file that turned out not to be text, or unreadable. Bytes, because a tree asks for
        each row, and a number of numpy's takes ten times as long."""
        flags = np.zeros(len(self.tree.shape), np.uint8)
        flags[self.tree.shape.file_nodes] = self.whole.states == FileState.LEFT_OUT
        return flags.tobytes()

    def _keys(self, nodes: NDArray[np.int64], column: Column) -> NDArray[np.float64]:
        totals = self.tree.full_totals(nodes)
        sizes = totals[:, self._bytes].astype(np.float64)
        if column is Column.BYTES:
            return sizes
        tokens = self.decoder.tokens(totals[:, self._positions[self.decoder.name]].T).astype(np.float64)
        if column is not Column.DENSITY:
            return tokens + totals[:, -1] if self.counts_images else tokens
        density = np.zeros(len(nodes))
        np.divide(sizes, tokens, out=density, where=tokens > 0)
        return density

    def _by_name(self, nodes: NDArray[np.int64], descending: bool) -> NDArray[np.int64]:
        """Folders first, as file managers have it."""
        names = self.tree.shape.names
        numbers = sorted(nodes.tolist(), key=lambda node: names[node].casefold(), reverse=descending)
        ordered = np.array(numbers, np.int64)
        return ordered[np.argsort(self.tree.shape.is_file[ordered], kind="stable")]

    def _work_out(self, node: int) -> NodeMetrics:
        tree, shape = self.tree, self.tree.shape
        one = np.array([node])
        inclusion = Inclusion(int(tree.inclusion(one)[0]))
        taken = inclusion is not Inclusion.NONE
        totals = (tree.totals(one) if taken else tree.full_totals(one))[0]
        first, end = int(shape.first_files[node]), int(shape.end_files[node])
        possible = np.count_nonzero(tree.states[first:end] != FileState.LEFT_OUT)
        certain = bool(tree.certain(one)[0]) if taken else not self._waits(first, end)
        tokens = self._read(self.decoder, totals, certain)
        images = 0 if self.by_image is None else int(totals[-1])
        return NodeMetrics(
            tokens=tokens,
            of_folder=self._of_folder(node, tokens.tokens) if taken else None,
            fit=self._fit(totals, certain) if taken else None,
            bytes=int(totals[self._bytes]),
            certain=certain,
            inclusion=inclusion,
            files=int(tree.file_counts(one)[0]) if taken else int(possible),
            left_out=bool(self.left_out[node]),
            of_text=tokens.tokens - (images if self.counts_images else 0),
            of_images=images,
        )

    def _is_model(self, decoder: Decoder) -> bool:
        return self._model_decoder is not None and decoder.name == self._model_decoder.name

    def _waits(self, first: int, end: int) -> bool:
        return bool((self.tree.states[first:end] == FileState.WAITING).any())

    def _of_folder(self, node: int, tokens: int) -> float | None:
        roots = self.tree.shape.root_nodes
        if node == TOP or roots == (node,):
            return None
        folder = self.of(int(self.tree.shape.parents[node])).tokens.tokens
        return tokens / folder if folder else None

    def _read(self, decoder: Decoder, totals: NDArray[np.int64], certain: bool) -> Count:
        count = decoder.count(totals[self._positions[decoder.name]])
        if self.by_image is not None and self._is_model(decoder) and (images := int(totals[-1])):
            count += Count.certain(images, Provenance.FORMULA)
        return count if certain else Count(count.tokens, Provenance.ESTIMATE, count.low, count.high)

    def _fit(self, totals: NDArray[np.int64], certain: bool) -> Fit | None:
        if self.model is None or self._model_decoder is None:
            return None
        return evaluate(self.model, self._read(self._model_decoder, totals, certain), self._reserve).fit
