"""A user's own chat template: the same text as a bundled one, and hostile ones end in a sentence."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.conversations.record_chat_templates import CASES, RECORD, TODAY
from tokviz.assets import Assets
from tokviz.conversations import user_template
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.conversations.user_template import UserTemplate, read_user_template

SOURCE = Assets().path("chat_templates", "llama-3.3.jinja").read_text("utf-8")
BEGIN = "<|begin_of_text|>"


def own(path: Path, content: object) -> UserTemplate:
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return read_user_template(path, date.fromisoformat(TODAY))


@pytest.mark.parametrize(
    "config",
    [
        {"chat_template": SOURCE, "bos_token": BEGIN},
        {"chat_template": [{"name": "default", "template": SOURCE}], "bos_token": {"content": BEGIN}},
    ],
)
def test_a_tokenizer_config_renders_as_its_model_does(tmp_path: Path, config: object) -> None:
    messages, tools, answer = CASES["a call and its result"]
    told = json.loads(RECORD.read_text("utf-8"))["llama-3.3"]["a call and its result"]["text"]
    assert own(tmp_path / "tokenizer_config.json", config).write(messages, tools, answer) == told


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a'.center(9999999999)|length }}",
        "{{ ''.__class__.__mro__ }}",
        "{% if %}",
    ],
)
def test_a_hostile_template_ends_in_a_sentence(tmp_path: Path, source: str) -> None:
    with pytest.raises(TemplateRefusedError, match=r"^The chat template .*\.$"):
        own(tmp_path / "a.jinja", source).write([{"role": "user", "content": "a"}])


def test_what_never_comes_to_an_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From outside: one call that does not return counts no steps. Five seconds more than these."""
    monkeypatch.setattr(user_template, "SECONDS", -3.0)
    source = "{% set n = namespace(s=[]) %}{% for i in range(90) %}{% set n.s = [n.s, n.s] %}{% endfor %}"
    with pytest.raises(TemplateRefusedError, match=r"^The chat template takes too long\.$"):
        own(tmp_path / "a.jinja", source + "{{ n.s|tojson }}").write([{"role": "user", "content": "a"}])


@pytest.mark.parametrize("content", [{"model_max_length": 1}, {"chat_template": []}])
def test_a_file_without_a_template_says_so(tmp_path: Path, content: object) -> None:
    with pytest.raises(TemplateRefusedError, match=r"^a.json has no chat_template\.$"):
        own(tmp_path / "a.json", content)


def test_no_module_of_the_current_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jinja2.py").write_text('print(\'{"text": "run"}\')\nraise SystemExit\n', "utf-8")
    template = own(tmp_path / "template.jinja", "{{ messages[0].content }}")
    monkeypatch.chdir(tmp_path)
    assert template.write([{"role": "user", "content": "read"}]) == "read"
