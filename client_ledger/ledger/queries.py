"""The ledger's SQL. Plain texts for MariaDB, Postgres and SQLite alike; the covering indexes in
client_ledger.ledger.indexes are made for them. Each says what its columns are.
"""

IN_LEDGER = """
where ple.party_type = 'Customer'
	and ple.account in %(accounts)s
	and ple.delinked = 0
	and ple.posting_date <= %(as_of)s"""
LEDGER = f"""
from `tabPayment Ledger Entry` ple{IN_LEDGER}"""

OF_CUSTOMERS = " and ple.party in %(customers)s"
# With their types, so that the index leads to each of them.
_AGAINST = " and ple.against_voucher_type in %(doctypes)s and ple.against_voucher_no in %(vouchers)s"
_ENTRY_COLUMNS = """
select ple.posting_date, ple.party, ple.account, ple.voucher_type, ple.voucher_no,
	ple.against_voucher_type, ple.against_voucher_no, ple.amount_in_account_currency, ple.amount"""

BASE_TOTAL = "coalesce(nullif(si.base_rounded_total, 0), si.base_grand_total)"
_TOTAL = "coalesce(nullif(si.rounded_total, 0), si.grand_total)"
# An amount in invoice currency is null where it is the one in company currency: a driver's time goes into values.
_INVOICE_AMOUNTS = f"nullif({_TOTAL}, {BASE_TOTAL}), {BASE_TOTAL}"
# What the reader needs of an invoice.
_INVOICE = f"""si.posting_date, si.due_date, si.customer, si.debit_to, si.return_against,
	case when si.is_return = 1 and si.update_outstanding_for_self = 0 then 1 end,
	{_INVOICE_AMOUNTS}"""

RECEIVABLE_ACCOUNTS = """
select account.name, account.company, account.account_currency, company.default_currency
from `tabAccount` account
inner join `tabCompany` company on company.name = account.company
where account.account_type = 'Receivable' and account.is_group = 0
order by account.name"""


READ_TERMS, READ_INVOICE = 1, 2


def balances(of_customers: bool, of_vouchers: bool = False) -> str:
	"""Every voucher that is not settled; of_vouchers: only of the vouchers named. Its columns:

	customer, account
	against type        null: a Sales Invoice
	against no
	amount              account currency; null: the base amount
	base amount         company currency
	posting date        of the submitted invoice, as the next three; null where the voucher is none
	due date
	base total          null: the balance's base amount
	what else to read   null: nothing; READ_TERMS where it is due in several terms; READ_INVOICE where it is a return, or
	                    of another customer, account or currency than the balance; their sum where both

	Orders are included even where their entries cancel out, because they count for other vouchers. Repeated values are
	null, because the driver's time goes into values. Settled vouchers are left out in the outer query, where the sums
	have names: databases merge that condition into the grouping and sum each amount once.
	"""
	return f"""
select balance.customer, balance.account, nullif(balance.voucher_type, 'Sales Invoice'), balance.voucher_no,
	nullif(balance.amount, balance.base_amount), balance.base_amount,
	si.posting_date, si.due_date, nullif({BASE_TOTAL}, balance.base_amount),
	nullif(case when exists (
			select 1 from `tabPayment Schedule` ps
			where ps.parent = balance.voucher_no and ps.parenttype = 'Sales Invoice' and ps.idx = 2
		) then {READ_TERMS} else 0 end
		+ case when si.customer <> balance.customer or si.debit_to <> balance.account or si.return_against <> ''
			or {_TOTAL} <> {BASE_TOTAL} then {READ_INVOICE} else 0 end, 0)
from (
	select ple.party as customer, ple.account as account,
		ple.against_voucher_type as voucher_type, ple.against_voucher_no as voucher_no,
		sum(ple.amount_in_account_currency) as amount, sum(ple.amount) as base_amount
	{LEDGER}{OF_CUSTOMERS if of_customers else ""}{_AGAINST if of_vouchers else ""}
	group by ple.party, ple.account, ple.against_voucher_type, ple.against_voucher_no
) balance
left join `tabSales Invoice` si
	on balance.voucher_type = 'Sales Invoice' and si.name = balance.voucher_no and si.docstatus = 1
where balance.base_amount <> 0 or balance.amount <> 0 or balance.voucher_type in %(advance_doctypes)s"""


