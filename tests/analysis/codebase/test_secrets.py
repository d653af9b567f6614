"""Keys and passwords are found by what their makers say they look like, and examples are none."""

import string
import time
from collections.abc import Callable
from random import Random

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.codebase.packing import PackedFile, PackLayout
from tokviz.analysis.codebase.secrets import Secret, SecretFinder, searched, told
from tokviz.assets import Assets

FINDER = SecretFinder(Assets())
_ANY, _HEX = string.ascii_letters + string.digits, "0123456789abcdef"
_CAPS = string.ascii_uppercase + "234567"


def made(letters: str, size: int, seed: int = 7) -> str:
    """Random letters: no key of anybody's stands in this file."""
    return "".join(Random(seed * size).choices(letters, k=size))


KEYS: dict[str, Callable[[], str]] = {
    "AWS access key": lambda: "AKIA" + made(_CAPS, 16),
    "AWS secret key": lambda: f'aws_secret_access_key = "{made(_ANY, 40)}"',
    "GitHub token": lambda: "ghp_" + made(_ANY, 36),
    "GitLab token": lambda: "glpat-" + made(_ANY, 20),
    "Slack token": lambda: f"xoxb-{made(string.digits, 12)}-{made(_ANY, 24)}",
    "Slack webhook": lambda: (
        f"https://hooks.slack.com/services/T{made(_CAPS, 8)}/B{made(_CAPS, 8)}/{made(_ANY, 24)}"
    ),
    "Stripe key": lambda: "sk_live_" + made(_ANY, 24),
    "Google API key": lambda: "AIza" + made(_ANY, 35),
    "Google client secret": lambda: "GOCSPX-" + made(_ANY, 28),
    "private key": lambda: (
        f"-----BEGIN RSA PRIVATE KEY-----\n{made(_ANY, 64)}\n-----END RSA PRIVATE KEY-----"
    ),
    "OpenAI key": lambda: "sk-proj-" + made(_ANY, 48),
    "Anthropic key": lambda: "sk-ant-api03-" + made(_ANY, 90),
    "Hugging Face token": lambda: "hf_" + made(string.ascii_letters, 34),
    "npm token": lambda: "npm_" + made(_ANY, 36),
    "PyPI token": lambda: "pypi-AgEIcHlwaS5vcmc" + made(_ANY, 80),
    "SendGrid key": lambda: f"SG.{made(_ANY, 22)}.{made(_ANY, 43)}",
    "Twilio key": lambda: "SK" + made(_HEX, 32),
    "Mailchimp key": lambda: made(_HEX, 32) + "-us12",
    "Square token": lambda: "sq0atp-" + made(_ANY, 22),
    "Telegram bot token": lambda: f"{made('123456789', 9)}:AA{made(_ANY, 33)}",
    "Discord token": lambda: f"M{made(_ANY, 23)}.{made(_ANY, 6)}.{made(_ANY, 27)}",
    "JSON web token": lambda: f"eyJ{made(_ANY, 20)}.eyJ{made(_ANY, 40)}.{made(_ANY, 43)}",
    "password in an address": lambda: f"postgres://app:{made(_ANY, 14)}@db.internal:5432/app",
    "Azure storage key": lambda: f"AccountKey={made(_ANY, 86)}==",
    "DigitalOcean token": lambda: "dop_v1_" + made(_HEX, 64),
    "Shopify token": lambda: "shpat_" + made(_HEX, 32),
    "Databricks token": lambda: "dapi" + made(_HEX, 32),
    "Heroku key": lambda: "HEROKU_API_KEY=12345678-90ab-cdef-1234-567890abcdef",
    "Linear key": lambda: "lin_api_" + made(_ANY, 40),
    "basic authorization": lambda: f"Authorization: Basic {made(_ANY, 24)}=",
    "IBM Cloud key": lambda: f'ibm_cloud_api_key = "{made(_ANY, 44)}"',
    "IBM object storage key": lambda: f'cos_hmac_secret_access_key = "{made(_HEX, 48)}"',
    "SoftLayer key": lambda: f'softlayer_api_key = "{made(_HEX, 64)}"',
    "Cloudant key": lambda: f'cloudant_password = "{made(_HEX, 64)}"',
}


