"""docs/development.md leads a newcomer right: every path and name on it exists, and no package is left out."""

import ast
import re

import pytest

from tests.lint.test_floors import APP, ROOT, modules

TEXT = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
# Folders whose parts are named with the folder above them.
WITHIN = (
	"client_ledger.client_ledger",
	"client_ledger.patches",
	"client_ledger.dunning.policies.default_policies",
)


def section(title: str) -> str:
	return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S)[1]


def paths_in(text: str) -> list[str]:
	"""Return the paths from the checkout's top that stand in back quotes, with the name behind :: where there is one."""
	found = re.findall(r"`([\w./]+(?:::\w+)?)`", text)
	return [path for path in found if path.split("/")[0] in ("client_ledger", "tests", "benchmarks", "docs")]


def questions() -> list[tuple[str, list[str]]]:
	rows = re.findall(r"^\| ([^|]+\?) \| ([^|]+) \|$", section("Where is ...?"), re.M)
	return [(question, paths_in(answer)) for question, answer in rows]


def names_in(path) -> set[str]:
	tree = ast.parse(path.read_text(encoding="utf-8"))
	return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_a_newcomer_finds_fifteen_things():
	assert len(questions()) >= 15
	assert all(paths for _question, paths in questions())


@pytest.mark.parametrize(
	"path", sorted({*paths_in(section("Where things are")), *paths_in(section("Where is ...?"))})
)
def test_what_the_page_names_exists(path):
	place, _sign, name = path.partition("::")
	assert (ROOT / place).exists()
	if name:
		assert name in names_in(ROOT / place)


def test_every_package_is_described():
	described = {
		path.rstrip("/").replace("/", ".")
		for path in paths_in(section("Where things are"))
		if path.endswith("/")
	}
	packages = {
		module
		for module, path in modules().items()
		if path.name == "__init__.py" and module != "client_ledger"
	}
	expected = {module for module in packages if not module.startswith(tuple(f"{name}." for name in WITHIN))}
	expected -= {name for name in WITHIN if name.endswith("default_policies")}
	assert expected <= described


def test_what_comes_next_stands_on_a_floor_that_is_there():
	floors = re.search(r"^```floors\n(.*?)^```", TEXT, re.M | re.S)[1].replace(",", " ").split()
	rows = re.findall(r"^\| [^|]+ \| `client_ledger/(\w+)/`[^|]* \| (?:after|before) `(\w+)` \|$", TEXT, re.M)
	assert rows
	for package, floor in rows:
		assert floor in floors
		assert not (APP / package).exists(), f"{package} is there: move its line up to Where things are"
