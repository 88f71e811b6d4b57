"""The app as the site sees it: this checkout, installed, with every hook resolving."""

from pathlib import Path

import frappe
import pytest

import client_ledger

pytestmark = pytest.mark.every_version

ROOT = Path(__file__).resolve().parents[2]


def dotted(value) -> list[str]:
	"""Return the dotted paths of ours in a hook's value, however nested."""
	if isinstance(value, str):
		return [value] if value.startswith("client_ledger.") and " " not in value else []
	if isinstance(value, dict):
		value = value.values()
	elif not isinstance(value, list | tuple):
		return []
	return [path for part in value for path in dotted(part)]


def test_the_code_under_test_is_this_checkout():
	assert Path(client_ledger.__file__).resolve().parent == ROOT / "client_ledger"
	assert Path(frappe.get_app_path("client_ledger")).resolve() == ROOT / "client_ledger"


def test_the_app_is_installed_after_erpnext():
	apps = frappe.get_installed_apps()
	assert apps.index("erpnext") < apps.index("client_ledger")


def test_every_dotted_path_in_our_hooks_resolves():
	paths = {path for path in dotted(frappe.get_hooks(app_name="client_ledger")) if "/" not in path}
	assert paths
	for path in sorted(paths):
		assert callable(frappe.get_attr(path)), path


@pytest.mark.parametrize("doctype", ["DocType", "Report", "Workspace"])
def test_our_documents_are_on_the_site(doctype):
	folder = {"DocType": "doctype", "Report": "report", "Workspace": "workspace"}[doctype]
	module = ROOT / "client_ledger" / "client_ledger" / folder
	ours = [path for path in module.glob("*/*.json") if path.stem == path.parent.name]
	on_site = frappe.get_all(doctype, {"module": "Client Ledger"}, pluck="name")
	assert {frappe.scrub(name) for name in on_site} >= {path.stem for path in ours}
