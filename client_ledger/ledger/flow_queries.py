"""SQL texts of what moved accounts, for MariaDB, Postgres and SQLite alike. Each says what its columns are.

Where customers are read apart, each row begins with the customer.
"""

from client_ledger.ledger.queries import BASE_TOTAL, IN_LEDGER, LEDGER, OF_CUSTOMERS

_SINCE = f"{LEDGER} and ple.posting_date >= %(since)s"
_DEBIT = "sum(case when ple.amount > 0 then ple.amount else 0 end)"
_CREDIT = "sum(case when ple.amount < 0 then ple.amount else 0 end)"


def _entries(of_customers: bool) -> str:
	return _SINCE + (OF_CUSTOMERS if of_customers else "")


def _customer(by_customer: bool, column: str = "ple.party") -> str:
	return f"{column}, " if by_customer else ""


def daily_totals(of_customers: bool, by_customer: bool) -> str:
	"""posting date, type, debits, credits (negative), company currency.

	Grouped by what the index of one customer's movements has in order, so that nothing is sorted.
	"""
	who = _customer(by_customer)
	return f"""
select {who}ple.posting_date, ple.voucher_type, {_DEBIT}, {_CREDIT}
{_entries(of_customers)}
group by {who}ple.posting_date, ple.voucher_type"""


def _vouchers(of_customers: bool, doctype: str, having: str) -> str:
	"""customer, posting date, name, debits, credits of each voucher of one type for which *having* holds."""
	return f"""
	select ple.party as customer, ple.posting_date as posting_date, ple.voucher_no as name,
		{_DEBIT} as debit, {_CREDIT} as credit
	{_entries(of_customers)} and ple.voucher_type = '{doctype}'
	group by ple.party, ple.posting_date, ple.voucher_type, ple.voucher_no
	having {having}"""


def settling_invoices(of_customers: bool, by_customer: bool) -> str:
	"""posting date, is return, debits, credits, invoice totals, written off, loyalty points: of invoices that are not
	only a debit, because they are returns or are paid within themselves, as at a point of sale.
	"""
	who = _customer(by_customer, "voucher.customer")
	return f"""
select {who}voucher.posting_date, si.is_return, sum(voucher.debit), sum(voucher.credit), sum({BASE_TOTAL}),
	sum(case when si.is_pos = 1 then si.base_write_off_amount else 0 end),
	sum(case when si.redeem_loyalty_points = 1 then si.loyalty_amount else 0 end)
from ({_vouchers(of_customers, "Sales Invoice", "sum(case when ple.amount < 0 then 1 else 0 end) > 0")}
) voucher
inner join `tabSales Invoice` si on si.name = voucher.name and si.docstatus = 1
group by {who}voucher.posting_date, si.is_return"""


def paying_payments(of_customers: bool, by_customer: bool) -> str:
	"""posting date, payment type, debits, credits: of payment entries that debit a customer."""
	who = _customer(by_customer, "voucher.customer")
	return f"""
select {who}voucher.posting_date, pe.payment_type, sum(voucher.debit), sum(voucher.credit)
from ({_vouchers(of_customers, "Payment Entry", "sum(case when ple.amount > 0 then 1 else 0 end) > 0")}
) voucher
inner join `tabPayment Entry` pe on pe.name = voucher.name
group by {who}voucher.posting_date, pe.payment_type"""


def deductions(of_customers: bool, by_customer: bool) -> str:
	"""posting date, payment type, is an exchange difference, amount debited: what payment entries deduct."""
	who = _customer(by_customer, "pe.party")
	is_exchange = "case when deduction.account = company.exchange_gain_loss_account then 1 else 0 end"
	return f"""
select {who}pe.posting_date, pe.payment_type, {is_exchange}, sum(deduction.amount)
from `tabPayment Entry Deduction` deduction
inner join `tabPayment Entry` pe on pe.name = deduction.parent
inner join `tabCompany` company on company.name = pe.company
where pe.docstatus = 1 and pe.party_type = 'Customer' and pe.company in %(companies)s
	and pe.posting_date >= %(since)s and pe.posting_date <= %(as_of)s
	{"and pe.party in %(customers)s" if of_customers else ""}
group by {who}pe.posting_date, pe.payment_type, {is_exchange}"""


def journals(of_customers: bool, by_customer: bool) -> str:
	"""posting date, name, voucher type (null where there is no such journal entry), amount."""
	who = _customer(by_customer)
	return f"""
select {who}ple.posting_date, ple.voucher_no, je.voucher_type, sum(ple.amount)
from `tabPayment Ledger Entry` ple
left join `tabJournal Entry` je on je.name = ple.voucher_no{IN_LEDGER} and ple.posting_date >= %(since)s{OF_CUSTOMERS if of_customers else ""}
	and ple.voucher_type = 'Journal Entry'
group by {who}ple.posting_date, ple.voucher_no, je.voucher_type"""


# name, party type, party, account, account type, root type, is an exchange difference, amount debited.
JOURNAL_LINES = """
select gle.voucher_no, gle.party_type, gle.party, gle.account, account.account_type, account.root_type,
	case when gle.account = company.exchange_gain_loss_account then 1 else 0 end, gle.debit - gle.credit
from `tabGL Entry` gle
inner join `tabAccount` account on account.name = gle.account
inner join `tabCompany` company on company.name = gle.company
where gle.voucher_type = 'Journal Entry' and gle.voucher_no in %(vouchers)s and gle.is_cancelled = 0"""
