"""What can be tested of the part that needs Frappe without it: documents, hooks, patches and form scripts are sound.

The names of ERPNext that we rely on are listed here, and tests/bench/test_host_names.py holds the list
against the real ERPNext.
"""

import ast
import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import types
from tests.host_names import HOST_DOCTYPES, HOST_FIELDS, HOST_ROLES, OWN_ROLES

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "client_ledger"
MODULE = APP / "client_ledger"
DOTTED = re.compile(r"^client_ledger(\.\w+)+$")

# Parses each file named, as a module where it imports or exports; prints how many, or which one does not parse.
PARSE_SCRIPTS = """
const fs = require("fs"), vm = require("vm"), files = process.argv.slice(1);
for (const file of files) {
	const source = fs.readFileSync(file, "utf8");
	try {
		if (/^\\s*(import|export)\\s/m.test(source)) new vm.SourceTextModule(source, { identifier: file });
		else vm.compileFunction(source, [], { filename: file });
	} catch (error) {
		console.error(file + ": " + error.stack);
		process.exit(1);
	}
}
console.log(files.length);
"""

FIELD_TYPES = {
	"Attach", "Button", "Check", "Column Break", "Currency", "Data", "Date", "Datetime", "Dynamic Link", "Float",
	"HTML", "Int", "JSON", "Link", "Long Text", "Password", "Percent", "Read Only", "Section Break", "Select", "Small Text",
	"Tab Break", "Table", "Table MultiSelect", "Text", "Text Editor", "Code", "Duration", "Time",
}  # fmt: skip


def documents(folder: str) -> list[Path]:
	"""Return the exported documents of one kind: <folder>/<name>/<name>.json."""
	return sorted(p for p in (MODULE / folder).glob("*/*.json") if p.stem == p.parent.name)


def load(path: Path) -> dict:
	return json.loads(path.read_text(encoding="utf-8"))


def own_doctypes() -> dict[str, dict]:
	return {load(path)["name"]: load(path) for path in documents("doctype")}


def name_of(path: Path) -> str:
	return path.parent.name


def test_there_is_something_to_check():
	assert documents("doctype")
	assert documents("report")
	assert documents("workspace")


@pytest.mark.parametrize("path", documents("doctype"), ids=name_of)
def test_doctype(path):
	doctype = load(path)
	fields = {field["fieldname"]: field for field in doctype["fields"]}
	assert doctype["doctype"] == "DocType"
	assert path.parent.name == doctype["name"].lower().replace(" ", "_")
	assert len(fields) == len(doctype["fields"]), "a fieldname is listed twice"
	assert list(fields) == doctype["field_order"]
	assert doctype["module"] == "Client Ledger"
	for field in fields.values():
		assert field["fieldtype"] in FIELD_TYPES, field
		if field["fieldtype"] in ("Link", "Table", "Table MultiSelect"):
			assert field["options"] in own_doctypes() | dict.fromkeys(HOST_DOCTYPES), field
		if fetch := field.get("fetch_from"):
			source, _, target = fetch.partition(".")
			linked = fields[source]["options"]
			assert target in HOST_FIELDS.get(linked, ()) or linked in own_doctypes(), fetch
		for key in ("depends_on", "mandatory_depends_on", "read_only_depends_on"):
			for name in re.findall(r"doc\.(\w+)", field.get(key) or ""):
				assert name in fields, (field["fieldname"], key)
	for key in ("title_field", "search_fields", "image_field"):
		for name in filter(None, re.split(r"[,\s]+", doctype.get(key) or "")):
			assert name in fields, key
	assert doctype.get("sort_field", "modified") in {*fields, "modified", "creation", "name", "idx"}


@pytest.mark.parametrize("path", documents("doctype"), ids=name_of)
def test_doctype_has_a_controller_of_its_name(path):
	doctype = load(path)
	tree = ast.parse(path.with_suffix(".py").read_text(encoding="utf-8"))
	classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
	assert doctype["name"].replace(" ", "") in classes


def test_controllers_carry_the_types_of_their_fields():
	found = [path.stem for path in types.outdated()]
	assert not found, "run python -m tests.types"


