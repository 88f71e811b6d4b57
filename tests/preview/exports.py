"""Writes documents the way ERPNext exports them: Data Import's export, the list's report view, Data Export."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from client_ledger.sample.documents import Documents, InvoiceDocument, PaymentDocument

INVOICE_LABELS = [
	"ID", "Customer", "Customer Name", "Date", "Payment Due Date", "Company", "Currency", "Exchange Rate",
	"Grand Total", "Grand Total (Company Currency)", "Is Return (Credit Note)", "Return Against",
	"Update Outstanding for Self", "Status", "Paid Amount", "Party Account Currency",
]  # fmt: skip
TERM_LABELS = ["Payment Term", "Due Date", "Payment Amount"]
PAYMENT_LABELS = [
	"ID", "Payment Type", "Posting Date", "Company", "Party Type", "Party", "Party Name", "Paid Amount",
	"Account Currency (From)", "Source Exchange Rate", "Paid Amount (Company Currency)", "Received Amount",
	"Account Currency (To)", "Target Exchange Rate", "Received Amount (Company Currency)", "Status",
]  # fmt: skip
REFERENCE_LABELS = ["Type", "Name", "Allocated", "Payment Term"]

CHINESE = {
	"ID": "标识符", "Customer": "客户", "Customer Name": "客户名称", "Date": "日期", "Payment Due Date": "付款到期日",
	"Company": "公司", "Currency": "货币", "Exchange Rate": "汇率", "Grand Total": "总计",
	"Grand Total (Company Currency)": "总计（公司货币）", "Is Return (Credit Note)": "红冲(贷记单)",
	"Return Against": "退货依据", "Update Outstanding for Self": "更新自身未清金额", "Status": "状态",
	"Paid Amount": "付款金额", "Party Account Currency": "往来单位科目币种", "Payment Type": "付款类型",
	"Posting Date": "记账日期", "Party Type": "往来类型", "Party": "往来单位", "Party Name": "往来单位名称",
	"Account Currency (From)": "源科目货币", "Source Exchange Rate": "源汇率",
	"Paid Amount (Company Currency)": "付款金额（本币）", "Received Amount": "收款金额",
	"Account Currency (To)": "目标科目货币", "Target Exchange Rate": "目标汇率",
	"Received Amount (Company Currency)": "收款金额（本币）",
	"Payment Term (Payment Schedule)": "付款条款 (付款计划)", "Due Date (Payment Schedule)": "到期日 (付款计划)",
	"Payment Amount (Payment Schedule)": "付款金额 (付款计划)", "Type (Payment References)": "类型 (付款参考)",
	"Name (Payment References)": "名称 (付款参考)", "Allocated (Payment References)": "已分配 (付款参考)",
	"Payment Term (Payment References)": "付款条款 (付款参考)",
}  # fmt: skip


def invoice_values(documents: Documents, invoice: InvoiceDocument) -> list:
	"""The parent's columns of an exported invoice."""
	customer = {c.name: c for c in documents.customers}[invoice.customer]
	status = "Cancelled" if invoice.cancelled else "Return" if invoice.is_credit_note else "Unpaid"
	return [
		invoice.name, customer.name, customer.customer_name, invoice.date, invoice.due_date, invoice.company,
		invoice.currency, invoice.rate, invoice.amount, invoice.base_amount, int(invoice.is_credit_note),
		invoice.return_against or "", int(invoice.is_credit_note and not invoice.pays_original), status,
		invoice.paid_at_counter or 0, invoice.currency,
	]  # fmt: skip


def term_values(invoice: InvoiceDocument) -> list[list]:
	return [[term.name or "", term.due_date, term.amount] for term in invoice.terms]


def payment_values(documents: Documents, payment: PaymentDocument) -> list:
	"""The parent's columns of an exported payment; the customer's side is "to" in a refund."""
	own = {c.name: c.currency for c in documents.companies}[payment.company]
	name = {c.name: c.customer_name for c in documents.customers}[payment.customer]
	customers_side = [payment.amount, payment.currency, payment.rate, payment.base_amount]
	banks_side = [payment.base_amount, own, 1, payment.base_amount]
	first, second = (banks_side, customers_side) if payment.is_refund else (customers_side, banks_side)
	return [
		payment.name, "Pay" if payment.is_refund else "Receive", payment.date, payment.company, "Customer",
		payment.customer, name, *first, *second, "Submitted",
	]  # fmt: skip


def reference_values(payment: PaymentDocument) -> list[list]:
	sign = -1 if payment.is_refund else 1
	return [[a.doctype, a.name, sign * a.amount, a.term or ""] for a in payment.allocations]


def with_children(parent: list, children: list[list], width: int, repeat: bool = False) -> Iterator[list]:
	"""Rows of a document: children beside it and below; the report view repeats the parent on each."""
	for i, child in enumerate(children or [[""] * width]):
		yield (parent if repeat or not i else [""] * len(parent)) + child


def invoice_rows(documents: Documents, repeat: bool = False) -> Iterable[list]:
	for invoice in documents.invoices:
		yield from with_children(invoice_values(documents, invoice), term_values(invoice), 3, repeat)


def payment_rows(documents: Documents, repeat: bool = False) -> Iterable[list]:
	for payment in documents.payments:
		yield from with_children(payment_values(documents, payment), reference_values(payment), 4, repeat)


def invoice_header(child: str = "Payment Schedule") -> list[str]:
	return INVOICE_LABELS + [f"{label} ({child})" for label in TERM_LABELS]


def payment_header(child: str = "Payment References") -> list[str]:
	return PAYMENT_LABELS + [f"{label} ({child})" for label in REFERENCE_LABELS]


def chinese(header: Sequence[str]) -> list[str]:
	return [CHINESE[label] for label in header]


def write_csv(path: Path, rows: Iterable[Sequence], encoding: str = "utf-8", separator: str = ",") -> Path:
	with path.open("w", encoding=encoding, newline="") as file:
		csv.writer(file, delimiter=separator).writerows(rows)
	return path


def data_export(
	doctype: str, child: str, field: str, main: list[str], kids: list[str], documents: Iterable
) -> Iterator[list]:
	"""Rows of the older Data Export: a block of explanations, a section per table, names in quotation marks."""
	blank = ["", "~"]
	yield [""]
	yield ["DocType:", doctype, *[""] * (len(main) - 1), "~", child, field, *[""] * (len(kids) - 1)]
	yield ["Column Labels:", *main, "", "ID", *kids]
	yield ["Column Name:", *main, "~", "name", *kids]
	yield ["Mandatory:", *["No"] * len(main), "", "Yes", *["No"] * len(kids)]
	yield ["Type:", *["Data"] * len(main), "", "Data", *["Data"] * len(kids)]
	yield ["Info:", *["dd-mm-yyyy" if "date" in name else "" for name in main], "", "", *[""] * len(kids)]
	for parent, children in documents:
		for i, row in enumerate(children or [[""] * len(kids)]):
			own = [f'"{parent[0]}"', *parent[1:]] if not i else [""] * len(parent)
			yield ["", *own, blank[0], "child-id", *row]
