"""One legal number on two invoices, where a site has a field of its own for it: a new column, so on the scratch site."""

import pytest
from frappe.custom.doctype.custom_field.custom_field import create_custom_field

from tests.bench import factories as f
from tests.bench.controls import setting as s

ONE, OTHER = "Controlled Fapiao One", "Controlled Fapiao Other"


@pytest.fixture(scope="module", autouse=True)
def _company(scratch_site) -> None:
	create_custom_field(
		"Sales Invoice",
		{"fieldname": "fapiao_no", "label": "Fapiao No", "fieldtype": "Data", "insert_after": "po_no"},
	)
	s.make_company()
	for name in (ONE, OTHER):
		f.make_customer(name)


def test_one_legal_number_twice():
	one = f.make_invoice(ONE, 271, s.day(20), company=s.COMPANY, fapiao_no="04400 2300111")
	other = f.make_invoice(OTHER, 314, s.day(10), company=s.COMPANY, fapiao_no="０４４００２３００１１１")
	assert s.names("number_repeat") == {one.name, other.name}
	other.reload()
	other.cancel()
	assert not s.names("number_repeat")