@pytest.mark.parametrize("path", documents("doctype") + documents("report"), ids=name_of)
def test_roles_exist(path):
	document = load(path)
	rows = document.get("permissions", []) + document.get("roles", [])
	assert rows or document.get("istable"), "nobody may see it"
	assert {row["role"] for row in rows} <= {*HOST_ROLES, *OWN_ROLES}


@pytest.mark.parametrize("path", documents("report"), ids=name_of)
def test_report(path):
	report = load(path)
	assert report["ref_doctype"] in own_doctypes() | dict.fromkeys(HOST_DOCTYPES)
	assert report["is_standard"] == "Yes"
	assert report["report_type"] == "Script Report"
	assert path.parent.name == report["name"].lower().replace(" ", "_")
	functions = {
		n.name
		for n in ast.walk(ast.parse(path.with_suffix(".py").read_text()))
		if isinstance(n, ast.FunctionDef)
	}
	assert "execute" in functions
	assert report["name"] in path.with_suffix(".js").read_text()


def link_exists(kind: str, name: str) -> bool:
	folder = {
		"Report": "report",
		"DocType": "doctype",
		"Number Card": "number_card",
		"Page": "page",
		"Dashboard Chart": "dashboard_chart",
	}
	names = {load(p)["name"] for p in documents(folder[kind])} if kind in folder else set()
	return name in names or (kind == "DocType" and name in HOST_DOCTYPES)


@pytest.mark.parametrize("path", documents("workspace"), ids=name_of)
def test_workspace(path):
	workspace = load(path)
	for row in workspace["links"]:
		if row["type"] == "Link":
			assert link_exists(row["link_type"], row["link_to"]), row["link_to"]
	for row in workspace["shortcuts"]:
		if row["type"] != "URL":
			assert link_exists(row["type"], row["link_to"]), row["link_to"]
	for row in workspace.get("number_cards", []):
		assert link_exists("Number Card", row["number_card_name"])
	for row in workspace.get("charts", []):
		assert link_exists("Dashboard Chart", row["chart_name"])
	content = json.loads(workspace["content"])
	shown = {"shortcut": "shortcuts", "number_card": "number_cards", "chart": "charts", "card": "links"}
	for block in content:
		if table := shown.get(block["type"]):
			name = block["data"][f"{block['type']}_name"]
			labels = {row.get("label") or row.get("chart_name") for row in workspace[table]}
			labels |= {row.get("number_card_name") for row in workspace[table]}
			assert name in labels, f"{block['type']} {name} is shown but not listed"


@pytest.mark.parametrize("folder", ["desktop_icon", "workspace_sidebar"])
def test_version_16_folders_hold_json_only(folder):
	found = list((APP / folder).iterdir()) if (APP / folder).exists() else []
	assert found, "version 16 shows no tile without it"
	for path in found:
		assert path.suffix == ".json"
		assert load(path)["doctype"]


def test_version_16_sidebar_lists_what_the_workspace_lists():
	ours = {
		path.parent.name
		for kind in ("doctype", "report", "page")
		for path in APP.glob(f"client_ledger/{kind}/*/*.json")
	}
	sidebar = load(APP / "workspace_sidebar" / "client_ledger.json")["items"]
	listed = [(row["link_type"], row["link_to"]) for row in sidebar if row["type"] == "Link"]
	workspace = load(APP / "client_ledger/workspace/client_ledger/client_ledger.json")["links"]
	wanted = {(row["link_type"], row["link_to"]) for row in workspace if row["type"] == "Link"}
	wanted = {row for row in wanted if row[1].lower().replace(" ", "_").replace("-", "_") in ours}
	# A document of ERPNext would leave its own sidebar for ours, wherever it is opened from.
	assert set(listed) == {*wanted, ("Workspace", "Client Ledger")}
	assert len(listed) == len(set(listed))


def strings(node: ast.AST) -> list[str]:
	return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def dotted_paths() -> list[str]:
	hooks = ast.parse((APP / "hooks.py").read_text(encoding="utf-8"))
	return sorted({text for text in strings(hooks) if DOTTED.match(text)})


