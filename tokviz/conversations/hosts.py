"""Who serves a model, where a request says so: the same model costs another frame at another's."""

import re

from tokviz.language import N_, gettext

_NAMES = {
    "gemini": "Google AI Studio",  # verbatim
    "gemini-vertex": "Vertex AI",  # verbatim
    "groq": "Groq",  # verbatim
    "ollama": N_("Ollama and others"),
    "openai-chat": "Chat Completions",  # verbatim
    "openai-responses": "Responses",  # verbatim
    "deepseek": "Chat Completions",  # verbatim
    "deepseek-responses": "Responses",  # verbatim
}
"""What people call the interfaces among which one can choose."""

_PREFIXES = {
    "vertex": "gemini-vertex",
    "vertex_ai": "gemini-vertex",
    "vertexai": "gemini-vertex",
    "publishers": "gemini-vertex",
    "projects": "gemini-vertex",
    "groq": "groq",
    "ollama": "ollama",
    "ollama_chat": "ollama",
}
"""How gateways, and Vertex itself, begin a model's name."""
_ADDRESSES = {
    "aiplatform.googleapis.com": "gemini-vertex",
    "api.groq.com": "groq",
    ":11434": "ollama",
}
_MODEL = re.compile(r"/(?:models?|deployments)/([^/?]+?)(?::\w+)?(?:[/?]|$)")


def host_of(model: str | None, address: str) -> str | None:
    """The interface that the model is asked through, by its name or the request's address; None: not told."""
    for known, host in _ADDRESSES.items():
        if known in address:
            return host
    return split_host(model)[0] if model else None


def is_host(name: str) -> bool:
    """Whether it is the name of an interface among which one can choose."""
    return name in _NAMES


def host_name(interface: str) -> str:
    """What people call an interface."""
    return gettext(_NAMES.get(interface, interface))


def split_host(model: str) -> tuple[str | None, str]:
    """The interface that a model's name begins with, if it does, and the rest of the name."""
    host = _PREFIXES.get(model.partition("/")[0].lower()) if "/" in model else None
    return host, model if host is None else model.rpartition("/")[2]


def model_in(address: str) -> str | None:
    """The model in an address, as Google's, Amazon's and Azure's have it."""
    found = _MODEL.search(address)
    return found[1].replace("%3A", ":") if found else None
