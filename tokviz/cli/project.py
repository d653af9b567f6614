"""What the project file of a folder adds to a request: see ``documents.tree.project_file``."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import likeliest_ids
from tokviz.cli.count_request import CountRequest
from tokviz.documents.reading import is_folder
from tokviz.documents.tree.project_file import ProjectFile, read_project_file
from tokviz.names import UnknownNameError
from tokviz.tokenization.registry import Registry


def project_of(request: CountRequest) -> ProjectFile | None:
    """The project file of the only folder that is named; None if there is none, or it is not wanted."""
    folders = [path for path in request.paths if is_folder(path)]
    if not request.project_file or len(folders) != 1 or request.compared is not None:
        return None
    return read_project_file(Path(folders[0]))


def with_project(
    request: CountRequest, project: ProjectFile, catalog: Catalog, registry: Registry
) -> tuple[CountRequest, list[str]]:
    """The request with what the project says, and a sentence for each mistake. Models, tokenizers and
    patterns to include that are asked for stand instead of the project's."""
    problems = list(project.problems)

    def known(
        key: Literal["model", "tokenizer"], names: Iterable[str], all_names: Collection[str]
    ) -> tuple[str, ...]:
        wrong = [name for name in names if name not in all_names]
        problems.extend(f"{project.name}: {key}s: {UnknownNameError(key, name, all_names)}" for name in wrong)
        return tuple(name for name in names if name in all_names)

    models = known("model", project.models, likeliest_ids(catalog.models, catalog.today))
    tokenizers = known("tokenizer", project.tokenizers, (*registry.names(), *registry.estimator_names()))
    named = request.names_tokenizers or request.all_models
    return replace(
        request,
        walk=project.applied(request.walk),
        keep=(*request.keep, *project.keep),
        model_ids=request.model_ids if named else models,
        tokenizers=request.tokenizers if named else tokenizers,
        budgets=tuple(project.budgets.items()),
        savings=request.savings or bool(project.shorten),
    ), problems


def project_record(project: ProjectFile, problems: Sequence[str]) -> dict[str, object]:
    """The project file for programs."""
    return {"file": project.name, "applied": str(project), "problems": list(problems)}
