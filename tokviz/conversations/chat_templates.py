"""Reads ``resources/catalog/chat_templates.toml``: which open model has which published chat template."""

from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated

from msgspec import Meta, Struct

from tokviz.assets import Assets, TomlFile
from tokviz.conversations.chat_template import ChatTemplate
from tokviz.language import _

Text = Annotated[str, Meta(min_length=1)]


class TemplatePackage(Struct, frozen=True, forbid_unknown_fields=True):
    """The package that the templates come from."""

    name: Text
    version: Text
    folder: Text
    licence: Text


class TemplateRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One template; the head of the file explains every field."""

    file: Text
    source: Text
    of: Text
    tokenizer: Text
    models: tuple[Text, ...]
    assumed: tuple[Text, ...]
    bos: str
    eos: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    written_after: str = ""
    others: tuple[Text, ...] = ()


class ChatTemplates:
    """The templates of the catalog's models. DataFileError if the file is wrong."""

    def __init__(self, assets: Assets, today: date) -> None:
        """``today`` is what a template that writes the date is given."""
        file = TomlFile(assets.path("catalog", "chat_templates.toml"), ("package", "templates"))
        self.package = file.read("package", file.contents.get("package"), TemplatePackage)
        self.rows = file.table("templates", TemplateRow)
        self._assets = assets
        self._today = today
        self._names: dict[str, str] = {}
        for name, row in self.rows.items():
            for model in (*row.models, *row.assumed):
                if self._names.setdefault(model, name) != name:
                    file.fail(f"templates.{name}", _("“{model}” has a template already", model=model))
        self._loaded: dict[str, ChatTemplate] = {}

    def named(self, name: str) -> ChatTemplate:
        """The template of a row."""
        if name not in self._loaded:
            row = self.rows[name]
            source = self._assets.path("chat_templates", row.file).read_text("utf-8")
            self._loaded[name] = ChatTemplate(
                row.of, source, row.bos, row.eos, self._today, plain_words=bool(row.written_after)
            )
        return self._loaded[name]

    def for_model(self, model: str) -> ChatTemplate | None:
        """The template of a model of the catalog; None where no package has one."""
        name = self._names.get(model)
        return None if name is None else self.named(name)

    def for_name(self, name: str) -> tuple[ChatTemplate, str] | None:
        """The template of the family that a model belongs to by its plain name, and its tokenizer; None where
        no template is of that family."""
        for key, row in self.rows.items():
            if any(fnmatchcase(name, pattern) for pattern in row.others):
                return self.named(key), row.tokenizer
        return None

    def is_assumed(self, model: str) -> bool:
        """Whether the template is of another model of the same family."""
        return any(model in row.assumed for row in self.rows.values())
