"""``tokviz count``: how many tokens the inputs are, which models they fit, and what sending them costs."""

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tokviz.analysis.codebase.token_density_priors import read_token_density
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.evaluation import evaluate
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.cli import changes
from tokviz.cli.cache import user_cache
from tokviz.cli.catalogs import known_models, named_models
from tokviz.cli.console import Console, Failure
from tokviz.cli.count_answers import record, report
from tokviz.cli.count_request import CountRequest
from tokviz.cli.count_request import parse as parse
from tokviz.cli.encoding_words import reading_lines
from tokviz.cli.image_counts import CountedImages
from tokviz.cli.inputs import STANDARD_INPUT, named_paths, user_packs
from tokviz.cli.keep_option import kept_files, unmatched_keeps
from tokviz.cli.own_tokenizers import asked_tokenizers, own_records
from tokviz.cli.pack_request import STANDARD_OUTPUT
from tokviz.cli.packed_changes import changed_parts
from tokviz.cli.packing import check_target, read_layout
from tokviz.cli.process_shards import MOST_BYTES, ShardedCounters
from tokviz.cli.progress import Progress
from tokviz.cli.project import project_of, project_record, with_project
from tokviz.cli.shortening import measure_shortened
from tokviz.cli.totals import LISTED, Inputs, Part
from tokviz.cli.tree_answers import TreeAnswer, token_tree
from tokviz.documents.reading import ReadError, read_bytes
from tokviz.documents.tree.file_lists import list_files, listed_names
from tokviz.language import _, ngettext
from tokviz.tokenization.memory import keep_few_heaps
from tokviz.tokenization.registry import Registry


def run(request: CountRequest, console: Console) -> int:
    """Count and print; 1 if a named input could not be counted, 3 if a limit is not kept."""
    with ExitStack() as stack:
        return _run(request, console, stack)


def _run(request: CountRequest, console: Console, stack: ExitStack) -> int:
    assets = Assets()
    registry = Registry(assets)
    keep_few_heaps()
    catalog, mistakes = known_models(assets, console), list[str]()
    request = replace(request, tokenizers=asked_tokenizers(request.tokenizers, registry, console))
    included, named_to_keep = request.walk.include, request.keep
    if project := project_of(request):
        request, mistakes = with_project(request, project, catalog, registry)
    plan, models = choose(request, catalog, registry)
    packs = user_packs()
    request = replace(request, walk=replace(request.walk, packs=packs.read()))
    if request.compared is not None and request.pack is None:
        return changes.run(request, request.compared, plan, registry, console)
    paths = _paths(request, console)
    source = request.listed.source if request.listed else STANDARD_INPUT
    if request.pack and (lost := request.pack.overwritten((*paths, source))):
        raise Failure(
            _("The text would be written over {file}, which it is made from; name another.", file=lost), 2
        )
    if request.pack:
        check_target(request.pack, request.walk.packs)
    layout = read_layout(request.pack, console) if request.pack else None
    listed = _listed(request, console, stack)
    apart = request.pack.written if request.pack else None
    try:
        cache = user_cache().open(registry) if request.cache else None
        inputs = Inputs(
            paths,
            console,
            request.as_they_are,
            MOST_BYTES,
            apart,
            listed,
            # Parts of a text add up where it is known how a tokenizer may be split.
            in_parts=all(file.bundled for file in registry.own_files().values()),
            cache=cache,
            images=request.images,
            project=project.name if project and not included else "",
        )
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error
    if inputs.nothing and not request.as_json:
        # Nothing is loaded for it: a mistyped name is told at once.
        console.complain_first([sentence for _, sentence in inputs.failures])
        return 1
    with ShardedCounters(plan.sources, registry, assets, inputs.processes) as counters:
        inputs.expect_few = counters.expect_few
        with inputs.read_ahead(plan.sources) as batches, Progress() as progress:
            totals = inputs.count(batches, counters, progress, request.about_files)
        unusable = counters.unusable
        console.complain_first([*mistakes, *unusable, *totals.failed, *totals.problems])
        smaller, tree = None, None
        if totals.files and (named_to_keep or request.shortens):
            tree = token_tree(totals, read_token_density(assets))
            console.complain_first(unmatched_keeps(tree.shape, named_to_keep))
        if tree is not None and request.shortens:
            reading, none = request.walk.reading, not request.walk.reading.shortened
            kept = kept_files(tree.shape, request)
            smaller = measure_shortened(totals, tree, reading, plan, counters, console, none, kept, cache)
            totals = smaller.totals(totals)
        counts = plan.counts(totals.columns, totals.values)
        images = CountedImages(totals.images, assets) if totals.images else None
        shown = [model for model in models if model.tokenizer in counts]
        # Of images alone nothing is said where they are unknown.
        told = [model for model in shown if totals.files or not images or images.tokens(model) is not None]
        of_text = ((model, counts[model.tokenizer]) for model in told)
        rows = [
            evaluate(model, images.counts.with_text(count, model) if images else count, request.reserve)
            for model, count in of_text
        ]
        answer = TreeAnswer(
            request=request,
            totals=totals,
            counters=counters,
            counts=counts,
            rows=rows,
            console=console,
            assets=assets,
            registry=registry,
            packs=packs,
            layout=layout,
            images=images,
            smaller=smaller,
            cache=cache,
        )
        limits = answer.pack() if request.pack else answer.limits(counts)
        advice = answer.advice(limits)
    if request.as_json:
        found = record(totals, counts, rows) | answer.more_records(advice)
        found |= own_records(registry)
        found |= {"problems": unusable} if unusable else {}
        found |= {"project": project_record(project, mistakes)} if project else {}
        found |= images.record(shown) if images else {}
        console.print_json(answer.with_paths(json.dumps(found, indent=2)))
    elif request.pack is None or request.pack.target != STANDARD_OUTPUT:
        lines = [*report(paths or [_name(request)], totals, counts, rows, console), *answer.tables()]
        lines += images.lines(shown, console.width, console.styled) if images else []
        lines[1:1] = (
            [_("{project}; --no-project-file counts without it.", project=project)]
            if project and project.read
            else []
        )
        if not request.names_tokenizers and not request.all_models and (totals.files or totals.images):
            lines.append(
                ngettext(
                    "The first {n} model; --model names others, --all-models shows all.",
                    "The first {n} models; --model names others, --all-models shows all.",
                    len(rows),
                )
            )
        console.print([*lines, *reading_lines(totals.readings)])
    code = answer.report(limits, advice)
    return 1 if unusable or totals.failed else code


