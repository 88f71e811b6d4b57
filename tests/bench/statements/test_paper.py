"""The papers that go along: a company's own print format, a letter head that is gone, names that look like HTML, a full disk."""

import io

import frappe
import pytest
from frappe.core.doctype.file.file import File
from frappe.utils import add_days
from pypdf import PdfReader

from client_ledger.outbox import decisions
from client_ledger.site.doctypes import CUSTOMER_STATEMENT, LEDGER_NOTICE
from client_ledger.statement_runs import api, kept, statement_rows
from tests.bench import factories as f
from tests.bench.accounts import refused
from tests.bench.dunning.setting import COMPANY, at, make_debtor
from tests.bench.dunning.smtp import flush, html
from tests.bench.statements.setting import last_month, make_schedule, statement, work

FROM, AS_OF = last_month()
NAME, OTHER = "Paper Ada", "Paper Bob"
FORMAT = "Our Own Statement"
DESIGN = "<h1>OWN DESIGN {{ doc.stated.customer_name }}</h1>{% for line in doc.stated.lines %}<p>{{ line.voucher.name }}: {{ line.debit }}</p>{% endfor %}"
NASTY = "<b>Ada</b> & <script>alert(1)</script> #panic()"


@pytest.fixture(autouse=True)
def ledger() -> None:
	for name in (NAME, OTHER):
		make_debtor(name, language="en")
		f.make_invoice(name, 123.45, add_days(FROM, 2))


def text_of(content: bytes) -> str:
	return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def sent_pdf(name: str) -> str:
	row = statement(name)
	((_file_name, content),) = statement_rows.read_files(row.name, [row.pdf])
	return text_of(content)


def reason_of(name: str) -> str:
	return frappe.db.get_value(LEDGER_NOTICE, statement(name).notice, "reason_detail") or ""


def test_a_companys_own_print_format(mailbox, assets):
	design = frappe.new_doc("Print Format")
	design.update({"name": FORMAT, "doc_type": CUSTOMER_STATEMENT, "custom_format": 1, "html": DESIGN})
	design.update({"standard": "No", "print_format_type": "Jinja"})
	design.insert()
	make_schedule(customers=(NAME, OTHER), attach_pdf=1, print_format=FORMAT)
	work()
	assert f"OWN DESIGN {NAME}" in sent_pdf(NAME) and "123.45" in sent_pdf(NAME)
	# Told once more, and printed from the form, it is the same paper.
	again = api.stated_file(statement(NAME).name)
	assert f"OWN DESIGN {NAME}" in text_of(again.get_data())
	assert f"OWN DESIGN {NAME}" in frappe.get_print(CUSTOMER_STATEMENT, statement(NAME).name, FORMAT)
	design.db_set("disabled", 1)
	with refused(match="disabled or no longer there"):
		api.stated_file(statement(NAME).name)


def test_the_own_print_format_that_is_the_default_is_taken_for_statements_that_people_send(mailbox, assets):
	design = frappe.new_doc("Print Format")
	design.update({"name": FORMAT, "doc_type": CUSTOMER_STATEMENT, "custom_format": 1, "html": DESIGN})
	design.update({"standard": "No", "print_format_type": "Jinja"})
	design.insert()
	frappe.make_property_setter(
		{"doctype": CUSTOMER_STATEMENT, "doctype_or_field": "DocType", "property": "default_print_format", "value": FORMAT}
	)  # fmt: skip
	frappe.clear_cache(doctype=CUSTOMER_STATEMENT)
	try:
		api.send_statement(NAME, COMPANY, coverage="Both", from_date=str(FROM))
		assert f"OWN DESIGN {NAME}" in sent_pdf(NAME)
	finally:
		frappe.db.delete("Property Setter", {"doc_type": CUSTOMER_STATEMENT})
		frappe.clear_cache(doctype=CUSTOMER_STATEMENT)


def test_a_letter_head_that_is_gone_is_told_and_nothing_is_lost(mailbox):
	frappe.db.set_value("Company", COMPANY, "default_letter_head", "Burnt")
	frappe.clear_document_cache("Company", COMPANY)
	make_schedule(customers=(NAME,), attach_pdf=1)
	work()
	row = statement(NAME)
	assert row.status == "Failed" and not row.figures
	assert "Burnt" in reason_of(NAME) and "no longer there" in reason_of(NAME)
	assert NAME in api.stated_page(row.name)["html"]
	frappe.db.set_value("Company", COMPANY, "default_letter_head", None)
	frappe.clear_document_cache("Company", COMPANY)
	decisions.try_again([row.notice])
	work(at(0, 12))
	assert statement(NAME).status == "Sending" and statement(NAME).pdf


def test_raw_html_in_a_name_is_text_everywhere(mailbox):
	frappe.db.set_value("Customer", NAME, "customer_name", NASTY)
	make_schedule(customers=(NAME,), attach_pdf=1)
	work()
	flush()
	(mail,) = mailbox.to("paper_ada@debtor.example")
	for page in (html(mail), api.stated_page(statement(NAME).name)["html"]):
		assert "<script>alert" not in page and "<b>Ada" not in page
	assert NASTY in sent_pdf(NAME)
	assert kept.stated(statement(NAME)).customer_name == NASTY


def test_a_disk_that_is_full_for_a_while(mailbox, monkeypatch):
	"""The second file of the first customer does not fit: neither of its two stays, the others go out, it goes out later, once."""
	written: list[str] = []
	real = File.write_file

	def write_file(self):
		if self.attached_to_doctype == CUSTOMER_STATEMENT:
			written.append(self.file_name)
			if len(written) == 2:
				raise OSError(28, "No space left on device")
		return real(self)

	monkeypatch.setattr(File, "write_file", write_file)
	make_schedule(customers=(NAME, OTHER), attach_pdf=1, attach_xlsx=1)
	work()
	became = {statement(name).status: name for name in (NAME, OTHER)}
	assert set(became) == {"Failed", "Sending"} and len(written) == 4
	failed, other = became["Failed"], became["Sending"]
	assert "No space left" in reason_of(failed) and "disk" in reason_of(failed)
	row = statement(failed)
	assert (row.figures, row.pdf, row.xlsx) == (None, None, None)
	assert not frappe.db.exists("File", {"attached_to_name": row.name})
	monkeypatch.undo()
	work(at(0, 12))
	flush()
	assert {statement(name).status for name in (failed, other)} == {"Sent"}
	assert len(mailbox.received) == 2
	assert len(frappe.get_all("File", {"attached_to_name": row.name})) == 2
