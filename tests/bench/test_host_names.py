"""The names of the host that the bare tests take for granted exist on a real one."""

import frappe
import pytest

from tests.host_names import HOST_DOCTYPES, HOST_FIELDS, HOST_ROLES

pytestmark = pytest.mark.every_version


@pytest.mark.parametrize("doctype", HOST_DOCTYPES)
def test_doctype_exists(doctype):
	assert frappe.db.exists("DocType", doctype)


@pytest.mark.parametrize(("doctype", "field"), [(d, f) for d, fields in HOST_FIELDS.items() for f in fields])
def test_field_exists(doctype, field):
	assert frappe.get_meta(doctype).has_field(field)


@pytest.mark.parametrize("role", HOST_ROLES)
def test_role_exists(role):
	assert frappe.db.exists("Role", role)
