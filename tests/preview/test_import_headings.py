"""Headings as ERPNext 15 and 16 wrote them in exports of real sites, in English and Chinese."""

import pytest

from client_ledger.files.problems import InputProblem
from client_ledger.preview.importing import fields
from client_ledger.preview.importing.layout import find_layout

INVOICE_FIELDS = {
	"name": 0, "customer": 1, "customer_name": 2, "date": 3, "due_date": 4, "company": 5, "currency": 6, "rate": 7,
	"amount": 8, "rounded_amount": 9, "base_amount": 10, "base_rounded_amount": 11, "is_return": 12,
	"return_against": 13, "for_self": 14, "paid": 15, "status": 16, "account_currency": 18, "term_name": 20,
	"term_due": 21, "term_amount": 22,
}  # fmt: skip
PAYMENT_FIELDS = {
	"name": 0, "payment_type": 1, "date": 2, "company": 3, "party_type": 4, "customer": 5, "amount": 6, "currency": 7,
	"rate": 8, "base_amount": 9, "received": 10, "target_currency": 11, "target_rate": 12, "base_received": 13,
	"status": 14, "ref_doctype": 15, "ref_name": 16, "ref_amount": 17, "ref_term": 18,
}  # fmt: skip
INVOICE_HEADINGS = {
	"English": "ID,Customer,Customer Name,Date,Payment Due Date,Company,Currency,Exchange Rate,Grand Total,Rounded Total,Grand Total (Company Currency),Rounded Total (Company Currency),Is Return (Credit Note),Return Against,Update Outstanding for Self,Paid Amount,Status,Include Payment (POS),Party Account Currency,Outstanding Amount,Payment Term (Payment Schedule),Due Date (Payment Schedule),Payment Amount (Payment Schedule)",
	"Chinese 15": "ID,客户,客户名称,日期,付款到期日,公司,货币,汇率,总计,圆整后金额,总计（公司货币）,圆整后金额（公司货币）,是退货？（退款单）,退货依据,更新自身未清金额,收款金额,状态,直接付款（POS订单）,往来单位科目币种,未付金额,付款条款 (付款工时单),到期日 (付款工时单),付款金额 (付款工时单)",
	"Chinese 16": "编号,客户,客户名称,日期,付款到期日,公司,货币,汇率,总计,圆整后总金额,总计（本币）,圆整后金额（本币）,红冲(贷记单),源单,更新本单未付金额,收款金额,状态,已付款（POS订单）,往来单位科目货币,未付金额,付款条款 (付款计划),到期日 (付款计划),付款金额 (付款计划)",
}
PAYMENT_HEADINGS = {
	"English": "ID,Payment Type,Posting Date,Company,Party Type,Party,Paid Amount,Account Currency (From),Source Exchange Rate,Paid Amount (Company Currency),Received Amount,Account Currency (To),Target Exchange Rate,Received Amount (Company Currency),Status,Type (Payment References),Name (Payment References),Allocated (Payment References),Payment Term (Payment References)",
	"Chinese 15": "ID,付款类型,记账日期,公司,往来单位类型,往来单位,收款金额,账户货币（源）,来源汇率,已支付的金额（公司货币）,收到的金额,账户货币（目标）,目标汇率,收到的款项（公司币种）,状态,类型 (付款参考),名称 (付款参考),已分配 (付款参考),付款条款 (付款参考)",
	# Where two labels are the same, ERPNext writes the second one's fieldname.
	"Chinese 16": "编号,付款类型,记账日期,公司,往来类型,往来单位,收款金额,源科目货币,源汇率,付款金额（本币）,received_amount,目标科目货币,目标汇率,收款金额（本币）,状态,类型 (付款参考),名称 (付款参考),已分配 (付款参考),付款条款 (付款参考)",
}


def layout_of(line):
	layout, rows = find_layout("file.csv", iter([(1, line.split(",")), (2, ["x"])]))
	assert not isinstance(layout, InputProblem), layout
	assert [number for number, _cells in rows] == [2]
	return layout


@pytest.mark.parametrize("language", INVOICE_HEADINGS)
def test_sales_invoice(language):
	layout = layout_of(INVOICE_HEADINGS[language])
	assert (layout.kind, layout.columns, layout.has_children) == (fields.INVOICES, INVOICE_FIELDS, True)


@pytest.mark.parametrize("language", PAYMENT_HEADINGS)
def test_payment_entry(language):
	layout = layout_of(PAYMENT_HEADINGS[language])
	assert (layout.kind, layout.columns, layout.has_children) == (fields.PAYMENTS, PAYMENT_FIELDS, True)


@pytest.mark.parametrize(
	("line", "kind", "wanted"),
	[
		(
			"Customer,Invoice No,Invoice Date,Due Date,Amount,Currency",
			fields.INVOICES,
			{"date": 2, "amount": 4},
		),
		("Client,Invoice,Date,Total", fields.INVOICES, {"customer": 0, "date": 2, "amount": 3}),
		(
			"客户名称,发票号码,开票日期,到期日,价税合计,收款日期,收款金额",
			fields.INVOICES,
			{"amount": 4, "paid": 6, "paid_date": 5},
		),
		(
			"Customer,Invoice No,Payment Date,Paid Amount",
			fields.PAYMENTS,
			{"ref_name": 1, "date": 2, "amount": 3},
		),
		("客户,收款日期,收款金额,发票号", fields.PAYMENTS, {"date": 1, "received": 2, "ref_name": 3}),
		("name,party,posting_date,paid_amount,payment_type", fields.PAYMENTS, {"customer": 1, "amount": 3}),
	],
)
def test_other_headings(line, kind, wanted):
	layout = layout_of(line)
	assert layout.kind == kind
	assert wanted.items() <= layout.columns.items()


def test_headings_below_a_title():
	rows = iter(
		[(1, ["Receivables"]), (2, []), (3, ["Customer", "Invoice No", "Invoice Date", "Amount"]), (4, ["x"])]
	)
	layout, data = find_layout("file.csv", rows)
	assert layout.columns == {"customer": 0, "name": 1, "date": 2, "amount": 3}
	assert [number for number, _cells in data] == [4]


def test_every_heading_is_written_as_it_is_looked_up():
	for kind in (fields.INVOICES, fields.PAYMENTS):
		assert all(fields.normal(text) == text for text in fields.headings(kind))
