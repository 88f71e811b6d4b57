"""The Ledger tab's server side: figures, pages, prints and exports of one customer, and who may have them."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import frappe
import pytest
from frappe.utils import add_days, get_datetime, getdate, now_datetime, nowdate
from frappe.utils.pdf import get_pdf
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from pypdf import PdfReader

from client_ledger.core.statements.difference import unexplained
from client_ledger.core.statements.figures import StatementFigures
from client_ledger.core.statements.parts import Coverage
from client_ledger.ledger import frappe_database
from client_ledger.ledger.frappe_database import FrappeDatabase
from client_ledger.ledger.period_ledgers import period_ledgers
from client_ledger.ledger.reader import Scope
from client_ledger.ledger.site import site_ledger
from client_ledger.ledger_tab import api
from client_ledger.paper import fonts, xlsx
from client_ledger.paper import pdf as engine
from client_ledger.setup.custom_fields import get_custom_fields
from client_ledger.site import open_voucher_cache
from client_ledger.statements import letter_head, printing
from client_ledger.statements.changes import changes_since, figures_now
from client_ledger.statements.figures import statement_figures
from client_ledger.statements.style import site_style
from tests.bench import factories as f

pytestmark = pytest.mark.one_transaction

HOME, ABROAD, STRANGER, NOBODY = "Tab Home", "Tab Abroad", "Tab Stranger", "Tab Nobody"
LONG = "Tab Long"
NASTY = "=1+1 & <Nobody>"
SECOND = "Second Ledger Company"


def day(offset: int) -> str:
	return str(getdate(add_days(nowdate(), offset)))


@pytest.fixture(scope="module", autouse=True)
def documents() -> dict:
	"""A customer at home with two companies, one in euros, one nobody trades with."""
	f.make_company()
	f.make_company(SECOND)
	f.make_customer(HOME)
	f.make_customer(ABROAD, "EUR", [f.COMPANY])
	f.make_customer(STRANGER)
	f.make_customer(NOBODY).db_set("customer_name", NASTY)
	late = f.make_invoice(HOME, 1000, day(-100), due_date=day(-70))
	paid = f.make_invoice(HOME, 300, day(-90), due_date=day(-60))
	terms = f.make_invoice(HOME, 500, day(-20), terms=[(10, 40), (40, 60)])
	made = {
		"late": late,
		"paid": paid,
		"terms": terms,
		"payment": f.make_payment(HOME, 300, day(-50), against=[(paid, 300)]),
		"part": f.make_payment(HOME, 400, day(-40), against=[(late, 400)]),
		"advance": f.make_payment(HOME, 50, day(-5)),
		"order": f.make_order(HOME, 700, day(-3)),
		"second": f.make_invoice(HOME, 40, day(-10), company=SECOND),
		"euro": f.make_invoice(ABROAD, 100, day(-10), due_date=day(20)),
	}
	late.db_set("po_no", "Purchase 4711")
	made["part"].db_set("reference_no", "Bank 100%")
	f.make_invoice(STRANGER, 10, day(-1))
	return made


def pages(customer: str, limit: int, **filters) -> Iterator[dict]:
	"""Yield every line of the ledger, page by page."""
	after = None
	while True:
		page = api.customer_ledger_page(customer, f.COMPANY, after=after, limit=limit, **filters)
		yield from page["lines"]
		after = page["next"]
		if not after:
			return


def test_the_figures_of_a_customer():
	head = api.customer_ledger(HOME, f.COMPANY)
	figures = head["figures"][0]
	assert [row["currency"] for row in head["figures"]] == ["USD"]
	assert figures["balance"] == 1000 - 400 + 500 - 50
	assert figures["overdue"] == 600 + 200
	assert figures["unallocated"] == 50
	assert head["base"] == {"balance": 1050, "overdue": 800, "unallocated": 50}
	assert head["oldest"] == {"due_date": day(-70), "days": 70}
	assert head["unbilled"]["orders"] == 700
	assert [order["unbilled"] for order in head["orders"]] == [700]
	assert sum(bucket["amount"] for bucket in head["ageing"]["buckets"]) == figures["balance"]
	assert api.gl_reconciliation(HOME, f.COMPANY)["difference"] == 0
	assert head["company_balance"] == api.gl_reconciliation(HOME, f.COMPANY)["payment_ledger"] == 1050
	assert head["companies"] == sorted([f.COMPANY, SECOND])


def test_without_a_company_it_is_the_users_own_or_the_one_with_the_largest_balance():
	frappe.defaults.set_user_default("company", SECOND)
	try:
		assert api.customer_ledger(HOME)["company"] == SECOND
		assert api.customer_ledger(STRANGER)["company"] == f.COMPANY
	finally:
		frappe.defaults.clear_user_default("company")


def test_pages_join_without_a_gap_and_the_balance_runs():
	lines = list(pages(HOME, 2))
	assert len(lines) == len({line["name"] for line in lines}) == 6
	assert [line["date"] for line in lines] == sorted((line["date"] for line in lines), reverse=True)
	assert lines[0]["balance"] == 1050
	for newer, older in pairwise(lines):
		assert newer["balance"] - newer["debit"] + newer["credit"] == pytest.approx(older["balance"])
	assert lines[-1]["balance"] == lines[-1]["debit"] - lines[-1]["credit"]


def test_every_movement_says_where_it_stands(documents):
	lines = {line["name"]: line for line in pages(HOME, 50)}
	late, paid = lines[documents["late"].name], lines[documents["paid"].name]
	assert (late["status"], late["outstanding"], late["days_late"]) == ("Overdue", 600, 70)
	assert (paid["status"], paid["due_date"], paid["days_late"]) == ("Paid", day(-60), 10)
	assert lines[documents["advance"].name]["status"] == "Credit"
	payment = lines[documents["payment"].name]
	assert payment["status"] == "Settled"
	assert [voucher["name"] for voucher in payment["against"]] == [documents["paid"].name]


def test_open_items_and_their_buckets_add_up():
	head = api.customer_ledger(HOME, f.COMPANY)
	items = list(pages(HOME, 2, open_only=True))
	assert len(items) == head["open_items"] == 4
	assert items[0]["balance"] == 1050
	for bucket in head["ageing"]["buckets"]:
		shown = pages(HOME, 50, bucket=bucket["key"])
		assert sum(line["outstanding"] for line in shown) == bucket["amount"]


def test_the_ledger_of_an_earlier_day():
	head = api.customer_ledger(HOME, f.COMPANY, day(-60))
	assert head["base"]["balance"] == 1300
	assert head["base"]["overdue"] == 1000
	lines = api.customer_ledger_page(HOME, f.COMPANY, day(-60))["lines"]
	assert [line["status"] for line in lines] == ["Not Due", "Overdue"]


def test_a_customer_in_another_currency():
	head = api.customer_ledger(ABROAD, f.COMPANY)
	figures = head["figures"][0]
	assert (figures["currency"], figures["balance"]) == ("EUR", 100)
	assert (head["company_currency"], head["base"]["balance"]) == ("USD", 110)
	assert head["ageing"]["currency"] == "EUR"
	line = api.customer_ledger_page(ABROAD, f.COMPANY, currency="EUR")["lines"][0]
	assert (line["debit"], line["base_debit"]) == (100, 110)
	assert api.customer_ledger_page(ABROAD, f.COMPANY, currency="USD")["lines"] == []


def test_how_a_customer_pays(documents):
	history = api.customer_payment_history(HOME, f.COMPANY)
	assert (history["days_late"], history["days_to_pay"], history["invoices_paid"]) == (10, 40, 1)
	assert len(history["months"]) == 24
	assert sum(month["billed"] for month in history["months"]) == 1800
	assert sum(month["received"] for month in history["months"]) == 750


def test_a_customer_without_transactions():
	head = api.customer_ledger(NOBODY)
	assert not head["has_entries"] and not head["orders"]
	assert api.gl_reconciliation(NOBODY, f.COMPANY) is None
	assert api.customer_ledger_page(NOBODY, f.COMPANY) == {"lines": [], "next": None}


def test_a_difference_to_the_general_ledger_names_its_vouchers(documents):
	name = documents["late"].name
	row = {"voucher_no": name, "party": HOME}
	frappe.db.set_value("GL Entry", row, "debit", 990)
	tie = api.gl_reconciliation(HOME, f.COMPANY)
	frappe.db.set_value("GL Entry", row, "debit", 1000)
	assert tie["difference"] == -10
	assert [(v["name"], v["payment_ledger"], v["general_ledger"]) for v in tie["vouchers"]] == [
		(name, 1000, 990)
	]


# --- finding ---


def found(text: str, limit: int = 50, **filters) -> list[str]:
	return [line["name"] for line in pages(HOME, limit, find=text, **filters)]


def test_everything_is_found_by_what_people_know_of_it(documents):
	names = {key: document.name for key, document in documents.items()}
	assert found("4711") == [names["late"]]
	assert found("bank 100%") == [names["part"]]
	assert found(names["late"].lower()) == [names["part"], names["late"]]
	assert found(names["paid"]) == [names["payment"], names["paid"]]
	assert found("1,000.00") == [names["late"]]
	assert found("%") == found("nothing has this") == []
	assert found("4711", open_only=True) == [names["late"]]
	assert len(found(" ")) == 6


def test_what_is_found_is_paged_and_keeps_the_balance_of_the_whole_ledger(documents):
	everything = {line["name"]: line for line in pages(HOME, 50)}
	prefix = documents["late"].name[:4]
	lines = list(pages(HOME, 1, find=prefix))
	assert len(lines) > 2
	assert lines == [everything[line["name"]] for line in lines]
	assert [line["name"] for line in lines] == found(prefix)


def test_only_documents_that_the_user_may_read_are_looked_into(documents):
	login("tab.sales", ("Sales User",))
	may_read = frappe.has_permission("Payment Entry", "read")
	assert found("bank 100%") == ([documents["part"].name] if may_read else [])
	assert not may_read
	assert found(documents["part"].name) == [documents["part"].name]


# --- long ledgers ---


@pytest.fixture
def remembered(monkeypatch) -> Iterator[None]:
	"""As if a customer with more than two entries had a long ledger, and everything made here were committed.

	Without a margin: what is remembered would otherwise be all that the tests made today.
	"""
	monkeypatch.setattr(open_voucher_cache, "LONG", 2)
	monkeypatch.setattr(open_voucher_cache, "MARGIN", timedelta(0))
	writes, frappe.db.transaction_writes = frappe.db.transaction_writes, 0
	yield
	frappe.db.transaction_writes = writes
	open_voucher_cache.forget(HOME, STRANGER)


def test_a_long_ledger_is_the_same_by_what_is_remembered(remembered, documents, monkeypatch):
	ledger, today = site_ledger(), getdate()
	monkeypatch.setattr(open_voucher_cache, "MARGIN", timedelta(days=-1))
	head = api.customer_ledger(HOME, lines=50)
	known = open_voucher_cache.recall(ledger, HOME, [f.COMPANY], today)
	settled = {documents["paid"].name, documents["payment"].name}
	assert {documents["late"].name, documents["terms"].name} <= {voucher.name for voucher in known}
	assert not settled & {voucher.name for voucher in known}
	assert api.customer_ledger(HOME, lines=50) == head
	assert api.customer_ledger(HOME, lines=50, bypass_cache=True) == head
	assert open_voucher_cache.recall(ledger, HOME, [f.COMPANY], add_days(today, -1)) is None
	assert open_voucher_cache.recall(ledger, HOME, ["No Company of These"], today) is None
	assert open_voucher_cache.recall(ledger, STRANGER, [f.COMPANY], today) is None


def test_what_happened_since_is_added_to_what_is_remembered(remembered):
	f.make_customer(LONG)
	paid = f.make_invoice(LONG, 300, day(-90), due_date=day(-60))
	payment = f.make_payment(LONG, 300, day(-50), against=[(paid, 300)])
	f.make_invoice(LONG, 70, day(-20), due_date=day(-5))
	frappe.db.transaction_writes = 0

	def figures() -> tuple[float, float]:
		head = api.customer_ledger(LONG, f.COMPANY, lines=50)
		assert open_voucher_cache.recall(site_ledger(), LONG, [f.COMPANY], getdate()) is not None
		assert api.customer_ledger(LONG, f.COMPANY, lines=50) == head
		return head["base"]["balance"], head["base"]["overdue"]

	assert figures() == (70, 70)
	new = f.make_invoice(LONG, 25, day(0))
	assert figures() == (95, 70)
	unlink(payment)
	assert figures() == (95, 370)
	payment.reload()
	payment.cancel()
	assert figures() == (395, 370)
	new.reload()
	new.cancel()
	assert figures() == (370, 370)
	open_voucher_cache.forget(LONG)


def unlink(payment) -> None:
	"""Unreconcile a payment, as if its customer's ledger were remembered again before that is committed."""
	unreconcile = frappe.get_doc(
		{
			"doctype": "Unreconcile Payment",
			"company": payment.company,
			"voucher_type": payment.doctype,
			"voucher_no": payment.name,
		}
	)
	unreconcile.add_references()
	before = frappe.cache.hget(open_voucher_cache._KEY, payment.party)
	unreconcile.insert().submit()
	assert frappe.cache.hget(open_voucher_cache._KEY, payment.party) is None
	frappe.cache.hset(open_voucher_cache._KEY, payment.party, before)


