"""The block of field types that tests.types writes into controllers."""

from tests import types

DOCTYPE = {
	"name": "Some Thing",
	"fields": [
		{"fieldname": "title", "fieldtype": "Data", "reqd": 1},
		{"fieldname": "status", "fieldtype": "Select", "options": "\nOpen\nDone"},
		{"fieldname": "free", "fieldtype": "Select"},
		{"fieldname": "rows", "fieldtype": "Table", "options": "Thing Row"},
		{"fieldname": "note", "fieldtype": "Small Text"},
		{"fieldname": "amount", "fieldtype": "Currency"},
		{"fieldname": "tab", "fieldtype": "Tab Break"},
		{"fieldname": "shown", "fieldtype": "HTML"},
		{"fieldname": "virtual", "fieldtype": "Data", "is_virtual": 1},
	],
}
CONTROLLER = '''from frappe.model.document import Document


class SomeThing(Document):
	"""A thing."""

	def validate(self) -> None:
		"""Check it."""
'''


def test_fields_get_the_types_of_frappe():
	assert types.fields_with_types(DOCTYPE) == {
		"title": "DF.Data",
		"status": 'DF.Literal["", "Open", "Done"]',
		"free": "DF.Literal[None]",
		"rows": "DF.Table[ThingRow]",
		"note": "DF.SmallText | None",
		"amount": "DF.Currency",
	}


def test_a_child_knows_its_parent():
	found = types.fields_with_types({"fields": [], "istable": 1})
	assert found == {"parent": "DF.Data", "parentfield": "DF.Data", "parenttype": "DF.Data"}


def test_a_block_goes_behind_the_docstring_and_is_replaced_in_place():
	written = types.with_block(CONTROLLER, DOCTYPE)
	assert written.index('"""A thing."""') < written.index(types.BEGIN) < written.index("def validate")
	assert types.normal_form(written) == types.normal_form(types.block(DOCTYPE))
	assert types.with_block(written, DOCTYPE) == written
	changed = types.with_block(written, {**DOCTYPE, "fields": DOCTYPE["fields"][:1]})
	assert "amount" not in changed and "title: DF.Data" in changed and "def validate" in changed


def test_a_controller_without_a_block_is_outdated():
	assert types.normal_form(CONTROLLER) is None
