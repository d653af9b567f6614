"""For which model, and by which frame, a request is counted."""

from datetime import date

import pytest

from tokviz.analysis.conversation.answering_model import AnsweringModels
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.framing_rules import COMPLETION, FramingRules
from tokviz.conversations.model import Conversation, Tool
from tokviz.tokenization.registry import Registry

ASSETS = Assets()
CATALOG = Catalog(ASSETS)
REGISTRY = Registry(ASSETS)
MODELS = AnsweringModels(
    CATALOG.models,
    FramingRules(ASSETS),
    (*REGISTRY.names(), *REGISTRY.estimator_names()),
    ChatTemplates(ASSETS, date(2026, 1, 1)),
)


@pytest.mark.parametrize(
    ("form", "model", "host", "rule"),
    [
        ("request-gemini", "gemini-2.5-flash", None, "gemini-2.5"),
        ("request-gemini", "gemini-2.5-flash", "gemini-vertex", "gemini-vertex"),
        ("request-anthropic", "claude-3-7-sonnet-20250219", "gemini-vertex", "claude-4"),
        ("request-bedrock-converse", "us.anthropic.claude-3-7-sonnet-20250219-v1:0", None, "claude-4"),
        ("request-bedrock-converse", "us.amazon.nova-2-lite-v1:0", None, "nova-2"),
        ("request-openai-chat", "openai/gpt-oss-120b", "groq", "gpt-oss-groq"),
    ],
)
def test_the_frame_is_that_of_model_and_host(form: str, model: str, host: str | None, rule: str) -> None:
    asked = Conversation(form, model=model, host=host)
    found = MODELS.of([asked])
    assert found.rule is not None and found.rule.id == rule
    assert found.model is not None and found.stands_in_for is None
    named = MODELS.named(found.model, [asked])
    assert named.rule is not None and named.rule.id == rule


@pytest.mark.parametrize(
    ("form", "model", "told", "hosts", "host"),
    [
        ("request-gemini", "gemini-2.5-pro", None, ("gemini", "gemini-vertex"), "gemini"),
        ("request-gemini", "gemini-2.5-pro", "gemini-vertex", ("gemini", "gemini-vertex"), "gemini-vertex"),
        ("codex", "gpt-5", None, ("openai-chat", "openai-responses"), "openai-responses"),
        ("request-openai-chat", "gpt-oss-120b", None, ("groq", "ollama"), "ollama"),
        ("request-openai-chat", "gpt-oss-120b", "groq", ("groq", "ollama"), "groq"),
        ("request-anthropic", "claude-sonnet-4.5", None, (), None),
    ],
)
def test_hosts_are_offered_where_their_frames_differ(
    form: str, model: str, told: str | None, hosts: tuple[str, ...], host: str | None
) -> None:
    asked = [Conversation(form, model=model, host=told)]
    found = MODELS.of(asked).model
    assert found is not None
    assert MODELS.hosts(found, asked) == (hosts, host)


def test_a_hosts_measured_frame_goes_before_the_template_where_it_was_measured() -> None:
    asked = Conversation("request-openai-chat", model="gpt-oss-120b", host="groq")
    assert MODELS.of([asked]).template is None
    tooled = Conversation("request-openai-chat", model="gpt-oss-120b", host="groq", tools=(Tool("f"),))
    assert MODELS.of([tooled]).template is not None


def test_what_bedrock_calls_a_model_is_its_name() -> None:
    found = MODELS.of([Conversation("request-bedrock-converse", model="openai.gpt-oss-120b-1:0")])
    assert (found.name, found.stands_in_for) == ("gpt-oss-120b", None)


@pytest.mark.parametrize(
    ("name", "host", "of", "tokenizer"),
    [
        ("moonshotai/kimi-k2-instruct-0905", "groq", "Kimi K2", "kimi-k2"),
        ("qwen3.6:latest", "ollama", "Qwen 3.5 4B", "qwen3.5"),
        ("qwen3:8b", None, "Qwen 3 0.6B", "qwen3"),
        ("llama3.1", "ollama", "Llama 3.1 8B Instruct", "llama3"),
        ("moonshotai/kimi-k2.5", None, None, "o200k_base"),
    ],
)
def test_a_model_that_is_not_listed_has_its_familys_template(
    name: str, host: str | None, of: str | None, tokenizer: str
) -> None:
    found = MODELS.of([Conversation("request-openai-chat", model=name, host=host)])
    assert (found.template.of if found.template else None) == of
    assert found.tokenizer == tokenizer
    assert of is None or (found.name == name and found.model is None and found.template_assumed)


def test_where_an_unlisted_models_frame_was_measured_it_goes_before_the_familys_template() -> None:
    asked = Conversation("request-openai-chat", model="qwen/qwen3-14b", host="groq")
    found = MODELS.of([asked])
    assert found.template is None and found.rule is not None and found.rule.id == "qwen3"


@pytest.mark.parametrize("name", ["gpt-3.5-turbo-instruct", "llama-3.3-70b", "qwen3-coder:30b"])
def test_nothing_stands_around_a_prompt_for_completions(name: str) -> None:
    asked = MODELS.of([Conversation("request-completions", model=name)])
    assert asked.rule is COMPLETION and asked.template is None


def usually(*hosts: str) -> AnsweringModels:
    known = (*REGISTRY.names(), *REGISTRY.estimator_names())
    return AnsweringModels(CATALOG.models, FramingRules(ASSETS), known, usual_hosts=hosts)


@pytest.mark.parametrize(
    ("form", "model", "told", "rule"),
    [
        ("request-gemini", "gemini-2.5-pro", None, "gemini-vertex"),
        ("request-gemini", "gemini-2.5-pro", "gemini", "gemini-2.5"),
        ("request-openai-chat", "gpt-oss-120b", None, "gpt-oss-groq"),
        ("codex", "gpt-5", None, "openai-responses-reasoning"),
        ("request-openai-chat", "gpt-4o", None, "openai-chat"),
    ],
)
def test_the_usual_host_holds_where_a_file_does_not_say(
    form: str, model: str, told: str | None, rule: str
) -> None:
    models = usually("nobody", "groq", "gemini-vertex")
    asked = [Conversation(form, model=model, host=told)]
    found = models.of(asked)
    assert found.rule is not None and found.rule.id == rule
    assert found.model is not None and models.named(found.model, asked).rule == found.rule