def test_what_is_not_committed_is_not_remembered(monkeypatch):
	monkeypatch.setattr(open_voucher_cache, "LONG", 2)
	frappe.db.set_value("Customer", STRANGER, "website", "https://example.com")
	api.customer_ledger(HOME)
	assert open_voucher_cache.recall(site_ledger(), HOME, [f.COMPANY], getdate()) is None


# --- the database ---

COLLATIONS = ("utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin", "utf8mb4_unicode_520_ci")


@pytest.fixture(params=COLLATIONS)
def collation(request) -> Iterator[str]:
	"""A connection that gives its texts another collation than the tables may have."""
	if frappe.db.db_type != "mariadb":
		pytest.skip("only MariaDB mixes collations")
	((before,),) = frappe.db.sql("select @@collation_connection")
	frappe.db.sql("set collation_connection = %s", request.param)
	yield request.param
	frappe.db.sql("set collation_connection = %s", before)


def test_texts_are_compared_as_the_ledger_is_and_the_connection_is_left_as_it_was(collation):
	frappe_database._collations.clear_cache()
	try:
		((own,),) = frappe.db.sql(
			"""select collation_name from information_schema.columns where table_schema = database()
			and table_name = 'tabPayment Ledger Entry' and column_name = 'party'"""
		)
		asking = FrappeDatabase()
		assert asking.rows("select @@collation_connection", {}) == ((own,),)
		with pytest.raises(frappe.db.ProgrammingError):
			asking.rows("select 1 from `tabNo Such Table`", {})
		assert frappe.db.sql("select @@collation_connection") == ((collation,),)
	finally:
		frappe_database._collations.clear_cache()