def patches() -> list[str]:
	lines = (APP / "patches.txt").read_text().splitlines()
	return [line.split("#")[0].strip() for line in lines if line.strip() and line[0] not in "[#"]


@pytest.mark.parametrize("path", dotted_paths())
def test_hooks_point_to_functions_in_the_tree(path):
	module, _, name = path.rpartition(".")
	assert name in names_defined(module), path


@pytest.mark.parametrize("patch", patches())
def test_patches_are_in_the_tree(patch):
	assert "execute" in names_defined(patch)


def names_defined(module: str) -> set[str]:
	"""Return what a module of the tree defines at its top, found without importing it (it may need Frappe)."""
	path = ROOT.joinpath(*module.split("."))
	source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
	assert source.exists(), f"no module {module}"
	tree = ast.parse(source.read_text(encoding="utf-8"))
	return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)} | {
		alias.asname or alias.name
		for node in tree.body
		if isinstance(node, ast.ImportFrom)
		for alias in node.names
	}


def assets() -> list[str]:
	hooks = ast.parse((APP / "hooks.py").read_text(encoding="utf-8"))
	return sorted({t for t in strings(hooks) if re.search(r"\.(js|css|scss)$", t)})


@pytest.mark.parametrize("asset", assets())
def test_assets_named_in_hooks_are_in_the_tree(asset):
	if asset.startswith("/assets/client_ledger/"):
		assert (APP / "public" / asset.removeprefix("/assets/client_ledger/")).exists()
	elif ".bundle." in asset:
		stem = asset.rsplit(".", 1)[0]
		assert any(p.name.startswith(stem + ".") for p in (APP / "public").rglob("*.bundle.*"))
	else:
		assert (APP / asset).exists()


def whitelisted() -> list[tuple[Path, ast.FunctionDef]]:
	found = []
	for path in sorted(APP.rglob("*.py")):
		if path.relative_to(APP).parts[0] in ("doctype", "report"):
			continue
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.FunctionDef) and "whitelist" in ast.dump(ast.List(node.decorator_list)):
				found.append((path, node))
	return found


@pytest.mark.parametrize("found", whitelisted(), ids=lambda f: f"{f[0].stem}.{f[1].name}")
def test_whitelisted_functions_are_annotated_and_name_their_method(found):
	path, function = found
	arguments = [a for a in function.args.args + function.args.kwonlyargs if a.arg not in ("self", "cls")]
	assert all(argument.annotation for argument in arguments)
	assert function.returns
	assert "methods" in ast.dump(ast.List(function.decorator_list)), "say methods=[...]"
	assert "from __future__ import annotations" not in path.read_text(), "it switches the validation off"


def test_form_scripts_parse():
	node = shutil.which("node")
	if not node:
		pytest.skip("node is not installed: form scripts were not parsed")
	scripts = [p for p in APP.rglob("*.js") if not {"dist", "static", "node_modules"} & set(p.parts)]
	assert scripts
	command = [node, "--no-warnings", "--experimental-vm-modules", "-e", PARSE_SCRIPTS, *map(str, scripts)]
	done = subprocess.run(command, text=True, capture_output=True)
	assert done.returncode == 0, done.stderr
	assert int(done.stdout) == len(scripts)


def test_a_script_that_does_not_parse_is_found(tmp_path):
	node = shutil.which("node")
	if not node:
		pytest.skip("node is not installed: form scripts were not parsed")
	for name, source in (("script.js", "let a = ;"), ("module.js", 'import { a } from "b"\nlet a;')):
		(tmp_path / name).write_text(source, encoding="utf-8")
		command = [node, "--no-warnings", "--experimental-vm-modules", "-e", PARSE_SCRIPTS, tmp_path / name]
		done = subprocess.run(command, text=True, capture_output=True)
		assert done.returncode and name in done.stderr


def test_the_short_paths_lead_to_the_module():
	for name in ("doctype", "report"):
		link = APP / name
		assert link.is_symlink()
		assert link.readlink() == Path("client_ledger") / name


def test_setup_py_is_a_shim_and_the_version_is_one():
	assert len((ROOT / "setup.py").read_text().strip().splitlines()) <= 3
	assert importlib.util.find_spec("client_ledger").origin.startswith(str(APP))
