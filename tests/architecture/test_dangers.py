"""What no file of the program does: run what was sent in, choose its own cryptography, or ask another machine.

Imports and calls, read from the source; each rule is tried on lines that break it, too.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.test_house import DOORS, ROOMS, SOURCE, Rule, found

RUNS = {"eval", "exec", "compile", "__import__"}
UNPACKS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle", "yaml"}
SHELLS = {"system", "popen", "getoutput", "getstatusoutput", "create_subprocess_shell"}
ASKS = {"requests", "urllib3", "httpx", "aiohttp", "socket", "ftplib", "smtplib", "telnetlib", "websockets", "paramiko"}
ASKS_INSIDE = {"urllib.request", "http.client"}
CRYPTOGRAPHY = {"cryptography", "Crypto", "Cryptodome", "nacl", "OpenSSL", "jwt", "jose", "joserfc", "authlib", "ssl"}
KNOWN = {
    "cryptography.fernet",
    "joserfc",
    "joserfc.errors",
    "joserfc.jwk",
    "joserfc.jws",
    "authlib.oauth2.rfc6749.parameters",
    "authlib.oauth2.rfc7636",
    "authlib.oidc.core",
}
"""Fernet, and the libraries that check what a provider signed."""
HASHES = {"sha256"}
DRAWS = SOURCE / "disclosure" / "secondary.py"
"""Draws which counts it tries first, the same ones each time: nothing of it is a secret. Its memory uses blake2b."""
MEMORY = SOURCE / "disclosure" / "linked.py"


def imported(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every module that is named in an import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield node, node.module or ""
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def runs(tree: ast.Module) -> Iterator[ast.AST]:
    """Source that is made while the program runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in RUNS:
            yield node


def unpacks(tree: ast.Module) -> Iterator[ast.AST]:
    """Readers that make any object which a file asks for."""
    yield from (node for node, name in imported(tree) if name.split(".")[0] in UNPACKS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"read_pickle", "to_pickle"}:
            yield node


def shells(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SHELLS:
            yield node
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value


def asks(tree: ast.Module) -> Iterator[ast.AST]:
    yield from (node for node, name in imported(tree) if name.split(".")[0] in ASKS or name in ASKS_INSIDE)


def own_cryptography(tree: ast.Module) -> Iterator[ast.AST]:
    """A module of cryptography that is not known, or a hash that is not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module == "hashlib":
                yield from (node for alias in node.names if alias.name not in HASHES)
        else:
            names = []
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hashlib":
                yield from [node] if node.attr not in HASHES else []
        yield from (node for name in names if name.split(".")[0] in CRYPTOGRAPHY and name not in KNOWN)


def guessable(tree: ast.Module) -> Iterator[ast.AST]:
    """Chance that follows from earlier chance, or that is no chance."""
    yield from (node for node, name in imported(tree) if name.split(".")[0] == "random" or name == "numpy.random")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"uuid1", "uuid3", "uuid5"}:
            yield node


def everywhere_but(*homes: Path) -> list[Path]:
    return [file for file in (*ROOMS, *DOORS) if file not in homes]


def test_nothing_that_was_sent_in_is_run() -> None:
    assert found(runs, everywhere_but()) == []
    assert found(unpacks, everywhere_but()) == []
    assert found(shells, everywhere_but()) == []


def test_one_file_asks_other_machines() -> None:
    asking = SOURCE / "sessions" / "single_sign_on" / "asking.py"
    assert found(asks, everywhere_but(asking)) == []
    assert found(asks, [asking]), "the rule sees it"


def test_cryptography_is_that_of_known_libraries() -> None:
    assert found(own_cryptography, everywhere_but(MEMORY)) == []
    assert len(found(own_cryptography, [MEMORY])) == 1


def test_secrets_are_made_by_chance_of_the_operating_system() -> None:
    assert found(guessable, everywhere_but(DRAWS)) == []
    assert len(found(guessable, [DRAWS])) == 1


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (runs, "eval(typed)"),
        (runs, "run = exec"),
        (unpacks, "import pickle"),
        (unpacks, "from yaml import load"),
        (unpacks, "frame = pd.read_pickle(file)"),
        (shells, "os.system(command)"),
        (shells, "subprocess.run(command, shell=True)"),
        (asks, "import requests.sessions"),
        (asks, "from urllib.request import urlopen"),
        (asks, "from urllib import request"),
        (asks, "import http.client"),
        (own_cryptography, "hashlib.md5(content)"),
        (own_cryptography, "hashlib.new(name)"),
        (own_cryptography, "from hashlib import sha1"),
        (own_cryptography, "from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes"),
        (own_cryptography, "import Crypto.Cipher.DES"),
        (own_cryptography, "import ssl"),
        (guessable, "import random"),
        (guessable, "from random import choice"),
        (guessable, "token = uuid.uuid1()"),
    ],
)
def test_each_rule_finds_what_it_forbids(rule: Rule, line: str) -> None:
    """Negative control."""
    assert list(rule(ast.parse(line)))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (runs, "evaluate(typed)"),
        (shells, "subprocess.run([program, '-I'])"),
        (asks, "from urllib.parse import urlsplit"),
        (own_cryptography, "hashlib.sha256(content)"),
        (own_cryptography, "from cryptography.fernet import Fernet"),
        (guessable, "import secrets"),
    ],
)
def test_and_nothing_else(rule: Rule, line: str) -> None:
    assert not list(rule(ast.parse(line)))
