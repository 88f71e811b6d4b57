"""The sample, exported as ERPNext exports and imported again, leaves the same open items to the cent."""

from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from client_ledger.ledger.reader import Scope
from client_ledger.preview.importing.load import Wishes, import_files
from client_ledger.preview.store import ledger_file, posting
from tests.preview import exports
from tests.preview.conftest import TODAY


@pytest.fixture(scope="module")
def exported(documents):
	"""What the two exports hold: journals and orders are in neither."""
	return replace(documents, journals=[], orders=[], deliveries=[])


def open_items(path, documents):
	connection = ledger_file.open_store(path)
	ledger = ledger_file.ledger(connection)
	found = {}
	for company in documents.companies:
		for item in ledger.open_items(Scope((company.name,)), TODAY):
			key = (company.name, item.customer, item.voucher, item.due_date, item.term, item.currency)
			amounts = found.setdefault(key, [Decimal(0), Decimal(0)])
			amounts[0] += item.outstanding
			amounts[1] += item.base_outstanding
		ties = ledger.reconcile(Scope((company.name,)), TODAY)
		assert not [key for key, tie in ties.items() if tie.difference]
	connection.close()
	return found


@pytest.fixture(scope="module")
def expected(exported, tmp_path_factory):
	path = tmp_path_factory.mktemp("expected") / "expected.sqlite"
	connection = ledger_file.create(path)
	posting.post_all(connection, exported)
	connection.close()
	return open_items(path, exported)


def check(tmp_path, exported, expected, *files):
	path = tmp_path / "imported.sqlite"
	result = import_files(files, path, Wishes())
	cancelled = sum(invoice.cancelled for invoice in exported.invoices)
	assert result.invoices == len(exported.invoices) - cancelled
	assert result.payments == len(exported.payments)
	assert [file.skipped for file in result.files] == [cancelled, 0]
	found = open_items(path, exported)
	assert len(found) > 30
	assert {key: amounts[0] for key, amounts in found.items()} == {k: a[0] for k, a in expected.items()}
	# In company currency a foreign invoice paid in parts is rounded part by part.
	off = {
		key: (found[key][1], expected[key][1])
		for key in found
		if abs(found[key][1] - expected[key][1]) > Decimal("0.02")
	}
	assert not off


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_data_import_export(tmp_path, exported, expected, language, encoding):
	headers = [exports.invoice_header(), exports.payment_header()]
	if language == "zh":
		headers = [exports.chinese(header) for header in headers]
	invoices = exports.write_csv(
		tmp_path / "Sales Invoice.csv", [headers[0], *exports.invoice_rows(exported)], encoding
	)
	payments = exports.write_csv(
		tmp_path / "Payment Entry.csv", [headers[1], *exports.payment_rows(exported)], encoding
	)
	check(tmp_path, exported, expected, invoices, payments)


def test_report_view_repeats_the_document_on_each_child(tmp_path, exported, expected):
	headers = ["Sr", *exports.invoice_header()], ["Sr", *exports.payment_header("Payment Entry Reference")]
	rows = [[i, *row] for i, row in enumerate(exports.invoice_rows(exported, repeat=True), start=1)]
	total = [len(rows) + 1, "Total", *[""] * (len(headers[0]) - 2)]
	invoices = exports.write_csv(tmp_path / "invoices.csv", [headers[0], *rows, total])
	rows = [[i, *row] for i, row in enumerate(exports.payment_rows(exported, repeat=True), start=1)]
	payments = exports.write_csv(tmp_path / "payments.csv", [headers[1], *rows])
	check(tmp_path, exported, expected, invoices, payments)


def test_workbook(tmp_path, exported, expected):
	files = []
	for name, header, rows in (
		("invoices", exports.invoice_header(), exports.invoice_rows(exported)),
		("payments", exports.payment_header(), exports.payment_rows(exported)),
	):
		book = openpyxl.Workbook(write_only=True)
		sheet = book.create_sheet(name)
		sheet.append(header)
		for row in rows:
			sheet.append([float(v) if isinstance(v, Decimal) else v for v in row])
		files.append(tmp_path / f"{name}.xlsx")
		book.save(files[-1])
	check(tmp_path, exported, expected, *files)


def test_data_export_with_its_block_of_explanations(tmp_path, exported, expected):
	invoice_fields = [
		"name", "customer", "customer_name", "posting_date", "due_date", "company", "currency", "conversion_rate",
		"grand_total", "base_grand_total", "is_return", "return_against", "update_outstanding_for_self", "status",
		"paid_amount", "party_account_currency",
	]  # fmt: skip
	payment_fields = [
		"name", "payment_type", "posting_date", "company", "party_type", "party", "party_name", "paid_amount",
		"paid_from_account_currency", "source_exchange_rate", "base_paid_amount", "received_amount",
		"paid_to_account_currency", "target_exchange_rate", "base_received_amount", "status",
	]  # fmt: skip

	def written(values):
		return [v.strftime("%d-%m-%Y") if hasattr(v, "strftime") else v for v in values]

	rows = exports.data_export(
		"Sales Invoice", "Payment Schedule", "payment_schedule", invoice_fields,
		["payment_term", "due_date", "payment_amount"],
		((written(exports.invoice_values(exported, i)), [written(t) for t in exports.term_values(i)]) for i in exported.invoices),
	)  # fmt: skip
	invoices = exports.write_csv(tmp_path / "invoices.csv", rows)
	rows = exports.data_export(
		"Payment Entry", "Payment Entry Reference", "references", payment_fields,
		["reference_doctype", "reference_name", "allocated_amount", "payment_term"],
		((written(exports.payment_values(exported, p)), exports.reference_values(p)) for p in exported.payments),
	)  # fmt: skip
	payments = exports.write_csv(tmp_path / "payments.csv", rows)
	check(tmp_path, exported, expected, invoices, payments)


def test_invoices_first_and_payments_later(tmp_path, exported, expected):
	path = tmp_path / "imported.sqlite"
	invoices = exports.write_csv(
		tmp_path / "invoices.csv", [exports.invoice_header(), *exports.invoice_rows(exported)]
	)
	payments = exports.write_csv(
		tmp_path / "payments.csv", [exports.payment_header(), *exports.payment_rows(exported)], separator=";"
	)
	import_files([invoices], path, Wishes())
	import_files([payments], path, Wishes())
	found = open_items(path, exported)
	assert {key: amounts[0] for key, amounts in found.items()} == {k: a[0] for k, a in expected.items()}
