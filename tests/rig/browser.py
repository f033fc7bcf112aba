"""A person at the running site: cookies, forms, nothing else."""

import re
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.rig.world import until


class Browser:
    """Opens pages and sends forms; raises what urllib raises."""

    def __init__(self, address: str) -> None:
        self.address = address
        handlers = urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, form: str, path: str, **fields: str) -> float:
        """Send `fields` to `path` with the token of the page `form`; the seconds it took. Raises when refused."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(form)).group(1)
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        started = time.monotonic()
        with self.opener.open(self.address + path, data=body, timeout=60) as answer:
            assert answer.status == 200
        return time.monotonic() - started

    def answers(self) -> bool:
        """Whether the site shows its first page."""
        try:
            return bool(self.get("/accounts/login/"))
        except OSError:
            return False


def log_in(address: str, username: str = "boss") -> Browser:
    """Wait for the site and log in; the people of tests.rig.seed have the password of tests.cast."""
    browser = Browser(address)
    until(browser.answers, seconds=40, what="login page")
    browser.post("/accounts/login/", "/accounts/login/", username=username, password="pw")
    return browser
