"""``tokviz tokenizers``: the tokenizers known, and the estimate that stands in where there is none."""

import argparse
import json
from collections.abc import Sequence

from tokviz.analysis import formatting
from tokviz.assets import Assets
from tokviz.cli.catalogs import known_models
from tokviz.cli.console import Console
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.language import _, clause, gettext, pgettext
from tokviz.tokenization.estimate import SOURCES
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokens import Provenance

_COLUMNS = (
    Column(_("Tokenizer")),
    Column(pgettext("a table's column: whose tokenizer it is", "Of")),
    Column(_("Developer"), optional=2),
    Column(_("Vocabulary"), right=True),
    Column(_("Normalizes"), optional=3),
    Column(_("Models"), right=True),
    Column(_("Licence"), optional=1),
)


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> bool:
    """Whether the answer is to be JSON."""
    parser.add_argument(
        "--json", action="store_true", help=_("a JSON list with source, version and licence of each")
    )
    return bool(parser.parse_args(argv).json)


def run(as_json: bool, console: Console) -> int:
    """Print what can be counted with."""
    registry = Registry(Assets())
    users = [model.tokenizer for model in known_models(Assets(), console).models]
    if as_json:
        records = [_record(registry.info(name)) for name in registry.names()]
        records += [_estimator_record(name) for name in registry.estimator_names()]
        console.print_json(json.dumps(records, indent=2))
        return 0
    infos = [registry.info(name) for name in registry.names()]
    rows = [
        [
            info.name,
            info.display_name,
            info.developer,
            formatting.grouped(info.vocabulary_size),
            info.normalization,
            str(users.count(info.name)),
            info.licence,
        ]
        for info in infos
    ]
    console.print(render(_COLUMNS, rows, console.width, console.styled))
    console.print()
    notes = [formatting.told_of(name, Provenance.ESTIMATE.explanation) for name in registry.estimator_names()]
    if any(info.provenance is Provenance.RECONSTRUCTED for info in infos):
        notes.append(_("Reconstructed: {explanation}.", explanation=Provenance.RECONSTRUCTED.explanation))
    notes += sorted({formatting.stopped(clause(gettext(info.note))) for info in infos if info.note})
    console.print(remark_lines(notes, console.width, console.styled))
    return 0


def _record(info: TokenizerInfo) -> dict[str, object]:
    return {
        "name": info.name,
        "display_name": info.display_name,
        "developer": info.developer,
        "provenance": info.provenance,
        "vocabulary_size": info.vocabulary_size,
        "normalization": info.normalization or None,
        "special_tokens": [str(mode) for mode in info.modes],
        "licence": info.licence,
        "package": info.package,
        "version": info.version,
        "sha256": info.sha256,
        "note": info.note or None,
    }


def _estimator_record(name: str) -> dict[str, object]:
    return {"name": name, "provenance": Provenance.ESTIMATE, "sources": list(SOURCES)}
