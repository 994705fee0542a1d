"""What keeps a connection from coming about is called what it is, and not a truncated download."""

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing

import pytest
import requests
import urllib3

from ganlib.data import resume
from ganlib.data.download import fetch
from ganlib.data.unreachable import why_unreachable
from ganlib.errors import DataError

FAR = "http://server.invalid/archive.zip"


@pytest.fixture(autouse=True)
def no_proxy_and_no_pause(monkeypatch, small_fsdd):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(resume, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(resume, "BLOCK", 1000)


def refusal(source) -> str:
    with pytest.raises(DataError) as caught:
        fetch("fsdd", source=source)
    assert "truncated" not in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


def closed_port() -> int:
    with closing(socket.socket()) as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy_is_named_without_its_password(monkeypatch, scheme):
    port = closed_port()
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://ann:secret@127.0.0.1:{port}")
    message = refusal(FAR.replace("http", scheme))
    assert f"the proxy http://127.0.0.1:{port} cannot be used (Connection refused)" in message
    assert "HTTPS_PROXY" in message and "secret" not in message


def test_a_proxy_that_asks_who_is_there_is_told(monkeypatch, serve):
    server = serve(b"")
    server.status = 407
    monkeypatch.setenv("HTTP_PROXY", server.url.removesuffix("/archive"))
    assert "answers 407" in (message := refusal(FAR)) and "a name and a password" in message


def test_a_name_that_nobody_knows_is_told(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    message = refusal(FAR)
    assert "the name server.invalid cannot be resolved; check the connection" in message


def test_what_has_arrived_before_is_kept_and_told(monkeypatch, archive, serve):
    server = serve(archive.read_bytes())
    server.breaks_after, server.ranges = 9_000, False
    with pytest.raises(DataError, match="truncated"):
        fetch("fsdd", source=server.url)
    server.close()
    assert "cannot be reached (Connection refused)" in (message := refusal(server.url))
    assert "bytes are kept, call again" in message


@pytest.fixture
def secure_port(tmp_path):
    """A server that shows a certificate which it has signed itself."""
    if shutil.which("openssl") is None:
        pytest.skip("makes its certificate with the command openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asked = threading.Thread(target=_shake_hands, args=(listener, context), daemon=True)
        asked.start()
        yield listener.getsockname()[1]


def _shake_hands(listener, context):
    try:
        connection, _ = listener.accept()
        with connection:
            context.wrap_socket(connection, server_side=True)
    except OSError:  # the other side hangs up, as it should
        pass


def test_a_bad_certificate_is_told_at_once(secure_port):
    message = refusal(f"https://127.0.0.1:{secure_port}/archive.zip")  # one connection: no retry
    assert "the certificate of 127.0.0.1 is not valid (self" in message
    assert "REQUESTS_CA_BUNDLE" in message


def test_a_certificate_of_yesterday_is_told():
    expired = ssl.SSLCertVerificationError(1, "certificate verify failed")
    expired.verify_message = "certificate has expired"
    wrapped = urllib3.exceptions.MaxRetryError(None, FAR, urllib3.exceptions.SSLError(expired))
    message = why_unreachable(requests.exceptions.SSLError(wrapped), "https://server.invalid/a")
    assert message.startswith("the certificate of server.invalid is not valid (certificate has exp")


def test_a_server_without_a_certificate_is_told(serve):
    server = serve(b"")
    message = refusal(server.url.replace("http:", "https:"))
    assert "no secure connection to 127.0.0.1 (" in message


def test_a_connection_that_came_about_is_no_matter_of_this_room():
    for error in (
        requests.exceptions.ChunkedEncodingError("Connection broken: IncompleteRead"),
        requests.exceptions.ConnectionError(ConnectionResetError(104, "Connection reset by peer")),
    ):
        assert why_unreachable(error, FAR) == ""


def test_no_answer_in_time_is_told():
    late = urllib3.exceptions.ConnectTimeoutError(None, "timed out")
    wrapped = requests.exceptions.ConnectTimeout(urllib3.exceptions.MaxRetryError(None, "/", late))
    assert "server.invalid cannot be reached (no answer in time)" in why_unreachable(wrapped, FAR)
