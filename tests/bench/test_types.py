"""The types written into controllers are those that this version's own exporter would write."""

import frappe
import pytest
from frappe.types.exporter import TypeExporter

from tests import types

pytestmark = pytest.mark.every_version

DOCTYPES = sorted(doctype["name"] for doctype in types.doctypes().values())


@pytest.mark.parametrize("name", DOCTYPES)
def test_types_are_as_frappe_exports_them(name):
	doctype = next(found for found in types.doctypes().values() if found["name"] == name)
	exporter = TypeExporter(frappe.get_doc("DocType", name))
	assert types.normal_form(exporter._generate_code() + "\n") == types.normal_form(types.block(doctype))
