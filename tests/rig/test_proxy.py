"""The reverse proxy's own configuration, in a real nginx, in front of a server that says what it was asked."""

import http.client
import json
import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.rig.world import ROOT, free_port, until

pytestmark = pytest.mark.rig


class Echo(BaseHTTPRequestHandler):
    """Answers with the path and headers it was sent."""

    def do_GET(self):
        body = json.dumps({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(params=["https", "http"])
def proxy(request, tmp_path):
    """nginx with ops/proxy, its ports and paths moved to this test's; gives a function that asks it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ports = {"8080": free_port(), "8443": free_port(), "8081": free_port()}
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    for name in ("nginx.conf", f"{request.param}.conf", "routes.conf"):
        text = (ROOT / "ops/proxy" / name).read_text()
        for old, new in ports.items():
            text = text.replace(f"listen {old}", f"listen 127.0.0.1:{new}").replace(f"1:{old}", f"1:{new}")
        text = text.replace("http://web:8000", f"http://127.0.0.1:{server.server_port}")
        text = text.replace("/etc/nginx/tls", str(tmp_path)).replace("/tmp/nginx.pid", str(tmp_path / "pid"))  # noqa: S108
        text = text.replace("/etc/nginx/site.conf", str(tmp_path / f"{request.param}.conf"))
        text = text.replace("/etc/nginx/routes.conf", str(tmp_path / "routes.conf"))
        (tmp_path / name).write_text(text)
    nginx = shutil.which("nginx")
    assert nginx, "nginx is not installed"
    process = subprocess.Popen([nginx, "-c", tmp_path / "nginx.conf", "-g", "daemon off;"], stderr=subprocess.PIPE)
    insecure = ssl._create_unverified_context()  # noqa: S323 - a certificate of this test

    def ask(path: str, *, tls: bool = request.param == "https", **headers: str):
        if tls:
            connection = http.client.HTTPSConnection("127.0.0.1", ports["8443"], context=insecure, timeout=5)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", ports["8080"], timeout=5)
        connection.request("GET", path, headers={"Host": "d.example.test", **headers})
        response = connection.getresponse()
        return response, response.read()

    def answers() -> bool:
        try:
            return ask("/")[0].status == 200
        except OSError:
            return False

    until(answers, seconds=10, what="nginx")
    yield request.param, ask
    process.terminate()
    process.wait()
    server.shutdown()


def test_the_product_learns_who_asks_and_how(proxy):
    kind, ask = proxy
    response, body = ask("/projects/", **{"X-Real-IP": "6.6.6.6", "X-Forwarded-For": "6.6.6.6"})
    seen = json.loads(body)
    assert response.status == 200
    assert seen["host"] == "d.example.test"
    assert seen["x-real-ip"] == "127.0.0.1"  # what the visitor claims is not believed
    assert seen["x-forwarded-proto"] == kind
    assert "x-forwarded-for" not in seen


def test_readiness_stays_inside(proxy):
    _, ask = proxy
    assert ask("/readyz")[0].status == 404


def test_plain_http_leads_to_https_where_there_is_a_certificate(proxy):
    kind, ask = proxy
    if kind == "https":
        response, _ = ask("/projects/?q=1", tls=False)
        assert (response.status, response.headers["Location"]) == (308, "https://d.example.test/projects/?q=1")
    else:
        assert ask("/projects/")[0].status == 200


def test_logins_cannot_be_tried_without_end(proxy):
    _, ask = proxy
    answers = [ask("/accounts/login/")[0].status for _ in range(40)]
    assert answers[0] == 200
    assert 429 in answers
