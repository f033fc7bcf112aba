"""The dictionary of imports: administrators add names of columns; what was learned can be forgotten."""

import pytest

from accounts.models import AuditEntry
from ingest.models import ColumnMapping, ValueMapping
from tests.ingest.lists import HEADER, plain, row
from tests.ingest.wizard import Wizard

pytestmark = pytest.mark.django_db


def test_a_name_added_by_an_administrator_is_read_by_the_next_list(login, cast):
    client = login(cast.admin)
    header = tuple("县级挂包同志" if name == "包联领导" else name for name in HEADER)
    content = plain(row(1, "东河大桥"), header=header)
    assert client.post("/import/words/", {"header": "县级挂包同志", "target": ""}).status_code == 422
    assert (
        client.post("/import/words/", {"header": "县级挂包同志", "target": "project:lead_officials"}).status_code == 302
    )
    wizard = Wizard(client)
    wizard.upload(content)
    columns = {column["header"]: column["field"] for column in wizard.batch.reading["sheets"][0]["columns"]}
    assert columns["县级挂包同志"] == "lead_officials"
    assert AuditEntry.objects.filter(action="登记列名写法").count() == 1

    page = client.get("/import/words/").content.decode()
    assert "县级挂包同志" in page
    client.post(f"/import/words/headers/{ColumnMapping.objects.get().pk}/forget/")
    again = Wizard(client)
    again.upload(content)
    assert "lead_officials" not in {column["field"] for column in again.batch.reading["sheets"][0]["columns"]}


def test_a_remembered_value_can_be_forgotten(login, cast):
    client = login(cast.admin)
    word = ValueMapping.objects.create(kind="project", field="category", key="产业", value="")
    assert "产业" in client.get("/import/words/").content.decode()
    assert client.post(f"/import/words/values/{word.pk}/forget/").status_code == 302
    assert not ValueMapping.objects.exists()