@pytest.mark.parametrize("kind", KEYS)
def test_each_kind_is_found_with_its_line(kind: str) -> None:
    text = f"first line\n\n  value: {KEYS[kind]()}\nlast\n".encode()
    assert Secret("src/a.py", 3, kind) in FINDER.find("src/a.py", text)


@pytest.mark.parametrize(
    "name", ["config.yml", "deploy/values.yaml", ".env", "app.properties", "main.tfvars"]
)
def test_a_password_in_a_settings_file(name: str) -> None:
    text = f"database:\n  user: app\n  password: {made(_ANY, 14)}\n".replace(
        ": ", "=" if "." in name[:1] else ": "
    )
    assert FINDER.find(name, text.encode()) == [Secret(name, 3, "password in a settings file")]
    assert FINDER.find("a.py", text.encode()) == []


@pytest.mark.parametrize(
    "text",
    [
        "password: changeme",
        "password: ${DB_PASSWORD}",
        "password: '{{ vault.password }}'",
        "password: <your password>",
        "password: $DB_PASSWORD",
        "password: xxxxxxxxxxxx",
        "password: password",
        "secret: example-secret-value",
        "password_file: /run/secrets/db",
        "postgres://user:password@localhost/db",
        "https://example.com:8080/a@b",
        "http://{user}:{password}@host",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n",
        "task-list, ask-me-anything-about-this, risk-" + "a" * 48,
    ],
)
def test_an_example_or_a_variable_is_none(text: str) -> None:
    assert FINDER.find("settings.yml", text.encode()) == []


def test_many_on_one_line_take_no_more_than_so_many_times_as_long() -> None:
    """Where each was looked for from the beginning, a data file of 4 MB took half a minute."""
    row = f'"token": "{made(_ANY, 40)}", '.encode()

    def took(rows: int) -> float:
        begun = time.thread_time()
        assert [secret.line for secret in FINDER.find("a.json", row * rows)] == [1]
        return time.thread_time() - begun

    assert took(40_000) < 8 * max(took(10_000), 0.02)


def test_what_nobody_can_search_slowly_is_searched_fast() -> None:
    """A megabyte of base64 takes RE2 some hundredths of a second."""
    FINDER.find("a.py", made(_ANY + "+/.", 1 << 20).encode())


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_under_any_name_are_searched(text: bytes, name: str) -> None:
    for secret in FINDER.find(name, text):
        assert 1 <= secret.line <= text.count(b"\n") + 1


def test_every_row_is_whole() -> None:
    patterns = [kind.pattern for kind in FINDER.kinds]
    assert len(patterns) == len(set(patterns)) >= 25
    for kind in FINDER.kinds:
        pattern = re2.compile(kind.pattern)
        assert pattern.groups == len(pattern.groupindex), f"{kind.name} has a group without a name"


def test_a_line_of_a_shortened_text_is_no_line_of_the_file() -> None:
    key = KEYS["GitHub token"]().encode()
    files = [PackedFile("a.py", key), PackedFile("b.py", b"\n" + key, shortened="comments removed")]
    found: list[Secret] = []
    assert list(searched(PackLayout(), files, FINDER, found)) == files
    assert list(map(str, found)) == [
        "a.py, line 1: GitHub token",
        "b.py, line 2 of its shortened text: GitHub token",
    ]


def test_in_words() -> None:
    assert told([]) == []
    secrets = [Secret("a.py", number, "AWS access key") for number in range(1, 4)]
    assert told(secrets[:1])[0].startswith("1 place looks like a key or a password")
    assert told(secrets, 2)[1:] == [
        "  a.py, line 1: AWS access key",
        "  a.py, line 2: AWS access key",
        "  and 1 more",
    ]
