"""A provider that shows a certificate of nobody known is not asked: what it says is not read."""

import datetime
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.examples import NOW
from tests.unit.sessions.single_sign_on.providing import Lying, handler

from dashboard.sessions.single_sign_on import Provider, SignOnFailed

DISCOVERY = "/.well-known/openid-configuration"


def certificate(folder: Path) -> Path:
    """Key and certificate for this machine, which nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / "provider.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def behind_tls(file: Path) -> Iterator[Lying]:
    """An honest provider with that certificate."""
    provider = Lying()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(provider))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    provider.issuer = f"https://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))  # nothing of the environment is obeyed
    with behind_tls(file) as provider:
        with pytest.raises(SignOnFailed) as failure:
            Provider(provider.settings()).ready(at=NOW)
        assert failure.value.reason == "the provider was not reached: SSLError"
        assert provider.asked == []
        # The control: who trusts this one certificate is answered.
        assert (
            requests.get(provider.issuer + DISCOVERY, verify=str(file), timeout=10).json()["issuer"] == provider.issuer
        )