def _paths(request: CountRequest, console: Console) -> Sequence[str]:
    """What is to be listed."""
    if request.compared is not None:
        return ()
    return request.paths if request.listed else named_paths(request.paths, console)


def _name(request: CountRequest) -> str:
    """What is counted where no path is named."""
    return changes.what_changed(request.compared) if request.compared else LISTED


def _listed(request: CountRequest, console: Console, stack: ExitStack) -> list[Part]:
    """The files that ``--files-from`` names, or that changed; ``Failure`` if they cannot be read. ``stack``
    removes what is made for it."""
    if request.compared is not None and request.pack is not None:
        return changed_parts(request, request.compared, request.pack, stack)
    if request.listed is None:
        return []
    if request.listed.source != STANDARD_INPUT:
        try:
            data = read_bytes(Path(request.listed.source))
        except ReadError as error:
            raise Failure(str(error)) from error
    elif STANDARD_INPUT in request.paths:
        raise Failure(_("Standard input can be read only once: as a list, or as a text."), 2)
    else:
        data = console.piped_input.read()
    listing = list_files(listed_names(data, request.listed.null))
    return [Part(os.path.relpath(listing.root), listing, is_folder=True)]


def choose(
    request: CountRequest, catalog: Catalog, registry: Registry
) -> tuple[CountPlan, tuple[LanguageModel, ...]]:
    """What to count with and the models to show: with no name, the first ones.

    Named models bring their tokenizers with them, and named tokenizers, alone, the models that use them. They
    stand in the order in which they are named, for the first decides.
    ``Failure`` for a model that is not known.
    """
    known = (*registry.names(), *registry.estimator_names())
    models = tuple(named_models(request.all_model_ids, catalog))
    if not models and request.tokenizers:
        models = tuple(m for m in catalog.models if m.tokenizer in request.tokenizers)
    elif not models:
        models = catalog.models if request.all_models else catalog.first
    asked = dict.fromkeys((*request.tokenizers, *(model.tokenizer for model in models)))
    order = (*asked, *known) if request.names_tokenizers else known
    if request.all_models and not request.tokenizers:
        return CountPlan(tuple(dict.fromkeys(order))), catalog.models
    wanted = tuple(dict.fromkeys(name for name in order if name in asked and name in known))
    return CountPlan(wanted, registry.assumed), models