def test_no_text_of_the_ledger_mixes_collations(collation, documents, monkeypatch):
	monkeypatch.setattr(frappe_database, "_collations", lambda: None)
	ledger, today, customers = site_ledger(), getdate(), (HOME, ABROAD)
	scope, everybody = Scope((f.COMPANY,), customers), Scope((f.COMPANY,))
	for read in (scope, everybody):
		assert ledger.open_items(read, today)
		for reading in (ledger.reconcile, ledger.trade_rows, ledger.monthly):
			assert reading(read, today)
		assert ledger.activity(read, getdate(day(-365)), today)
		assert ledger.unbilled(read) and ledger.unbilled_orders(read)
		ledger.unbilled_deliveries(read)
		assert period_ledgers(ledger, read, getdate(day(-60)), today)
	assert ledger.settlements(scope, today)
	assert api.customer_ledger(HOME, f.COMPANY, lines=50, bypass_cache=True)["page"]["lines"]
	assert ledger.history(HOME, (f.COMPANY,), getdate(day(-60)), today)
	assert ledger.differences(HOME, (f.COMPANY,), today) == []
	assert ledger.moved_after(HOME, (f.COMPANY,), getdate(day(-60)))
	assert ledger.changed_since(HOME, get_datetime(day(-1)))
	assert found(documents["late"].name, limit=1)
	assert found("300.00")


