"""Keys and passwords as they lie about in real projects, made up here.

No key of anybody's stands in this file: the values are random letters, put together at run time.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tests.analysis.codebase.leaked import ANY, CAPS, HEX, URL_SAFE, made, made_password, to_base64
from tests.analysis.codebase.leaked_keys import makers_keys


class Leak(NamedTuple):
    """A file with one secret."""

    kind: str
    path: str
    text: str
    line: int
    """Where it is, from 1."""


def _pem(name: str) -> str:
    return "\n".join(
        [f"-----BEGIN {name}-----", *(made(ANY + "+/", 64) for _ in range(3)), f"-----END {name}-----"]
    )


def leaks() -> Iterator[Leak]:
    """A secret each; ``§`` stands before the line that holds it."""
    for kind, path, marked in _marked():
        before, _, after = marked.partition("§")
        yield Leak(kind, path, before + after, before.count("\n") + 1)


def _marked() -> Iterator[tuple[str, str, str]]:
    yield from makers_keys()
    yield from _passwords()
    yield from _private_keys()


def _passwords() -> Iterator[tuple[str, str, str]]:
    yield (
        "connection string",
        "settings.py",
        f'§DATABASE_URL = "postgresql+asyncpg://app:{made(ANY, 16)}@db.internal:5432/app"\n',
    )
    yield (
        "connection string",
        "index.js",
        f'§mongoose.connect("mongodb+srv://app:{made(ANY, 16)}@c0.ab1cd.mongodb.net/app")\n',
    )
    yield (
        "connection string",
        "compose.yaml",
        f"environment:\n§  - REDIS_URL=redis://:{made(ANY, 20)}@cache:6379/0\n",
    )
    yield (
        "connection string",
        "appsettings.json",
        (f'{{"Strings": {{\n§"Main": "Server=tcp:db,1433;User Id=sa;Password={made_password()};"}}}}\n'),
    )
    yield (
        "connection string",
        "web.config",
        f'<add\n§ connectionString="Data Source=db;Initial Catalog=a;uid=sa;pwd={made_password()}"/>\n',
    )
    yield (
        "connection string",
        "app.properties",
        f"§spring.datasource.url=jdbc:postgresql://db/app?user=app&password={made(ANY, 14)}\n",
    )
    yield (
        "YAML",
        "compose.yml",
        f"services:\n  db:\n    environment:\n§      POSTGRES_PASSWORD: {made_password()}\n",
    )
    yield "YAML", "compose.yml", f"environment:\n§      - MYSQL_ROOT_PASSWORD={made_password()}\n"
    yield "YAML", "values.yaml", f'auth:\n§  password: "{made(ANY, 6)}#{made(ANY, 3)},{made(ANY, 4)};"\n'
    yield "YAML", "secret.yaml", f"kind: Secret\ndata:\n§  db-password: {to_base64(made_password())}\n"
    yield "YAML", "database.yml", f"production:\r\n  username: app\r\n§  password: {made_password()}\r\n"
    yield "YAML", "hosts.yml", f"all:\n  vars:\n§    ansible_become_pass: {made_password()}\n"
    yield "settings", ".env", f'DB_USER=app\n§DB_PASS="{made_password()}"\n'
    yield "settings", "production.env", f"§export JWT_SECRET='{made(ANY, 40)}'\n"
    yield "settings", "application.properties", f"§spring.datasource.password={made_password()}\n"
    yield "settings", "my.cnf", f"[client]\nuser=app\n§password={made_password()}\n"
    yield "settings", "prod.tfvars", f'§db_password = "{made_password()}"\n'
    yield "JSON", "config.json", f'{{\n  "user": "app",\n§  "password": "{made_password()}"\n}}\n'
    yield "JSON", "config.json", f'{{\n§  "clientSecret": "{made(ANY, 32)}",\n  "x": 1\n}}\n'
    yield "source", "settings.py", f'§SECRET_KEY = "{made(ANY + "!@^&*(-_=+", 50)}"\n'
    yield (
        "source",
        "Db.java",
        f'class Db {{\n§  private static final String PASSWORD = "{made_password()}";\n}}\n',
    )
    yield "source", "wp-config.php", f"<?php\n§define( 'DB_PASSWORD', '{made_password()}' );\n"
    yield "source", "Mail.java", f'§  settings.put("mail.password", "{made_password()}");\n'
    yield "source", "client.go", f'§\tapiKey := "{made(HEX, 40)}"\n'
    yield "source", "client.js", f'§  headers: {{ "x-api-key": "{made(ANY, 40)}" }},\n'
    yield (
        "XML",
        "settings.xml",
        f"<server>\n  <username>deploy</username>\n§  <password>{made_password()}</password>\n</server>\n",
    )
    yield "Dockerfile", "Dockerfile", f"FROM debian\n§ENV DB_PASSWORD={made_password()}\n"
    yield "Dockerfile", "Dockerfile", f"FROM debian\n§ENV DB_PASSWORD {made_password()}\n"
    yield "shell", "backup.sh", f"§export PGPASSWORD={made(ANY, 16)}\n"
    yield "shell", "backup.sh", f'§PGPASSWORD="{made_password()}" pg_dump app\n'
    yield "shell", "fetch.sh", f"§curl -u deploy:{made(ANY, 16)} https://files.internal/a.tgz\n"
    yield "header", "get.http", f"§Authorization: Basic {to_base64('deploy:' + made_password())}\n"
    yield "header", "call.sh", f"§curl -H 'X-Api-Key: {made(ANY, 40)}' https://api.internal\n"
    yield (
        "header",
        "call.py",
        f'§requests.get(u, headers={{"Authorization": "Bearer {made(URL_SAFE, 40)}"}})\n',
    )
    yield "netrc", ".netrc", f"§machine files.internal login deploy password {made_password()}\n"
    yield "netrc", ".netrc", f"machine files.internal\n  login deploy\n§  password {made_password()}\n"
    yield "pgpass", ".pgpass", f"§db.internal:5432:app:app:{made(ANY, 16)}\n"
    yield (
        "git",
        ".git-config",
        f'[remote "origin"]\n§  url = https://deploy:{made(ANY, 20)}@git.internal/a.git\n',
    )


def _private_keys() -> Iterator[tuple[str, str, str]]:
    for name, path in (
        ("RSA PRIVATE KEY", "id_rsa"),
        ("OPENSSH PRIVATE KEY", "id_ed25519"),
        ("PRIVATE KEY", "server.key"),
        ("ENCRYPTED PRIVATE KEY", "server.pem"),
        ("EC PRIVATE KEY", "ec.pem"),
        ("DSA PRIVATE KEY", "id_dsa"),
    ):
        yield "private key", path, f"§{_pem(name)}\n"
    yield "private key", "server.pem", f"§{_pem('RSA PRIVATE KEY')}\n".replace("\n", "\r\n")
    yield (
        "private key",
        "values.yaml",
        "tls:\n  key: |\n§    " + _pem("RSA PRIVATE KEY").replace("\n", "\n    ") + "\n",
    )
    yield "private key", "keys.py", f'KEY = """\n§{_pem("EC PRIVATE KEY")}\n"""\n'
    yield (
        "private key",
        "old.pem",
        (
            "§-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n"
            f"{made(ANY, 64)}\n-----END RSA PRIVATE KEY-----\n"
        ),
    )
    yield (
        "private key",
        "kube.config",
        f"users:\n- user:\n§    client-key-data: {to_base64(_pem('RSA PRIVATE KEY'))}\n",
    )
    yield (
        "private key",
        "key.asc",
        (
            f"§-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{made(ANY, 64)}\n={made(ANY, 4)}\n"
            "-----END PGP PRIVATE KEY BLOCK-----\n"
        ),
    )
    yield (
        "private key",
        "id.ppk",
        (
            "§PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\n"
            f"Private-Lines: 1\n{made(ANY, 48)}\n"
        ),
    )
    yield "age", "key.txt", f"# created: 2026\n§AGE-SECRET-KEY-1{made(CAPS, 58)}\n"
    yield (
        "WireGuard",
        "wg0.conf",
        f"[Interface]\nAddress = 10.0.0.2/32\n§PrivateKey = {made(ANY + '+/', 43)}=\n",
    )