def origins() -> str:
	"""customer, account, type, no, first posting date, own amount, own base amount, of the vouchers named."""
	return f"""
select ple.party, ple.account, ple.voucher_type, ple.voucher_no, min(ple.posting_date),
	sum(ple.amount_in_account_currency), sum(ple.amount)
{LEDGER} and ple.voucher_no in %(vouchers)s
group by ple.party, ple.account, ple.voucher_type, ple.voucher_no"""


def entries_against(of_customers: bool = False) -> str:
	"""Entries against the vouchers named."""
	return f"{_ENTRY_COLUMNS}{LEDGER}{_AGAINST}{OF_CUSTOMERS if of_customers else ''}"


def entries(of_customers: bool) -> str:
	"""All entries."""
	return f"{_ENTRY_COLUMNS}{LEDGER}{OF_CUSTOMERS if of_customers else ''}"


def entries_of() -> str:
	"""Entries of the vouchers named, by name alone."""
	return f"{_ENTRY_COLUMNS}{LEDGER} and ple.voucher_type in %(doctypes)s and ple.voucher_no in %(vouchers)s"


def crossing_entries(of_customers: bool) -> str:
	"""Entries of payments and journal entries that touch several of the accounts of one customer."""
	whose = OF_CUSTOMERS if of_customers else ""
	return f"""{_ENTRY_COLUMNS}
from `tabPayment Ledger Entry` ple
inner join (
	select ple.party as customer, ple.voucher_type as voucher_type, ple.voucher_no as voucher_no
	{LEDGER}{whose} and ple.voucher_type in ('Journal Entry', 'Payment Entry')
	group by ple.party, ple.voucher_type, ple.voucher_no
	having min(ple.account) <> max(ple.account)
) crossing on crossing.customer = ple.party and crossing.voucher_type = ple.voucher_type
	and crossing.voucher_no = ple.voucher_no{IN_LEDGER}"""


INVOICES = f"""
select si.name, {_INVOICE}
from `tabSales Invoice` si
where si.docstatus = 1 and si.name in %(vouchers)s"""

INVOICES_OF_CUSTOMERS = f"""
select si.name, {_INVOICE}
from `tabSales Invoice` si
where si.docstatus = 1 and si.customer in %(customers)s and si.posting_date <= %(as_of)s"""

JOURNALS = """
select je.name, je.due_date, je.bill_no, je.voucher_type
from `tabJournal Entry` je
where je.name in %(vouchers)s"""

TERMS = """
select ps.parent, ps.due_date, ps.payment_term, ps.payment_amount, ps.base_payment_amount,
	ps.paid_amount, ps.base_paid_amount, ps.discounted_amount,
	si.currency, si.party_account_currency, si.conversion_rate
from `tabPayment Schedule` ps
inner join `tabSales Invoice` si on si.name = ps.parent
where ps.parenttype = 'Sales Invoice' and si.is_return = 0 and ps.parent in %(vouchers)s
order by ps.parent, ps.due_date, ps.idx"""

TERM_PAYMENTS_AFTER = """
select ref.reference_name, ref.payment_term, sum(ref.allocated_amount)
from `tabPayment Entry Reference` ref
inner join `tabPayment Entry` pe on pe.name = ref.parent
where ref.reference_doctype = 'Sales Invoice' and ref.reference_name in %(vouchers)s
	and coalesce(ref.payment_term, '') <> '' and pe.docstatus = 1 and pe.posting_date > %(as_of)s
group by ref.reference_name, ref.payment_term"""

# Invoices with more than one term.
IN_TERMS = """
select ps.parent
from `tabPayment Schedule` ps
where ps.parenttype = 'Sales Invoice' and ps.parent in %(vouchers)s
group by ps.parent
having count(*) > 1"""

TERM_PAYMENTS = """
select ref.reference_name, ref.payment_term, pe.posting_date, sum(ref.allocated_amount)
from `tabPayment Entry Reference` ref
inner join `tabPayment Entry` pe on pe.name = ref.parent
where ref.reference_doctype = 'Sales Invoice' and ref.reference_name in %(vouchers)s
	and coalesce(ref.payment_term, '') <> '' and pe.docstatus = 1
group by ref.reference_name, ref.payment_term, pe.posting_date"""

# One customer's entries in the order of the ledger, newest first. No index has this order, which turns twice,
# so the entries to sort are narrowed by date before.
_PAGE_ORDER = """
order by ple.posting_date desc, ple.voucher_type asc, ple.voucher_no desc, ple.account desc"""


# Strictly older than a voucher, in the order of the ledger.
_OLDER = """
	and (ple.posting_date < %(posting_date)s or ple.posting_date = %(posting_date)s and (
		ple.voucher_type > %(voucher_type)s or ple.voucher_type = %(voucher_type)s
		and ple.voucher_no < %(voucher_no)s))"""