# --- who may see it ---

ENDPOINTS: list[Callable] = [
	api.customer_ledger,
	api.customer_ledger_page,
	api.gl_reconciliation,
	api.customer_payment_history,
	api.customer_ledger_print,
	api.customer_ledger_xlsx,
]


def login(name: str, roles: tuple[str, ...], permissions: tuple = ()) -> None:
	frappe.set_user("Administrator")
	user = f.make_user(f"{name}@example.com", roles, permissions).name
	frappe.clear_cache(user=user)
	frappe.set_user(user)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.__name__)
def test_every_endpoint_refuses_whoever_may_not_read_the_customer(endpoint):
	login("tab.employee", ("Employee",))
	with pytest.raises(frappe.PermissionError):
		endpoint(HOME, f.COMPANY)
	login("tab.other", ("Sales User",), (("Customer", STRANGER),))
	with pytest.raises(frappe.PermissionError):
		endpoint(HOME, f.COMPANY)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.__name__)
def test_every_endpoint_keeps_companies_apart(endpoint):
	login("tab.second", ("Sales User",), (("Company", SECOND),))
	with pytest.raises(frappe.PermissionError):
		endpoint(HOME, f.COMPANY)
	assert endpoint(HOME, SECOND)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.__name__)
def test_every_endpoint_only_reads(endpoint):
	assert frappe.allowed_http_methods_for_whitelisted_func[endpoint] == ["GET"]


