"""README, manuals and code stay in step."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from alerts.rules import RULES
from dashboard.demo import PASSWORD
from dashboard.demo.cast import PEOPLE
from ingest.kind import Kind
from ingest.reasons import reason_of, title_of
from ingest.registry import KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()
TARGETS = re.findall(r"^([a-z0-9]+):.*## ", (ROOT / "Makefile").read_text(), re.M)
READS = re.compile(r"""(?:env\.(?:text|flag|number|words)|environ(?:\.get)?)[(\[]\s*["']([A-Z_]+)["']""")
# of the front-end tool chain, of manage.py inside a container, and the _FILE form that all variables have
NOT_OURS = {"NPM", "DONGLIANG_NO_VENV", "ALLOWED_HOSTS_FILE"}


def variables() -> set[str]:
    """Every environment variable that the product reads."""
    files = [ROOT / "manage.py"]
    for folder in ("config", "common", "ops", "dashboard", "accounts", "projects", "alerts", "ingest"):
        files += (ROOT / folder).rglob("*.py")
    return {name for file in files for name in READS.findall(file.read_text())} - NOT_OURS


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_in_the_readme(target):
    assert f"make {target}" in README


def test_the_readme_names_no_target_that_does_not_exist():
    assert set(re.findall(r"`make ([a-z0-9]+)", README)) <= set(TARGETS)


def test_the_two_commands_come_first_in_both_languages():
    chinese, _, english = README.partition("## English")
    for part in (chinese, english):
        first = part[part.index("```sh") :].split("```")[1]
        assert re.findall(r"^make (\w+)", first, re.M) == ["run", "test"]


@pytest.mark.parametrize("name", sorted(variables()))
def test_every_environment_variable_is_documented(name):
    assert f"`{name}`" in OPERATIONS


def test_variables_of_compose_are_in_the_example():
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert used == given


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_alert_rule_is_documented(rule):
    assert rule.code in (ROOT / "docs/rules.md").read_text()


def test_the_demo_accounts_of_the_readme_exist():
    assert f"`{PASSWORD}`" in README
    table = README[README.index("### 演示账号") : README.index("## 其他命令")]
    named = {name for row in re.findall(r"^\| (`[^|]+) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)}
    accounts = {account for account, *_ in PEOPLE} | {"reporter_gxj"}
    assert named and named <= accounts


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=str)
def test_links_between_documents_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_every_kind_of_list_is_in_the_how_to_and_every_part_of_one_is_explained():
    text = (ROOT / "docs/how-to/import-kind.md").read_text()
    told = re.search(r"The kinds there are: (.*)\.", text)
    assert told and re.findall(r"`(\w+)`", told[1]) == list(KINDS)
    assert {f.name for f in fields(Kind)} <= set(re.findall(r"\w+", text))


@pytest.mark.parametrize("module", sorted(ROOT.glob("*/import_*.py")), ids=lambda path: path.name)
def test_every_fault_of_an_import_has_a_title(module):
    source = module.read_text()
    for code in re.findall(r"""(?:Fault\(\s*[^,()]+|"\w+"),\s*"([a-z_]+)",\s*f?"[^"a-z]""", source):
        assert title_of(reason_of(code)) != "其他", code
