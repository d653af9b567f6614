"""For which model a file of conversations is counted, and how sure that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from tokviz.analysis.conversation.model_names import model_finder, plain_name, without_host
from tokviz.analysis.image_formulas import ImageRule
from tokviz.analysis.image_tokens import ImageRules
from tokviz.catalog.caching import CachingRule, CachingRules
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.chat_template import ChatTemplate
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.framing_rules import COMPLETION, FramingRule, FramingRules
from tokviz.conversations.model import Conversation, last_model
from tokviz.tokens import Provenance

_MAKERS = {
    "claude-code": "Anthropic",  # verbatim
    "claude-code-web": "Anthropic",  # verbatim
    "claude-ai-export": "Anthropic",  # verbatim
    "request-anthropic": "Anthropic",  # verbatim
    "request-bedrock-converse": "Anthropic",  # verbatim
    "gemini-cli": "Google",  # verbatim
    "antigravity": "Google",  # verbatim
    "request-gemini": "Google",  # verbatim
    "ai-studio": "Google",  # verbatim
    "qwen-code": "Alibaba",  # verbatim
    "kimi": "Moonshot AI",  # verbatim
    "cline": "Anthropic",  # verbatim
}
"""Whose model stands in where a file of that format names none that is known; else OpenAI's."""
_INTERFACES = {
    "codex": "openai-responses",
    "codex-exec": "openai-responses",
    "request-openai-responses": "openai-responses",
    "request-ollama": "ollama",
    "request-completions": "completions",
}
"""Through which interface the models of a format are asked, where one model has several."""
_RESPONSES = {"DeepSeek": "deepseek-responses"}
"""What makers other than OpenAI have at OpenAI's newer interface, which adds another text than their own."""
_OWN_FRAMES = ("groq",)
"""Hosts whose measured frame goes before the model's published template, which it is not quite. What tools
add there is not measured."""


@dataclass(frozen=True, slots=True)
class AnsweringModel:
    """A model with the tokenizer and the framing by which its contexts are counted."""

    name: str
    """As the catalog has it, else as the file does."""
    tokenizer: str
    rule: FramingRule | None
    model: LanguageModel | None
    """None where the catalog does not know it: no window, no price."""
    stands_in_for: str | None = None
    """What the file names instead; "" if it names none. None: this is the file's own model."""
    answered: bool = True
    """Whether it is the one that answered, so that the recorded usage is its own."""
    template: ChatTemplate | None = None
    """The model's chat template, which is exact and goes before any rule."""
    template_assumed: bool = False
    """Whether the template is of another model of the same family."""
    images: ImageRule | None = None
    """How many tokens an image is, as the maker has published it."""
    caching: CachingRule | None = None
    """What the maker keeps of a request, as it has published it."""

    def counted_by(self, tokenizer: str) -> "AnsweringModel":
        """The same by a tokenizer that the user names: that it is the model's own is assumed."""
        if tokenizer == self.tokenizer:
            return self
        model = self.model and structs.replace(self.model, tokenizer=tokenizer, provenance=Provenance.ASSUMED)
        return replace(self, tokenizer=tokenizer, model=model)