@pytest.mark.parametrize("role", ["Sales User", "Sales Manager", "Accounts User"])
def test_a_reader_of_customers_sees_the_ledger_and_links_only_to_what_opens(role):
	login(f"tab.{frappe.scrub(role)}", (role,))
	assert api.customer_ledger(HOME, f.COMPANY)["base"]["balance"] == 1050
	for line in pages(HOME, 50):
		assert line["readable"] == frappe.has_permission(line["doctype"], "read", line["name"])


def test_a_restricted_user_is_shown_no_other_company():
	login("tab.second", ("Sales User",), (("Company", SECOND),))
	head = api.customer_ledger(HOME)
	assert (head["company"], head["companies"]) == (SECOND, [SECOND])


# --- on paper and in Excel ---


def sheet_of(response) -> list[tuple]:
	book = load_workbook(io.BytesIO(b"".join(response.response)))
	return list(book.active.iter_rows(values_only=True))


def test_the_workbook_runs_from_opening_to_closing_balance():
	rows = sheet_of(api.customer_ledger_xlsx(HOME, f.COMPANY, from_date=day(-60)))
	header = next(i for i, row in enumerate(rows) if row[0] == "Date")
	column = {name: i for i, name in enumerate(rows[header])}
	opening, *lines, closing = rows[header + 1 :]
	assert (opening[1], opening[column["Balance"]]) == ("Opening Balance", 1300)
	assert (closing[1], closing[column["Balance"]]) == ("Closing Balance", 1050)
	debit = sum(row[column["Debit"]] for row in lines)
	credit = sum(row[column["Credit"]] for row in lines)
	assert 1300 + debit - credit == 1050


