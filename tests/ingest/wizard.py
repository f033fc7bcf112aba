"""Driving the wizard as a browser does: every page's form is sent as it stands, with the answers given."""

import re
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile

from ingest.actions import carry_out
from ingest.models import ImportBatch


class Page(HTMLParser):
    """The forms of a page: for each its action and its fields as a browser would send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self._form = self._select = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self._form = {"action": a.get("action"), "fields": {}, "options": {}}
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and a.get("name") and a.get("type") not in ("file", "submit"):
            kind = a.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in a:
                    self._form["fields"][a["name"]] = a.get("value", "on")
            else:
                self._form["fields"][a["name"]] = a.get("value", "")
        elif tag == "select" and a.get("name"):
            self._select = a["name"]
            self._form["options"][self._select] = []
        elif tag == "option" and self._select:
            options = self._form["options"][self._select]
            options.append(a.get("value", ""))
            if "selected" in a or len(options) == 1:
                self._form["fields"][self._select] = a.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


class Wizard:
    """One person's way through the wizard."""

    def __init__(self, client) -> None:
        self.client, self.pk = client, None

    def upload(self, content: bytes, name: str = "清单.xlsx", kind: str = "project"):
        """Step 1. The response."""
        answer = self.client.post("/import/new/", {"file": SimpleUploadedFile(name, content), "kind": kind})
        if answer.status_code == 302:
            self.pk = int(re.search(r"/import/(\d+)/", answer["Location"])[1])
        return answer

    @property
    def batch(self) -> ImportBatch:
        return ImportBatch.objects.get(pk=self.pk)

    def get(self, step: str, query: str = ""):
        return self.client.get(f"/import/{self.pk}/{step}/{query}")

    def form(self, step: str) -> dict:
        """The fields of a step's own form as they stand."""
        answer = self.get(step)
        assert answer.status_code == 200, (step, answer.status_code, answer.get("Location"))
        forms = [form for form in Page(answer.content.decode()).forms if "version" in form["fields"]]
        return forms[-1]

    def post(self, step: str, answers: dict | None = None, *, to: str = ""):
        """Send a step as it stands, with `answers` on top (None takes a field out)."""
        fields = self.form(step)["fields"] | (answers or {})
        fields = {name: value for name, value in fields.items() if value is not None}
        return self.client.post(f"/import/{self.pk}/{to or step}/", fields)

    def through_columns(self, columns: dict | None = None):
        """Steps 2 and 3 as they stand."""
        assert self.post("sheets").status_code == 302
        answer = self.post("columns", columns)
        assert answer.status_code == 302, problems(answer)
        return answer

    def through(self, values: dict | None = None, columns: dict | None = None):
        """As far as the preview."""
        self.through_columns(columns)
        answer = self.post("values", values)
        assert answer.status_code == 302, problems(answer)
        return self.get("preview")

    def order(self, answers: dict | None = None):
        """Press 导入: the answer of the request, nothing is carried out yet."""
        return self.post("preview", answers, to="commit")

    def commit(self, answers: dict | None = None):
        """Press 导入 and let the worker do it: the way to the receipt (302), else the page that says why not."""
        answer = self.order(answers)
        if answer.status_code == 302 and answer["Location"].endswith("/progress/"):
            carry_out(self.pk)
            answer = self.get("progress") if self.batch.state == ImportBatch.State.COMMITTED else self.get("preview")
        return answer

    def counts(self) -> dict:
        return {name: count for name, count in self.batch.counts.items() if name in VERDICTS and count}


VERDICTS = ("new", "changed", "unchanged", "skipped", "refused")


def problems(answer) -> str:
    """What a refused page says."""
    text = answer.content.decode()
    found = re.search(r'<div class="errors".*?</ul></div>', text, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0] if found else text)[:1500]
