"""A user's own chat template, from a ``tokenizer_config.json`` or a file of Jinja.

Nobody has looked at it: it is rendered in a process of its own, which is ended when it takes too long and,
where the system can do that, too much memory.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tokviz.conversations.chat_template import ChatTemplate
from tokviz.conversations.fields import Fields, objects, parsed, text
from tokviz.conversations.template_sandbox import SECONDS, TemplateRefusedError
from tokviz.documents.own_process import bound_memory, run_module
from tokviz.documents.reading import open_regular
from tokviz.language import _

_LARGEST = 4 << 20
"""Bytes of a file that is read; published ones have at most 1 MB."""
_MEMORY = 2 << 30
"""Bytes of address space for the process."""


class UserTemplate(ChatTemplate):
    """A template that is rendered in a process of its own."""

    def write(
        self,
        messages: Sequence[Mapping[str, object]],
        tools: Sequence[object] | None = None,
        generation_prompt: bool = True,
    ) -> str:
        """As ``ChatTemplate.write``."""
        job = {
            "source": self.source,
            "special": self.special,
            "today": self.today.isoformat(),
            "messages": list(messages),
            "tools": list(tools or ()),
            "generation_prompt": generation_prompt,
        }
        answer = parsed(_run(job))
        if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
            refused = text(answer, "refused") if isinstance(answer, dict) else None
            raise TemplateRefusedError(refused or _("The chat template takes too much memory."))
        return str(answer["text"])


def read_user_template(path: Path, today: date) -> UserTemplate:
    """The template in a file. TemplateRefusedError in a sentence if it holds none; OSError."""
    with open_regular(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise TemplateRefusedError(_("{file} is too large for a chat template.", file=path.name))
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateRefusedError(
            _("{file} is not UTF-8, as chat templates are.", file=path.name)
        ) from error
    fields = parsed(source)
    if not isinstance(fields, dict):
        return UserTemplate(path.name, source, "", "", today)
    named = fields.get("chat_template")
    if isinstance(named, list):
        choices = {text(one, "name"): text(one, "template") for one in objects(named)}
        named = choices.get("default") or next(iter(choices.values()), None)
    if not isinstance(named, str) or not named:
        raise TemplateRefusedError(_("{file} has no chat_template.", file=path.name))
    return UserTemplate(path.name, named, _token(fields, "bos_token"), _token(fields, "eos_token"), today)


def _token(fields: Fields, key: str) -> str:
    """A special token: its text, or an object with its text."""
    told = fields.get(key)
    return (text(told, "content") if isinstance(told, dict) else text(fields, key)) or ""


def _run(job: object) -> str:
    try:
        found = run_module("tokviz.conversations.user_template", job, SECONDS + 5)
    except subprocess.TimeoutExpired as error:
        raise TemplateRefusedError(_("The chat template takes too long.")) from error
    return found.decode(errors="replace")


def main() -> None:
    """The process: one job from standard input, one answer to standard output."""
    bound_memory(_MEMORY)
    job = json.load(sys.stdin.buffer)
    special, today = job["special"], date.fromisoformat(job["today"])
    template = ChatTemplate("", job["source"], special["bos_token"], special["eos_token"], today)
    try:
        answer = {"text": template.write(job["messages"], job["tools"], job["generation_prompt"])}
    except TemplateRefusedError as error:
        answer = {"refused": str(error)}
    sys.stdout.buffer.write(json.dumps(answer).encode())
