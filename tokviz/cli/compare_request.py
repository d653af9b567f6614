"""What ``tokviz compare`` is asked for: its arguments, as one value that never changes."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.cli.inputs import add_forms, add_names, add_paths, add_reading, reading_of, tokens
from tokviz.documents.decoding import ReadOptions
from tokviz.language import _

_FORMS = ("json", "json-min", "jsonl", "yaml", "csv", "tsv", "markdown", "xml", "toon")
_SOURCES = ("json", "jsonl", "yaml", "csv", "tsv", "markdown")
"""As in ``analysis.forms.forms``, which is not loaded for ``--help``; a test holds that they are the same."""


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """The inputs, what is compared, and the form of the answer."""

    paths: tuple[str, ...]
    tokenizers: tuple[str, ...]
    """Empty: all."""
    baseline: str | None
    """A tokenizer, or a model's id where models are compared."""
    model_ids: tuple[str, ...]
    """The models to compare in place of tokenizers."""
    reserve: int | None
    """Tokens kept for the answer; None: each model's own default."""
    forms: bool
    """Whether the data of one text are compared in other forms."""
    source: str | None
    """The form that the text has; None: found out."""
    target: str | None
    """The form to write the data in, in place of a comparison."""
    output: str
    """``table``, ``json``, ``csv`` or ``markdown``."""
    reading: ReadOptions


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> CompareRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_paths(parser, _("files and folders; - is standard input"), "*")
    add_names(
        parser,
        "--tokenizer",
        "NAME",
        _(
            "compare this one, or a file of yours (repeatable; all by default); `tokviz tokenizers` lists "
            "those known"
        ),
    )
    add_names(
        parser,
        "--model",
        "ID",
        _("compare models: tokens, share of the window and cost (repeatable); `tokviz models` lists them"),
    )
    add = parser.add_argument
    add("--baseline", metavar="NAME", help=_("the tokenizer or model that is 100%% (by default the first)"))
    add("--reserve", metavar="N", type=tokens, help=_("with --model: tokens kept for the answer"))
    forms = parser.add_argument_group(_("other forms of the same data (JSON, YAML, CSV, a Markdown table …)"))
    forms.add_argument("--forms", action="store_true", help=_("compare what one file takes in each form"))
    forms.add_argument(
        "--from", dest="source", choices=_SOURCES, help=_("the file's form (found out by default)")
    )
    forms.add_argument(
        "--to", dest="target", choices=_FORMS, help=_("write the data in this form, and nothing else")
    )
    add_forms(parser)
    add_reading(parser)
    found = parser.parse_args(argv)
    forms_wanted = found.forms or found.target is not None or found.source is not None
    if sum((forms_wanted, bool(found.model), bool(found.tokenizer and not forms_wanted))) > 1:
        parser.error(_("tokenizers, models and forms are three comparisons: ask for one of them"))
    if found.reserve is not None and not found.model:
        parser.error(_("--reserve belongs to --model: only a model has a window"))
    return CompareRequest(
        tuple(found.paths),
        tuple(found.tokenizer),
        found.baseline,
        tuple(found.model),
        found.reserve,
        forms_wanted,
        found.source,
        found.target,
        found.output,
        reading_of(found),
    )
