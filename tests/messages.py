"""Finds every user-facing string of the app, and writes locale/main.pot: `python -m tests.messages`.

Python: _("..."), marked("..."). JavaScript: __("..."). Templates: _("..."). JSON: the fields Frappe translates.

Frappe merges the catalogues of all apps, so an entry of ours would change the same word on every other form. Words that
Frappe and ERPNext translate themselves therefore stand in zh.po under a context only: OURS where our code names it (and
for the preview, which runs without Frappe), the name of a DocType for the labels and options of its fields. One that a
version leaves in English stands there without a context as well; tests/bench/test_chinese.py finds them.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.jslexer import unquote_string
from babel.messages.pofile import read_po, write_po

from client_ledger import __version__
from client_ledger.core import status
from client_ledger.core.collections import disputes, promises, worklist
from client_ledger.core.controls import control as controls
from client_ledger.core.controls import facts as control_facts
from client_ledger.core.credit import concentration, exposure, limits
from client_ledger.core.dunning import plan
from client_ledger.core.early_warnings import record as warning_record
from client_ledger.core.early_warnings import signals as warning_signals
from client_ledger.core.forecast import items as forecast_items
from client_ledger.core.kpis import definitions as kpi_definitions
from client_ledger.core.kpis import formulas as kpi_formulas
from client_ledger.core.kpis import rows as kpi_rows
from client_ledger.core.measured_effect import assignment as trial_assignment
from client_ledger.core.measured_effect import effect as trial_effect
from client_ledger.core.measured_effect import proposals as trial_proposals
from client_ledger.core.receipts import items as receipt_items
from client_ledger.core.reconciliation import differences as ledger_differences
from client_ledger.core.reconciliation import lines as ledger_lines
from client_ledger.core.reconciliation import matches
from client_ledger.core.statements import difference, parts

APP = Path(__file__).resolve().parent.parent / "client_ledger"
POT = APP / "locale" / "main.pot"
CHINESE = APP / "locale" / "zh.po"
OURS = "Client Ledger"

_PYTHON_FUNCTIONS = {"_", "marked", "gettext"}
_JS_STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)"""
_JS_CALL = re.compile(r"\b__\(\s*" + _JS_STRING)
_JS_CONTEXT = re.compile(r"\b__\(\s*" + _JS_STRING + r"\s*,[^()]*?,\s*" + _JS_STRING + r"\s*,?\s*\)")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_JS_ANY_CALL = re.compile(r"\b__\(\s*([^\s\"'`)])")
_TEMPLATE_CALL = re.compile(r"(?<![\w.])_\(\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")
_LABELS = {
	"DocType": ("name", "description"),
	"Report": ("report_name",),
	"Workspace": ("label", "title"),
	"Number Card": ("label",),
	"Dashboard Chart": ("chart_name",),
	"Print Format": ("name",),
	"Page": ("title",),
	"Desktop Icon": ("label",),
	"Workspace Sidebar": ("title",),
}


def files(*suffixes: str) -> Iterator[Path]:
	"""Yield the app's own files with these suffixes, each once (the short links are left out)."""
	for path in sorted(APP.rglob("*")):
		relative = path.relative_to(APP)
		if relative.parts[0] in ("doctype", "report", "locale") or {"dist", "vendor", "static"} & set(
			relative.parts
		):
			continue
		if path.is_file() and path.suffix in suffixes:
			yield path


@lru_cache
def messages() -> dict[str, list[str]]:
	"""Return every message and where it stands (path:line)."""
	found: dict[str, list[str]] = {}
	readers = {".py": python_messages, ".js": js_messages, ".html": template_messages, ".json": json_messages}
	for path in files(*readers):
		for message, line in readers[path.suffix](path):
			if message.strip():
				found.setdefault(message, []).append(f"{path.relative_to(APP).as_posix()}:{line}")
	for value in status_values():
		found.setdefault(value, []).append("core/status.py:1")
	for value in workflow_words():
		found.setdefault(value, []).append("setup/workflows.py:1")
	return found