def newest_dates(older: bool) -> str:
	"""Posting dates of one customer's newest entries, or of the newest ones older than a voucher, newest first."""
	return f"""
select ple.posting_date
{LEDGER} and ple.party = %(customer)s{_OLDER if older else ""}
order by ple.posting_date desc
limit %(limit)s"""


def page(older: bool) -> str:
	"""The newest entries of one customer since a date, or the newest ones older than a voucher."""
	return f"""{_ENTRY_COLUMNS}{LEDGER} and ple.party = %(customer)s and ple.posting_date >= %(since)s
	{_OLDER if older else ""}{_PAGE_ORDER}
limit %(limit)s"""


def search(older: bool, named: bool, amount: bool) -> str:
	"""posting date, type, no: one customer's vouchers that hold a text in their name or in that of what they settle,
	that are named, or that are over an amount; newest first, or the newest older than a voucher.
	"""
	holds = " or ".join(
		[
			"lower(ple.voucher_no) like %(pattern)s escape '|'",
			"lower(ple.against_voucher_no) like %(pattern)s escape '|'",
			*(["ple.voucher_no in %(vouchers)s"] if named else []),
			*([_is_amount(column) for column in _AMOUNTS] if amount else []),
			*([f"ple.voucher_no in ({_VOUCHERS_OVER})"] if amount else []),
		]
	)
	return f"""
select distinct ple.posting_date, ple.voucher_type, ple.voucher_no
{LEDGER} and ple.party = %(customer)s and ({holds}){_OLDER if older else ""}
order by ple.posting_date desc, ple.voucher_type asc, ple.voucher_no desc
limit %(limit)s"""


def _is_amount(value: str) -> str:
	return f"abs(abs({value}) - %(amount)s) < 0.005"


_AMOUNTS = ("ple.amount_in_account_currency", "ple.amount")
_VOUCHERS_OVER = f"""
	select ple.voucher_no {LEDGER} and ple.party = %(customer)s
	group by ple.account, ple.voucher_type, ple.voucher_no
	having {" or ".join(_is_amount(f"sum({column})") for column in _AMOUNTS)}"""

# posting date, account, amount, base amount: one customer's entries, day by day.
DAY_TOTALS = f"""
select ple.posting_date, ple.account, sum(ple.amount_in_account_currency), sum(ple.amount)
{LEDGER} and ple.party = %(customer)s
group by ple.posting_date, ple.account"""

# One customer's entries of some days, oldest first, in the order of the ledger.
ENTRIES_OF_DAYS = f"""{_ENTRY_COLUMNS}{LEDGER} and ple.party = %(customer)s and ple.posting_date in %(days)s
order by ple.posting_date asc, ple.voucher_type desc, ple.voucher_no asc, ple.account asc"""


def history() -> str:
	"""One customer's entries from a date on, oldest first, in the order of the ledger."""
	return f"""{_ENTRY_COLUMNS}{LEDGER} and ple.party = %(customer)s and ple.posting_date >= %(since)s
order by ple.posting_date asc, ple.voucher_type desc, ple.voucher_no asc, ple.account asc"""


def period_entries(of_customers: bool) -> str:
	"""All entries from a date on."""
	return f"{entries(of_customers)} and ple.posting_date >= %(since)s"


def totals(older: bool) -> str:
	"""account, amount, base amount, number of entries: one customer's entries, or those older than a voucher."""
	return f"""
select ple.account, sum(ple.amount_in_account_currency), sum(ple.amount), count(*)
{LEDGER} and ple.party = %(customer)s{_OLDER if older else ""}
group by ple.account"""


def trade_lines(of_customers: bool, since: bool = False) -> str:
	"""Every submitted invoice that is in the ledger, or every such one moved since a date: customer, account, name,
	what is open in account currency, date of the last entry that moved it, number of such entries, posting date, due
	date, amount in its own currency (null where that is the company's) and in company currency, its own account.
	"""
	return f"""
select balance.customer, balance.account, balance.voucher_no, balance.amount, balance.moved_on, balance.moves,
	si.posting_date, si.due_date, {_INVOICE_AMOUNTS}, si.debit_to
from (
	select ple.party as customer, ple.account as account, ple.against_voucher_no as voucher_no,
		sum(ple.amount_in_account_currency) as amount,
		max(case when ple.amount_in_account_currency <> 0 then ple.posting_date end) as moved_on,
		sum(case when ple.amount_in_account_currency <> 0 then 1 else 0 end) as moves
	{LEDGER}{OF_CUSTOMERS if of_customers else ""}
		and ple.against_voucher_type = 'Sales Invoice'
	group by ple.party, ple.account, ple.against_voucher_type, ple.against_voucher_no
) balance
inner join `tabSales Invoice` si on si.name = balance.voucher_no
where si.docstatus = 1 and si.is_return = 0 and si.posting_date <= %(as_of)s{_MOVED_SINCE if since else ""}"""


