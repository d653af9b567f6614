"""What commands take that work with one tokenizer: its name, a file of the user's, a model, or nothing."""

from dataclasses import dataclass

from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.cli.catalogs import chosen_model, known_models
from tokviz.cli.console import Console, Failure
from tokviz.cli.own_tokenizers import asked_tokenizers
from tokviz.tokenization.registry import Registry

DEFAULT_TOKENIZER = "o200k_base"


@dataclass(frozen=True, slots=True)
class OneTokenizer:
    """A tokenizer or an estimator, and how it was asked for."""

    name: str
    model: LanguageModel | None
    """Whose it is, if a model was named."""
    by_default: bool

    def tell(self, console: Console) -> None:
        """Say which one it is, unless it was named."""
        if self.model:
            console.complain(f"By {self.name}, {self.model.name}'s tokenizer ({self.model.provenance}).")
        elif self.by_default:
            console.complain(f"By {self.name}, the default; --tokenizer or --model takes another.")


def one_tokenizer(
    tokenizer: str | None,
    model_id: str | None,
    assets: Assets,
    registry: Registry,
    console: Console,
    estimates_lack: str = "",
) -> OneTokenizer:
    """The tokenizer of a name or a file, that of a model, or the default one; ``Failure`` if there is none.

    ``estimates_lack``: what the command gives that estimates do not have, so that they are refused.
    """
    model = chosen_model(model_id, known_models(assets, console)) if model_id is not None else None
    name = model.tokenizer if model else tokenizer or DEFAULT_TOKENIZER
    if estimates_lack and name in registry.estimator_names():
        whose = f"{model.name} is counted by an estimate, which" if model else f"“{name}” is an estimate and"
        raise Failure(f"{whose} has no {estimates_lack}; `tokviz tokenizers` lists what has.", 2)
    (name,) = asked_tokenizers([name], registry, console)
    return OneTokenizer(name, model, by_default=model is None and tokenizer is None)
