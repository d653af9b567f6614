"""What ``tokviz cut`` and ``tokviz split`` share: a text, a limit in tokens, and what measures by it."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from tokviz.analysis.budget import fit
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.analysis.tokens.token_gauge import Gauge, make_gauge
from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import (
    add_paths,
    add_reading,
    at_least_one,
    named_paths,
    read_input,
    reading_of,
    tokens,
)
from tokviz.cli.one_tokenizer import DEFAULT_TOKENIZER, one_tokenizer
from tokviz.cli.own_tokenizers import own_records
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import ReadError
from tokviz.language import _, number
from tokviz.tokenization.engine import TextRefusedError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Count, Provenance


@dataclass(frozen=True, slots=True)
class LimitRequest:
    """A text and how much of it, in tokens."""

    paths: tuple[str, ...]
    """One path, or none."""
    tokens: int | None
    """None: what the model takes."""
    model_id: str | None
    tokenizer: str | None
    reserve: int | None
    at: BreakAt
    reading: ReadOptions


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """A text, and what a request for it means."""

    path: str
    """Where it comes from; ``STANDARD_INPUT`` is standard input."""
    text: bytes
    tokenizer: str
    most: int
    """Tokens."""
    provenance: Provenance
    """Of the counts."""
    of: str
    """The limit in words, if it is a model's."""
    gauge: Gauge
    own: Mapping[str, object]
    """What is said of a user's tokenizer, for JSON."""

    @property
    def counted_by(self) -> str:
        """The tokenizer, and what its counts are unless they are exact."""
        if self.provenance is Provenance.EXACT:
            return self.tokenizer
        note = (
            _("estimate, by its high end")
            if self.provenance is Provenance.ESTIMATE
            else self.provenance.words
        )
        return f"{self.tokenizer}, {note}"


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add_paths(parser, _("a file; - is standard input"), "?")
    add("--tokens", metavar="N", type=at_least_one, help=_("at most N tokens"))
    add("--model", metavar="ID", help=_("at most what this model takes; with --tokens, by its tokenizer"))
    add(
        "--tokenizer",
        metavar="NAME",
        help=_(
            "count with this one, or with a file of yours ({tokenizer} by default); "
            "`tokviz tokenizers` lists those known",
            tokenizer=DEFAULT_TOKENIZER,
        ),
    )
    add("--reserve", metavar="R", type=tokens, help=_("tokens of the model's window kept for the answer"))
    add(
        "--at",
        choices=[str(at) for at in BreakAt],
        default=str(BreakAt.TOKEN),
        help=_("end at a token, or at the end of a line or sentence"),
    )
    add_reading(parser)


def limit_request(found: argparse.Namespace) -> LimitRequest:
    """The request that the arguments make."""
    return LimitRequest(
        (found.paths,) if found.paths else (),
        found.tokens,
        found.model,
        found.tokenizer,
        found.reserve,
        BreakAt(found.at),
        reading_of(found),
    )


def measured_text(request: LimitRequest, console: Console) -> MeasuredText:
    """Read the text and load what measures it; ``Failure`` if that cannot be."""
    if request.tokens is None and request.model_id is None:
        raise Failure(_("Say how much: --tokens N, or --model ID; --help says more."), 2)
    if request.reserve is not None and request.tokens is not None:
        raise Failure(_("--reserve is kept of a model's window; with --tokens it would change nothing."), 2)
    if request.model_id is not None and request.tokenizer is not None:
        raise Failure(_("Name a model or a tokenizer, not both: a model brings its own."), 2)
    assets = Assets()
    registry = Registry(assets)
    chosen = one_tokenizer(request.tokenizer, request.model_id, assets, registry, console)
    name, model = chosen.name, chosen.model
    most, of = (request.tokens, "") if request.tokens is not None else _usable(model, request.reserve)
    (path,) = named_paths(request.paths, console)
    try:
        text = read_input(path, console, request.reading).text
        gauge = make_gauge(registry, name, text)
    except (ReadError, VocabularyError, TextRefusedError) as error:
        raise Failure(str(error)) from error
    if name in registry.estimator_names():
        provenance = Provenance.ESTIMATE
    else:
        provenance = model.provenance if model else registry.info(name).provenance
    return MeasuredText(path, text, name, most, provenance, of, gauge, own_records(registry))


def _usable(model: LanguageModel | None, reserve: int | None) -> tuple[int, str]:
    """What the model takes, in tokens and in words."""
    assert model is not None
    room = fit(Count.certain(0), model, reserve)
    if room.usable is None:
        raise Failure(
            _("The window of {model} is unknown; say how much with --tokens N.", model=model.name), 2
        )
    if not room.usable:
        raise Failure(
            _("The reserve leaves {model} no tokens for a text; make --reserve smaller.", model=model.name), 2
        )
    return room.usable, _(
        "{model} takes {usable} with {reserve} kept for the answer",
        model=model.name,
        usable=number(room.usable),
        reserve=number(room.reserve),
    )
