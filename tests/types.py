"""Writes the block of field types into each DocType's controller, from its JSON: `python -m tests.types`.

Frappe writes the same block when a developer saves a DocType (frappe/types/exporter.py, versions 15 and 16), and ruff then
formats it; this does both without a site.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

MODULE = Path(__file__).resolve().parent.parent / "client_ledger" / "client_ledger"
BEGIN = "# begin: auto-generated types"
END = "# end: auto-generated types"
_BLOCK = re.compile(rf"^\t{BEGIN}\n.*?^\t{END}\n", re.M | re.S)

# The field types that frappe.types.DF defines in both versions; others (HTML, Section Break ...) hold no value.
_DEFINED = {
	"Attach", "Attach Image", "Autocomplete", "Barcode", "Check", "Code", "Color", "Currency", "Data", "Date",
	"Datetime", "Duration", "Dynamic Link", "Float", "HTML Editor", "Int", "JSON", "Link", "Long Text",
	"Markdown Editor", "Password", "Percent", "Phone", "Rating", "Read Only", "Select", "Small Text", "Table",
	"Table MultiSelect", "Text", "Text Editor", "Time",
}  # fmt: skip
_TABLES = ("Table", "Table MultiSelect")
_NEVER_NONE = {"Check", "Currency", "Float", "Int", "Percent", "Rating", "Select", *_TABLES}

Json = Mapping[str, Any]


def doctypes() -> dict[Path, Json]:
	"""Return the DocTypes of the app by their controller's file."""
	paths = sorted(path for path in MODULE.glob("doctype/*/*.json") if path.stem == path.parent.name)
	return {path.with_suffix(".py"): json.loads(path.read_text(encoding="utf-8")) for path in paths}


def class_name(doctype: str) -> str:
	"""Return the controller class of a DocType."""
	return doctype.replace(" ", "").replace("-", "")


def fields_with_types(doctype: Json) -> dict[str, str]:
	"""Return the annotations of a DocType's fields, by field name."""
	found = {
		field["fieldname"]: _annotation(field)
		for field in doctype["fields"]
		if field["fieldtype"] in _DEFINED and (field.get("options") or not field.get("is_virtual"))
	}
	if doctype.get("istable"):
		found |= dict.fromkeys(("parent", "parentfield", "parenttype"), "DF.Data")
	if doctype.get("autoname") == "autoincrement":
		found["name"] = "DF.Int | None"
	return found


def _annotation(field: Json) -> str:
	kind, options = field["fieldtype"], field.get("options")
	if kind == "Select":
		choices = [choice.strip() for choice in options.split("\n")] if options else [None]
		return "DF.Literal" + (json.dumps(choices) if options else "[None]")
	element = f"[{class_name(options)}]" if kind in _TABLES and options else ""
	may_be_none = kind not in _NEVER_NONE and not field.get("not_nullable") and not field.get("reqd")
	return f"DF.{kind.replace(' ', '')}{element}{' | None' if may_be_none else ''}"


def imports(doctype: Json) -> list[str]:
	"""Return the import lines that the annotations need, sorted."""
	tables = {field["options"] for field in doctype["fields"] if field["fieldtype"] in _TABLES}
	found = {"from frappe.types import DF"}
	for table in tables:
		name = table.lower().replace(" ", "_").replace("-", "_")
		found.add(f"from client_ledger.client_ledger.doctype.{name}.{name} import {class_name(table)}")
	return sorted(found)


def block(doctype: Json) -> str:
	"""Return the block of a DocType, indented for its class."""
	lines = sorted(f"{name}: {annotation}" for name, annotation in fields_with_types(doctype).items())
	return _indented(
		[
			BEGIN,
			"# This code is auto-generated. Do not modify anything in this block.",
			"",
			"from typing import TYPE_CHECKING",
			"",
			"if TYPE_CHECKING:",
			*("\t" + line for line in imports(doctype)),
			"",
			*("\t" + line for line in lines),
			END,
		]
	)


def _indented(lines: Iterable[str]) -> str:
	return "".join(f"\t{line}\n" if line else "\n" for line in lines)


def with_block(source: str, doctype: Json) -> str:
	"""Return a controller's text with its block replaced, or put after its class's docstring where it has none."""
	new = block(doctype)
	if _BLOCK.search(source):
		return _BLOCK.sub(lambda _: new, source, count=1)
	wanted = class_name(doctype["name"])
	found = next(
		node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == wanted
	)
	first = found.body[0]
	documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
	at = first.end_lineno if documented else found.lineno
	lines = source.splitlines(keepends=True)
	return "".join([*lines[:at], "\n" * documented, new, "\n", *lines[at:]])


def normal_form(source: str) -> list[str] | None:
	"""Return a controller's block without its layout and the order of its imports; None where it has no block."""
	if not (found := _BLOCK.search(source)):
		return None
	tree = ast.parse("class Block:\n" + found[0])
	statements = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
	annotations = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)]
	return sorted(statements) + annotations


def outdated() -> list[Path]:
	"""Return the controllers whose block is missing or differs from their DocType."""
	return [
		path
		for path, doctype in doctypes().items()
		if normal_form(path.read_text(encoding="utf-8")) != normal_form(block(doctype))
	]


def main() -> None:
	"""Bring the blocks of all controllers up to date, and format what was written."""
	changed = outdated()
	known = doctypes()
	for path in changed:
		path.write_text(with_block(path.read_text(encoding="utf-8"), known[path]), encoding="utf-8")
		print(path.relative_to(MODULE.parent.parent))
	if changed:
		for command in (["check", "--fix", "--select", "I"], ["format"]):
			subprocess.run(
				[sys.executable, "-m", "ruff", *command, "--quiet", *map(str, changed)], check=True
			)


if __name__ == "__main__":
	main()