def test_the_workbook_of_open_items_and_of_another_currency():
	rows = sheet_of(api.customer_ledger_xlsx(HOME, f.COMPANY, open_only=True))
	assert rows[-1][1] == "Closing Balance" and rows[-1][10] == 1050
	rows = sheet_of(api.customer_ledger_xlsx(ABROAD, f.COMPANY))
	assert rows[-1][7] == "EUR" and rows[-1][10] == 100 and rows[-1][14] == 110


def test_a_text_that_looks_like_a_formula_stays_a_text():
	statement = statement_figures(f.COMPANY, NOBODY, getdate())
	for name in (NASTY, *(f"{sign}1+1" for sign in ("=", "+", "-", "@", "\t", "\r"))):
		file = io.BytesIO()
		xlsx.write(replace(statement, customer_name=name), site_style(), file)
		cell = load_workbook(file).active["B1"]
		# openpyxl leaves Excel's way of writing a carriage return to its reader.
		assert (unescape(cell.value), cell.data_type, cell.quotePrefix) == (name, "s", True)


def test_the_print_shows_every_document_and_escapes_names(documents):
	html = api.customer_ledger_print(HOME, f.COMPANY).get_data(as_text=True)
	for key in ("late", "paid", "terms", "payment", "advance"):
		assert documents[key].name in html
	assert "1,050.00" in html
	html = api.customer_ledger_print(NOBODY, f.COMPANY).get_data(as_text=True)
	assert "=1+1 &amp; &lt;Nobody&gt;" in html and "<Nobody>" not in html


@pytest.fixture
def converter_only(monkeypatch):
	"""A site without the fast engine."""
	monkeypatch.delattr(engine, "typst", raising=False)


def test_a_pdf_or_advice(monkeypatch, converter_only):
	monkeypatch.setattr(printing, "get_pdf", lambda html, options: b"%PDF-" + html.encode()[:10])
	response = api.customer_ledger_print(HOME, f.COMPANY, file_format="pdf")
	assert response.mimetype == "application/pdf"

	def no_program(html, options):
		raise OSError("No wkhtmltopdf executable found")

	monkeypatch.setattr(printing, "get_pdf", no_program)
	with pytest.raises(frappe.ValidationError, match="Use Print instead"):
		api.customer_ledger_print(HOME, f.COMPANY, file_format="pdf")
	frappe.db.set_value("Customer", NOBODY, "customer_name", "上海宏远")
	monkeypatch.setattr(fonts, "system_has_chinese", lambda: False)
	with pytest.raises(frappe.ValidationError, match="no font with Chinese characters"):
		api.customer_ledger_print(NOBODY, f.COMPANY, file_format="pdf")
	monkeypatch.setattr(printing, "MOST_PDF_ROWS", 2)
	with pytest.raises(frappe.ValidationError, match="too many for a PDF"):
		api.customer_ledger_print(HOME, f.COMPANY, file_format="pdf")


LETTER_HEAD = """<table width="100%"><tr><td><h2>{{ doc.company }} &amp; 上海</h2></td><td align="right">Pier 3<br>1 Harbour Way</td></tr></table>"""


