"""What commands take that work with one tokenizer: its name, a file of the user's, a model, or nothing."""

from dataclasses import dataclass
from typing import Literal

from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.cli.catalogs import chosen_model, known_models
from tokviz.cli.console import Console, Failure
from tokviz.cli.own_tokenizers import asked_tokenizers
from tokviz.language import _
from tokviz.tokenization.registry import Registry

Lacking = Literal["ids", "tokens"]
"""What estimates do not have."""
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
            console.complain(
                # Translators: counted by this tokenizer; {how} is how sure that is: exact, assumed …
                _(
                    "By {tokenizer}, {model}'s tokenizer ({how}).",
                    tokenizer=self.name,
                    model=self.model.name,
                    how=self.model.provenance.words,
                )
            )
        elif self.by_default:
            console.complain(
                _("By {tokenizer}, the default; --tokenizer or --model takes another.", tokenizer=self.name)
            )


def one_tokenizer(
    tokenizer: str | None,
    model_id: str | None,
    assets: Assets,
    registry: Registry,
    console: Console,
    estimates_lack: Lacking | None = None,
) -> OneTokenizer:
    """The tokenizer of a name or a file, that of a model, or the default one; ``Failure`` if there is none.

    ``estimates_lack``: what the command gives that estimates do not have, so that they are refused.
    """
    model = chosen_model(model_id, known_models(assets, console)) if model_id is not None else None
    name = model.tokenizer if model else tokenizer or DEFAULT_TOKENIZER
    if estimates_lack and name in registry.estimator_names():
        raise Failure(_refusal(name, model, estimates_lack), 2)
    (name,) = asked_tokenizers([name], registry, console)
    return OneTokenizer(name, model, by_default=model is None and tokenizer is None)


def _refusal(name: str, model: LanguageModel | None, lacking: Lacking) -> str:
    if model and lacking == "ids":
        return _(
            "{model} is counted by an estimate, which has no ids; `tokviz tokenizers` lists what has.",
            model=model.name,
        )
    if model:
        return _(
            "{model} is counted by an estimate, which has no tokens to show; `tokviz tokenizers` lists what "
            "has.",
            model=model.name,
        )
    if lacking == "ids":
        return _("“{name}” is an estimate and has no ids; `tokviz tokenizers` lists what has.", name=name)
    return _(
        "“{name}” is an estimate and has no tokens to show; `tokviz tokenizers` lists what has.", name=name
    )