# What is of an invoice in another account than its own counts with what is in that, whenever it moved.
_MOVED_SINCE = " and (balance.moved_on >= %(since)s or balance.account <> si.debit_to)"


def ledger_balances(of_customers: bool) -> str:
	"""customer, account, base amount, amount: payment ledger."""
	return f"""
select ple.party, ple.account, sum(ple.amount), sum(ple.amount_in_account_currency)
{LEDGER}{OF_CUSTOMERS if of_customers else ""}
group by ple.party, ple.account"""


def account_activity(of_customers: bool) -> str:
	"""customer, account, base amount, amount, number of entries since a date: payment ledger."""
	return f"""
select ple.party, ple.account, sum(ple.amount), sum(ple.amount_in_account_currency),
	sum(case when ple.posting_date >= %(since)s then 1 else 0 end)
{LEDGER}{OF_CUSTOMERS if of_customers else ""}
group by ple.party, ple.account"""


ACCOUNTS_WITH_ENTRIES = f"""
select account.name
from `tabAccount` account
where account.name in %(accounts)s and (exists (
	select 1 {LEDGER} and ple.party = %(customer)s and ple.account = account.name)
	or exists (
	select 1 from `tabGL Entry` gle
	where gle.party_type = 'Customer' and gle.party = %(customer)s and gle.account = account.name
		and gle.is_cancelled = 0 and gle.posting_date <= %(as_of)s))"""

# One row where a customer has so many entries, none where it has fewer.
IS_LONG = """
select 1
from `tabPayment Ledger Entry` ple
where ple.party_type = 'Customer' and ple.party = %(customer)s
limit 1 offset %(entries)s"""

# against type, against no: what entries of one customer that were made, changed or delinked since are about.
CHANGED_SINCE = """
select distinct ple.against_voucher_type, ple.against_voucher_no
from `tabPayment Ledger Entry` ple
where ple.party_type = 'Customer' and ple.party = %(customer)s and ple.modified >= %(since)s"""

# name: of one customer's invoices that changed since. An entry may be unlinked from an invoice in its place, which only
# the invoice tells, whose outstanding amount is rewritten.
INVOICES_CHANGED_SINCE = """
select si.name
from `tabSales Invoice` si
where si.customer = %(customer)s and si.modified >= %(since)s"""

# against type, against no: what one customer's entries of later days are about.
MOVED_AFTER = """
select distinct ple.against_voucher_type, ple.against_voucher_no
from `tabPayment Ledger Entry` ple
where ple.party_type = 'Customer' and ple.party = %(customer)s and ple.account in %(accounts)s
	and ple.delinked = 0 and ple.posting_date > %(as_of)s"""

# One customer's balance in some accounts. Not grouped, and not by date: a sort takes longer than the sum.
LEDGER_BALANCE = """
select sum(ple.amount)
from `tabPayment Ledger Entry` ple
where ple.party_type = 'Customer' and ple.party = %(customer)s and ple.delinked = 0
	and ple.account in %(accounts)s"""


def general_ledger_balances(of_customers: bool) -> str:
	"""customer, account, base amount: general ledger."""
	return f"""
select gle.party, gle.account, sum(gle.debit - gle.credit)
from `tabGL Entry` gle
where gle.party_type = 'Customer' and gle.account in %(accounts)s and gle.is_cancelled = 0
	and gle.posting_date <= %(as_of)s{" and gle.party in %(customers)s" if of_customers else ""}
group by gle.party, gle.account"""


GENERAL_LEDGER_VOUCHERS = """
select gle.voucher_type, gle.voucher_no, gle.account, sum(gle.debit - gle.credit)
from `tabGL Entry` gle
where gle.party_type = 'Customer' and gle.account in %(accounts)s and gle.is_cancelled = 0
	and gle.posting_date <= %(as_of)s and gle.party = %(customer)s
group by gle.voucher_type, gle.voucher_no, gle.account"""