@lru_cache
def contexts() -> set[tuple[str, str]]:
	"""Return the messages that code translates in a context, as (message, context)."""
	found = set()
	for path in files(".py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and getattr(node.func, "id", None) in _PYTHON_FUNCTIONS:
				named = [k.value for k in node.keywords if k.arg == "context"]
				found |= {
					(node.args[0].value, value.value) for value in named if _literal(node.args[0], value)
				}
	for path in files(".js"):
		for match in _JS_CONTEXT.finditer(path.read_text(encoding="utf-8")):
			found.add((unquote_string(match.group(1)), unquote_string(match.group(2))))
	return found


def _literal(*nodes: ast.expr) -> bool:
	return all(isinstance(node, ast.Constant) for node in nodes)


@lru_cache
def doctype_words() -> set[tuple[str, str]]:
	"""Return the labels and options of our DocTypes, as (message, DocType): Frappe translates these in that context."""
	found = set()
	for path in files(".json"):
		data = json.loads(path.read_text(encoding="utf-8"))
		if isinstance(data, dict) and data.get("doctype") == "DocType":
			found |= {(message, data["name"]) for message in _document_messages(data)}
	fields = APP / "setup" / "custom_fields.py"
	return found | {(message, "Customer") for message, _line in python_messages(fields)}


def status_values() -> set[str]:
	"""Return the values of the core's statuses and segments, which are translated where they are shown."""
	modules = (
		status, plan, limits, exposure, concentration, promises, disputes, difference, parts, ledger_differences,
		ledger_lines, matches, receipt_items, forecast_items, kpi_definitions, kpi_formulas, kpi_rows,
		controls, control_facts,
		warning_signals, warning_record, trial_assignment, trial_effect, trial_proposals,
	)  # fmt: skip
	found = [value for module in modules for value in vars(module).values()]
	kinds = [kind for kind in found if isinstance(kind, type) and issubclass(kind, Enum)]
	labels = {member.value for kind in [*kinds, worklist.OffReason] for member in kind}
	return labels | set(worklist.DEFAULT_RULES)


def workflow_words() -> set[str]:
	"""Return the states and actions of our workflows, which Frappe's forms translate."""
	tree = ast.parse((APP / "setup/workflows.py").read_text(encoding="utf-8"))
	assignments = [node for node in tree.body if isinstance(node, ast.Assign)]
	unpacked = [node for node in assignments if isinstance(node.targets[0], ast.Tuple)]
	return {
		text.value for node in unpacked for text in ast.walk(node.value) if isinstance(text, ast.Constant)
	}


def python_messages(path: Path) -> Iterable[tuple[str, int]]:
	"""Yield the literal first arguments of translation calls, and the labels of fields, which Frappe translates."""
	for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
		if isinstance(node, ast.Dict):
			yield from _labels(node)
		if not (isinstance(node, ast.Call) and node.args):
			continue
		name = getattr(node.func, "id", getattr(node.func, "attr", None))
		if name in _PYTHON_FUNCTIONS and isinstance(node.args[0], ast.Constant):
			yield str(node.args[0].value), node.lineno


def _labels(node: ast.Dict) -> Iterable[tuple[str, int]]:
	for key, value in zip(node.keys, node.values, strict=True):
		if not (isinstance(key, ast.Constant) and isinstance(value, ast.Constant)):
			continue
		if key.value in ("label", "description") and isinstance(value.value, str):
			yield value.value, value.lineno


def js_messages(path: Path) -> Iterable[tuple[str, int]]:
	"""Yield the literal first arguments of __()."""
	text = path.read_text(encoding="utf-8")
	for match in _JS_CALL.finditer(text):
		literal = match.group(1)
		message = literal[1:-1] if literal[0] == "`" else unquote_string(literal)
		yield message, text.count("\n", 0, match.start()) + 1


def js_computed(path: Path) -> Iterable[int]:
	"""Yield the lines where __() is given no literal, which no extractor can see."""
	text = path.read_text(encoding="utf-8")
	for match in _JS_ANY_CALL.finditer(text):
		yield text.count("\n", 0, match.start()) + 1


def template_messages(path: Path) -> Iterable[tuple[str, int]]:
	"""Yield the literal arguments of _() in Jinja templates, and of __() in the scripts inside them."""
	text = path.read_text(encoding="utf-8")
	for match in _TEMPLATE_CALL.finditer(text):
		yield ast.literal_eval(match.group(1)), text.count("\n", 0, match.start()) + 1
	yield from js_messages(path)


def json_messages(path: Path) -> Iterable[tuple[str, int]]:
	"""Yield what Frappe translates of an exported document."""
	data = json.loads(path.read_text(encoding="utf-8"))
	for document in data if isinstance(data, list) else [data]:
		if isinstance(document, dict) and "doctype" in document:
			for message in _document_messages(document):
				yield message, 1


def _document_messages(document: dict) -> Iterable[str]:
	for key in _LABELS.get(document["doctype"], ()):
		yield document.get(key) or ""
	fields = document.get("fields") or []
	if document["doctype"] == "Report":
		fields = fields + (document.get("filters") or [])
	for field in fields:
		if field.get("hidden"):
			continue
		yield field.get("label") or ""
		yield field.get("description") or ""
		if field.get("fieldtype") == "Select" and field.get("options"):
			# Keys are no words: the form shows labels for them, which stand in its script.
			yield from (option for option in field["options"].split("\n") if not _KEY.fullmatch(option))
	for table in ("links", "shortcuts", "number_cards", "charts", "quick_lists", "items"):
		rows = document.get(table)
		for row in rows if isinstance(rows, list) else []:
			yield row.get("label") or ""
	if document["doctype"] == "Workspace":
		for block in json.loads(document.get("content") or "[]"):
			yield re.sub(r"<[^>]+>", "", block.get("data", {}).get("text", "") or "")


def catalog(found: Mapping[str, Iterable[str]]) -> Catalog:
	"""Return the template catalogue of messages with their places."""
	pot = _empty()
	for message, places in sorted(found.items()):
		pot.add(message, locations=[(place.rsplit(":", 1)[0], 0) for place in dict.fromkeys(places)])
	return pot


def chinese() -> Catalog:
	"""Return the Simplified Chinese catalogue."""
	with CHINESE.open("rb") as file:
		return read_po(file, locale="zh")


def update() -> None:
	"""Write main.pot, and bring zh.po into line with it: what is new is there untranslated, what is gone is gone."""
	pot, po = catalog(messages()), chinese()
	for target, catalogue in ((POT, pot), (CHINESE, _merged(po, pot))):
		with target.open("wb") as file:
			# Places stand in the template only: a file that moves changes no translation.
			write_po(
				file,
				catalogue,
				no_location=target is CHINESE,
				include_lineno=False,
				sort_output=True,
				width=110,
			)


def _empty(locale: str | None = None) -> Catalog:
	return Catalog(
		locale=locale,
		header_comment="# Client Ledger. GPL-3.0-or-later, like the app.",
		project="Client Ledger",
		version=__version__,
		# Fixed, so that a catalogue differs only where its messages do.
		creation_date=datetime(2026, 11, 27),
		msgid_bugs_address="hello@client-ledger.example",
		last_translator="The Client Ledger founders <hello@client-ledger.example>",
		language_team="The Client Ledger founders",
		fuzzy=False,
	)


def _merged(po: Catalog, pot: Catalog) -> Catalog:
	merged = _empty("zh")
	wanted = {message.id: message.locations for message in pot if message.id}
	in_context = contexts() | {(text, OURS) for text in wanted} | doctype_words()
	kept = [message for message in po if message.context and (message.id, message.context) in in_context]
	for message in kept:
		merged.add(message.id, message.string, context=message.context)
	ours = {message.id for message in kept if message.context == OURS and message.string}
	for text, context in contexts() - {(message.id, message.context) for message in kept}:
		merged.add(text, "", context=context)
	for text, locations in wanted.items():
		known = po.get(text)
		if text not in ours or known:
			merged.add(text, known.string if known else "", locations=locations)
	return merged


def translations() -> dict[str, str]:
	"""Return the Chinese of every message of ours, whether of its own or under OURS."""
	found = {}
	for message in chinese():
		if message.id and message.context in (None, OURS):
			found.setdefault(message.id, message.string)
	return found


if __name__ == "__main__":
	update()
	missing = [message.id for message in chinese() if message.id and not message.string]
	print(f"{len(messages())} messages, {len(missing)} without Chinese")
	for message in missing:
		print(f"  {message}")
