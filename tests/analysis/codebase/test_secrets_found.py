"""How many of the secrets that lie about in projects are found, and what only looks like one."""

import pytest

from tests.analysis.codebase.leaks import Leak, leaks
from tokviz.analysis.codebase.secrets import SecretFinder, looks_random
from tokviz.assets import Assets

FINDER = SecretFinder(Assets())


@pytest.mark.parametrize("leak", list(leaks()), ids=lambda leak: f"{leak.kind}-{leak.path}")
def test_a_secret_where_people_leave_it(leak: Leak) -> None:
    """At its line, and nothing beside it."""
    assert [secret.line for secret in FINDER.find(leak.path, leak.text.encode())] == [leak.line]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/static/config.toml", 'SECRET_KEY="config"'),
        ("tasks/main.yml", "update_password: on_create"),
        ("tasks/main.yml", "update_password: always"),
        ("tasks/main.yml", 'password: "$6$rounds=656000$TT4O7jz2M57npccl$33LF6FcUMSW11qrESXL1HX0BS"'),
        ("ci.yml", "permissions:\n  id-token: write\n"),
        ("fixtures/users.json", '"password": "pbkdf2_sha256$10000$LUyhxJjuLwXF$f6Zbpnx1L5dPze8m0itBaHMDyZ="'),
        ("paths.py", 'passwords = ["etc/passwd", "/dir1/etc/passwd"]'),
        ("paths.py", 'token = "/api/v1/token/2024-11-30"'),
        ("test_auth.py", 'headers = {"Authorization": "Basic dXNlcjpwYXNz"}'),
        ("test_auth.py", 'client.login(username="a", password="superS3cret")'),
        ("test_auth.py", 'self.token = "4e2c1b7a-93d5-4c1f-8f1e-2a6b7c8d9e0f"'),
        ("setup.cfg", "db = postgresql+psycopg://scott:tiger@127.0.0.1:5432/test"),
        ("url.py", "https://user:1234@host/  https://me:pass%20word@h/  ftp://a:Kd83jsL2@ftp.example.com/"),
        ("names.js", '["recaptchaV2Token","PhoneAuthProvider$1"]'),
        ("pages.json", '"output_token": "StreamDescription.Shards[-1].ShardId"'),
        ("client.py", "unix:///sock?db=0[&password=password]"),
        ("app.manifest", 'name="CRT" publicKeyToken="1fc8b3b9a1e18e3b"'),
        ("list.py", 'next_page_token = "CAUQAA7d93kLx2PqZ"'),
        ("Dockerfile", "ENV DB_PASSWORD=${DB_PASSWORD}\nARG TOKEN\nENV API_KEY_FILE=/run/secrets/key\n"),
        ("run.sh", 'export API_TOKEN="$(cat token)"\nTOKEN=$1 curl -u "$USER:$TOKEN" https://a.io\n'),
        (".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"),
        ("model.py", 'pad_token: str = "<|endoftext|>"\neos_token = "<eos_1a2B>"\n'),
        ("pom.xml", "<password>${env.DEPLOY_PASSWORD}</password>"),
    ],
)
def test_what_only_looks_like_one(path: str, text: str) -> None:
    assert FINDER.find(path, text.encode()) == []


def test_random_letters_are_told_from_names() -> None:
    assert looks_random(b"9f86d081884c7d659a2feaa0c55ad015")
    assert looks_random(b"jQ4vX9s_Lw2Zk7")
    for word in (b"abc123def456", b"2024-01-01T00:00", b"OAuth2AccessToken", b"us-east-1a", b"Passw0rd!2024"):
        assert not looks_random(word), word


def test_windows_line_ends_hide_nothing() -> None:
    text = b"[mysql]\r\nuser = app\r\npassword = jQ4vX9s_Lw2Zk7\r\n"
    assert [secret.line for secret in FINDER.find("my.cnf", text)] == [3]
