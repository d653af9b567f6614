"""What the table of tokenizers compares: every tokenizer of the registry, and every estimator."""

from tokviz.analysis.comparison.comparison_table import Contender
from tokviz.tokenization.registry import Registry

_ESTIMATORS = {
    "claude": ("Claude (3 to 4.6)", "An estimate: there has been no public tokenizer since Claude 2."),
    "claude-new": ("Claude (4.7 and later)", "An estimate: its maker says about 30% more than before."),
}


def contenders(registry: Registry) -> list[Contender]:
    """In the registry's order, the estimators last."""
    known = [registry.info(name) for name in registry.names()]
    found = [Contender(info.name, info.display_name, info.vocabulary_size, info.note) for info in known]
    for name in registry.estimator_names():
        title, note = _ESTIMATORS.get(name, (name, "An estimate: there is no public tokenizer."))
        found.append(Contender(name, title, None, note))
    return found