PAYMENT_LEDGER_VOUCHERS = f"""
select ple.voucher_type, ple.voucher_no, ple.account, sum(ple.amount)
{LEDGER} and ple.party = %(customer)s
group by ple.voucher_type, ple.voucher_no, ple.account"""


def unbilled_orders(of_customers: bool) -> str:
	"""customer, company, amount, number: orders or parts of orders not yet billed, company currency, as ERPNext counts them."""
	return f"""
select so.customer, so.company, sum(so.base_grand_total * (100 - so.per_billed) / 100), count(*)
from `tabSales Order` so
where so.docstatus = 1 and so.per_billed < 100 and so.status <> 'Closed'
	and so.company in %(companies)s{" and so.customer in %(customers)s" if of_customers else ""}
group by so.customer, so.company"""


# A line's share is that of the note's amounts, which are in the note's currency like its own; what lines of orders or
# invoices take of the note is counted there. ERPNext divides by the net total in company currency instead, which
# is the same but for notes in another currency, with a discount on the total or with taxes in their prices.
_UNBILLED_LINES = """
	select dn.customer as customer, dn.company as company, dn.name as name, dn.posting_date as posting_date,
		dn.base_grand_total as base_grand_total, item.amount as amount,
		(select sum(other.amount) from `tabDelivery Note Item` other where other.parent = dn.name) as whole,
		coalesce((select sum(sii.amount) from `tabSales Invoice Item` sii
			where sii.docstatus = 1 and sii.dn_detail = item.name), 0) as billed
	from `tabDelivery Note` dn
	inner join `tabDelivery Note Item` item on item.parent = dn.name
	where dn.docstatus = 1 and dn.status not in ('Closed', 'Stopped') and dn.per_billed < 100
		and coalesce(item.against_sales_order, '') = '' and coalesce(item.against_sales_invoice, '') = ''
		and dn.company in %(companies)s"""
_UNBILLED_SHARE = "sum(line.base_grand_total * (line.amount - line.billed) / line.whole)"
_UNBILLED = "where line.amount > line.billed and line.whole <> 0"


def unbilled_deliveries(of_customers: bool) -> str:
	"""customer, company, amount, number of lines: delivered without order or invoice and not billed since.

	A line's share of the note's grand total, less what invoices took of it.
	"""
	return f"""
select line.customer, line.company, {_UNBILLED_SHARE}, count(*)
from ({_UNBILLED_LINES}{_OF_NOTES if of_customers else ""}
) line
{_UNBILLED}
group by line.customer, line.company"""


def unbilled_delivery_notes(of_customers: bool) -> str:
	"""customer, company, name, posting date, amount: what makes up `unbilled_deliveries`, note by note."""
	return f"""
select line.customer, line.company, line.name, line.posting_date, {_UNBILLED_SHARE}
from ({_UNBILLED_LINES}{_OF_NOTES if of_customers else ""}
) line
{_UNBILLED}
group by line.customer, line.company, line.name, line.posting_date
order by line.posting_date, line.name"""


_OF_NOTES = " and dn.customer in %(customers)s"


def orders(of_customers: bool) -> str:
	"""What makes up `unbilled_orders`, order by order, newest first."""
	return f"""
select so.name, so.transaction_date, so.delivery_date, so.currency, so.company, so.status, so.grand_total,
	so.base_grand_total, so.per_billed, so.customer
from `tabSales Order` so
where so.docstatus = 1 and so.per_billed < 100 and so.status <> 'Closed'
	and so.company in %(companies)s{" and so.customer in %(customers)s" if of_customers else ""}
order by so.transaction_date desc, so.name desc"""


def sales(of_customers: bool) -> str:
	"""customer, company, net billed in company currency since a date, last invoice date."""
	return f"""
select si.customer, si.company,
	sum(case when si.posting_date >= %(since)s then si.base_net_total else 0 end), max(si.posting_date)
from `tabSales Invoice` si
where si.docstatus = 1 and si.posting_date <= %(as_of)s
	and si.company in %(companies)s{" and si.customer in %(customers)s" if of_customers else ""}
group by si.customer, si.company"""


def last_payments(of_customers: bool) -> str:
	"""customer, company, date of the last payment received."""
	return f"""
select pe.party, pe.company, max(pe.posting_date)
from `tabPayment Entry` pe
where pe.docstatus = 1 and pe.party_type = 'Customer' and pe.payment_type = 'Receive'
	and pe.posting_date <= %(as_of)s
	and pe.company in %(companies)s{" and pe.party in %(customers)s" if of_customers else ""}
group by pe.party, pe.company"""