def test_the_fast_engine_with_a_letter_head_and_when_it_steps_aside(monkeypatch, documents):
	"""The letter head is set by ERPNext's converter once; too tall a one, or Arabic, makes the converter set all of it."""
	head = frappe.get_doc(
		{"doctype": "Letter Head", "letter_head_name": "Harbour", "source": "HTML", "content": LETTER_HEAD}
	)
	head.insert()
	frappe.db.set_value("Company", f.COMPANY, "default_letter_head", head.name)
	frappe.clear_document_cache("Company", f.COMPANY)
	converted = []

	def converter(html, options):
		converted.append(html)
		return get_pdf(html, options)

	monkeypatch.setattr(letter_head, "get_pdf", converter)
	monkeypatch.setattr(printing, "get_pdf", lambda html, options: b"%PDF by the converter " + html.encode())

	def text_of(customer: str = HOME) -> str:
		content = api.customer_ledger_print(customer, f.COMPANY, file_format="pdf").get_data()
		if content.startswith(b"%PDF by"):
			return content.decode()
		text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
		return " ".join(text.split())

	text = text_of()
	for expected in (documents["late"].name, "1,050.00", "Harbour Way", "上海", f.COMPANY, "Page 1 of 1"):
		assert expected in text
	made = len(converted)
	assert "Harbour Way" in text_of() and len(converted) == made > 1
	# Raw HTML and the engine's own markup are text.
	for name in (NASTY, "#panic() $x$ *b* <script>"):
		frappe.db.set_value("Customer", NOBODY, "customer_name", name)
		assert name in text_of(NOBODY)
	frappe.db.set_value("Customer", NOBODY, "customer_name", "شركة")
	assert "%PDF by the converter" in text_of(NOBODY)
	head.db_set("content", LETTER_HEAD + "<div style='height: 200mm'></div>")
	assert "%PDF by the converter" in text_of()


def test_what_leaves_the_desk_is_in_the_access_log():
	api.customer_ledger_xlsx(HOME, f.COMPANY)
	found = frappe.get_all(
		"Access Log", {"reference_document": HOME, "file_type": "XLSX"}, ["user", "method"], limit=1
	)
	assert [(row.user, row.method) for row in found] == [("Administrator", "Customer Ledger")]


# --- what was stated, and what became of it ---


def test_a_kept_statement_is_explained_by_what_was_entered_cancelled_and_redated_since():
	name = f.make_customer("Tab Kept").name
	cancelled = f.make_invoice(name, 100, day(-50))
	redated = f.make_invoice(name, 200, day(-45))
	older, paid = f.make_invoice(name, 70, day(-200)), f.make_invoice(name, 300, day(-30))
	kept = statement_figures(f.COMPANY, name, getdate(day(-20)), getdate(day(-90)), Coverage.BOTH)
	kept, made_on = StatementFigures.from_json(kept.to_json()), now_datetime()
	assert changes_since(kept, made_on) == []
	entered = f.make_invoice(name, 12.34, day(-25))
	cancelled.cancel()
	amended = f.amend(redated, set_posting_time=1, posting_date=day(-40), due_date=day(-10))
	payment = f.make_payment(name, 120, day(-22), against=[(paid, 120)])
	older.cancel()
	now = figures_now(kept)
	found = changes_since(kept, made_on, now)
	assert unexplained(kept, now, found) == ({}, 0)
	assert {
		(d.voucher.name if d.voucher else None): ([c.value for c in d.changes], d.amount) for d in found
	} == {
		None: (["Before the Period"], -70),
		older.name: (["Cancelled Since"], 0),
		cancelled.name: (["Cancelled Since"], -100),
		amended.name: (["Redated"], 0),
		entered.name: (["Entered Since"], Decimal("12.34")),
		payment.name: (["Entered Since"], -120),
		paid.name: (["Allocation Changed"], 0),
	}
	assert next(d.replaces.name for d in found if d.replaces) == redated.name


# --- the form ---


def test_the_tab_stands_early_and_its_anchors_exist():
	fields = [field.fieldname for field in frappe.get_meta("Customer").fields]
	for field in get_custom_fields()["Customer"]:
		assert field["insert_after"] in fields
		assert fields[fields.index(field["insert_after"]) + 1] == field["fieldname"]
	assert fields.index("cl_ledger_tab") < fields.index("contact_and_address_tab")


def test_the_amounts_are_the_ledgers_own():
	items = site_ledger().open_items(api.make_request(HOME, f.COMPANY, None).scope, getdate(nowdate()))
	assert sum((item.base_outstanding for item in items), Decimal(0)) == 1050