class AnsweringModels:
    """Finds the model of a file among those of the catalog."""

    def __init__(
        self,
        models: Sequence[LanguageModel],
        rules: FramingRules,
        tokenizers: Collection[str],
        templates: ChatTemplates | None = None,
        images: ImageRules | None = None,
        caching: CachingRules | None = None,
        usual_hosts: Sequence[str] = (),
    ) -> None:
        """``usual_hosts``: through whom models are asked where a file does not say, the first that fits."""
        self._usual_hosts = usual_hosts
        self._caching = caching
        self._images = images
        self._templates = templates
        self._models = models
        self._find = model_finder(models)
        self._rules = rules
        self._tokenizers = tokenizers

    def of(self, conversations: Sequence[Conversation]) -> AnsweringModel:
        """The model that answered last, or where that is not known one of the same maker."""
        names = [name for conversation in conversations if (name := _named(conversation))]
        form, host, has_tools = _asked(conversations)
        for name in names:
            model = self._find(name)
            rule = self._rules.for_model(
                without_host(name), self._told_or_usual(without_host(name), form, host)
            )
            if model is not None:
                interface = self._interface(model, form, host)
                rule = self._rule(model, interface) if interface else rule or self._rule(model, None)
                asked = AnsweringModel(model.name, model.tokenizer, rule, model)
                return self._templated(asked, interface, has_tools)
            if (unlisted := self._unlisted(name, rule, host, has_tools)) is not None:
                return unlisted
        model = self._nearest(names, _MAKERS.get(form, "OpenAI"))
        interface = self._interface(model, form, host)
        rule = self._rule(model, interface)
        stand_in = AnsweringModel(model.name, model.tokenizer, rule, model, names[0] if names else "")
        return self._templated(stand_in, interface, has_tools)

    def named(self, model: LanguageModel, conversations: Sequence[Conversation]) -> AnsweringModel:
        """A model that is asked for, whoever answered."""
        form, host, has_tools = _asked(conversations)
        interface = self._interface(model, form, host)
        answered = any(self._find(_named(one)) is model for one in conversations)
        rule = self._rule(model, interface)
        asked = AnsweringModel(model.name, model.tokenizer, rule, model, answered=answered)
        return self._templated(asked, interface, has_tools)

    def hosts(
        self, model: LanguageModel, conversations: Sequence[Conversation]
    ) -> tuple[tuple[str, ...], str | None]:
        """Through whom the model can be asked, one for each frame that differs from the others, and which of
        them is in force; nothing where all frames are one."""
        found = {
            _frame(self.named(model, [replace(one, host=host) for one in conversations])): host
            for host in reversed(self._rules.interfaces(model.id))
        }
        if len(found) < 2:
            return (), None
        return tuple(reversed(found.values())), found.get(_frame(self.named(model, conversations)))

    def _unlisted(
        self, name: str, rule: FramingRule | None, host: str | None, has_tools: bool
    ) -> AnsweringModel | None:
        """A model that the catalog does not have, by the template of its family or by a measured rule."""
        images = self._image_rule(name)
        measured = rule is not None and rule.tokenizer in self._tokenizers
        found = self._templates.for_name(plain_name(name)) if self._templates is not None else None
        if found is not None and not (measured and self._keeps_frame(rule, host, has_tools)):
            template, tokenizer = found
            if rule is COMPLETION:
                return AnsweringModel(name, tokenizer, rule, None)
            return AnsweringModel(
                name, tokenizer, rule, None, template=template, template_assumed=True, images=images
            )
        return AnsweringModel(name, rule.tokenizer, rule, None, images=images) if rule and measured else None

    def _told_or_usual(self, name: str, form: str, host: str | None) -> str | None:
        """Through which interface a model is asked: as the file tells, else as usual."""
        told = _INTERFACES.get(form) if form == "request-completions" else host or _INTERFACES.get(form)
        if told is not None or not self._usual_hosts:
            return told
        measured = self._rules.interfaces(name)
        return next((usual for usual in self._usual_hosts if usual in measured), None)

    def _interface(self, model: LanguageModel, form: str, host: str | None) -> str | None:
        interface = self._told_or_usual(model.id, form, host)
        return _RESPONSES.get(model.developer, interface) if interface == "openai-responses" else interface

    def _keeps_frame(self, rule: FramingRule | None, interface: str | None, has_tools: bool) -> bool:
        """Whether the frame that was measured at an interface goes before the published template."""
        own = (*_RESPONSES.values(), *COMPLETION.interfaces, *(() if has_tools else _OWN_FRAMES))
        return rule is not None and interface in own and interface in rule.interfaces

    def _nearest(self, names: Sequence[str], maker: str) -> LanguageModel:
        """The model whose name a gateway's own name ends in (``aide-gpt-5``), else the maker's first."""
        words = [plain_name(name).split("-") for name in names]
        tails = ("-".join(parts[start:]) for parts in words for start in range(1, len(parts)))
        known = next((model for tail in tails if (model := self._find(tail))), None)
        firsts = (model for model in self._models if model.developer == maker)
        return known or next(firsts, self._models[0])

    def _templated(self, asked: AnsweringModel, interface: str | None, has_tools: bool) -> AnsweringModel:
        """The same with what is published of images, and with the model's chat template where there is one
        and the interface keeps to it."""
        if asked.model is not None:
            model = asked.model
            caching = self._caching.find(model.developer, model.id) if self._caching else None
            asked = replace(asked, images=self._image_rule(model.id), caching=caching)
        if self._templates is None or asked.model is None:
            return asked
        if self._keeps_frame(asked.rule, interface, has_tools):
            return asked
        template = self._templates.for_model(asked.model.id)
        assumed = self._templates.is_assumed(asked.model.id)
        return replace(asked, template=template, template_assumed=assumed)

    def _image_rule(self, name: str) -> ImageRule | None:
        return None if self._images is None else self._images.find(name)

    def _rule(self, model: LanguageModel, interface: str | None) -> FramingRule | None:
        return self._rules.for_model(model.id, interface)


def _asked(conversations: Sequence[Conversation]) -> tuple[str, str | None, bool]:
    """The format of what is counted, the interface that it tells, and whether it offers tools."""
    if not conversations:
        return "", None, False
    return conversations[0].format, conversations[0].host, any(one.tools for one in conversations)


def _frame(asked: AnsweringModel) -> str:
    """Which frame is in force, the published template before any rule."""
    return "" if asked.template is not None or asked.rule is None else asked.rule.id


def _named(conversation: Conversation) -> str | None:
    """The model of the last recorded request, else the one that the file names."""
    return last_model(conversation.requests) or conversation.model
