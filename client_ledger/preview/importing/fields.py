"""What columns mean: ERPNext's labels, fieldnames and Chinese labels, and the headings people give spreadsheets."""

from functools import cache

from client_ledger.files.headings import normal

INVOICES, PAYMENTS = "invoices", "payments"

# Field of ours -> headings, lower case. ERPNext's English label and fieldname first, then Chinese as v15 and v16 have it.
_INVOICE = {
	"name": (
		"id", "name", "编号", "标识符", "invoice no", "invoice no.", "invoice number", "invoice", "invoice id",
		"sales invoice", "voucher no", "document no", "发票号", "发票号码", "发票编号", "单据编号", "销售发票", "销售费用清单",
	),
	"customer": ("customer", "客户", "client", "customer id", "customer code", "客户编号", "客户代码", "bill to"),
	"customer_name": ("customer name", "customer_name", "客户名称", "client name"),
	"date": (
		"date", "posting_date", "posting date", "日期", "记帐日期", "记账日期", "过账日期", "invoice date", "invoice_date",
		"开票日期", "发票日期", "bill date",
	),
	"due_date": ("payment due date", "due_date", "due date", "付款到期日", "到期日", "due", "payment due", "应收日期"),
	"amount": (
		"grand total", "grand_total", "总计", "amount", "invoice amount", "total", "total amount", "invoice total",
		"金额", "发票金额", "价税合计", "应收金额", "总金额",
	),
	"rounded_amount": ("rounded total", "rounded_total", "圆整后金额", "圆整后总金额"),
	"base_amount": (
		"grand total (company currency)", "base_grand_total", "总计(公司货币)", "总计(本币)", "base amount", "本币金额",
	),
	"base_rounded_amount": (
		"rounded total (company currency)", "base_rounded_total", "圆整后金额(公司货币)", "圆整后金额(本币)",
	),
	"net_amount": ("net total", "net_total", "总净", "净总计", "net amount", "不含税金额"),
	"currency": ("currency", "货币", "币种", "币别", "invoice currency"),
	"rate": ("exchange rate", "conversion_rate", "汇率", "fx rate"),
	"account_currency": ("party account currency", "party_account_currency", "往来单位科目币种", "往来单位科目货币"),
	"company": ("company", "公司"),
	"group": ("customer group", "customer_group", "客户群组", "客户组"),
	"territory": ("territory", "区域", "region"),
	"is_return": ("is return (credit note)", "is_return", "是退货?(退款单)", "红冲(贷记单)", "is return", "credit note"),
	"return_against": ("return against", "return_against", "退货依据", "源单", "credit note for", "原发票号"),
	"for_self": (
		"update outstanding for self", "update_outstanding_for_self", "更新自身未清金额", "更新本单未付金额",
	),
	"status": ("status", "状态"),
	"docstatus": ("document status", "docstatus", "单据状态", "文档状态"),
	"paid": ("paid amount", "paid_amount", "已付金额", "付款金额", "received amount", "amount paid", "已收金额", "收款金额"),
	"paid_date": ("payment date", "payment_date", "paid on", "paid date", "date paid", "付款日期", "收款日期"),
	"remarks": ("remarks", "备注"),
}  # fmt: skip
_TERM = {
	"term_name": ("payment term", "payment_term", "付款期限", "付款条款"),
	"term_due": ("due date", "due_date", "到期日"),
	"term_amount": ("payment amount", "payment_amount", "付款金额"),
}
_PAYMENT = {
	"name": (
		"id", "name", "编号", "标识符", "payment no", "payment no.", "payment number", "payment", "payment id", "receipt no",
		"receipt", "voucher no", "payment entry", "收款单号", "付款凭证", "收付款凭证", "单据编号",
	),
	"payment_type": ("payment type", "payment_type", "付款类型", "收付款类型"),
	"party_type": ("party type", "party_type", "往来单位类型", "往来类型"),
	"customer": ("party", "往来单位", "customer", "客户", "client", "customer id", "customer code", "客户编号", "客户代码"),
	"customer_name": ("party name", "party_name", "往来单位名称", "customer name", "customer_name", "客户名称"),
	"date": (
		"posting date", "posting_date", "记帐日期", "记账日期", "过账日期", "payment date", "payment_date", "paid on",
		"date paid", "付款日期", "收款日期", "到账日期", "date", "日期",
	),
	"amount": (
		"paid amount", "paid_amount", "已付金额", "付款金额", "amount paid", "payment amount", "amount", "金额",
		"已收金额", "到账金额",
	),
	"base_amount": (
		"paid amount (company currency)", "base_paid_amount", "已支付的金额(公司货币)", "付款金额(本币)", "base amount", "本币金额",
	),
	"received": ("received amount", "received_amount", "收到的金额", "收款金额"),
	"base_received": (
		"received amount (company currency)", "base_received_amount", "收到的款项(公司币种)", "收款金额(本币)",
	),
	"rate": ("source exchange rate", "source_exchange_rate", "来源汇率", "源汇率", "exchange rate", "汇率", "fx rate"),
	"target_rate": ("target exchange rate", "target_exchange_rate", "目标汇率"),
	"currency": (
		"account currency (from)", "paid_from_account_currency", "账户货币(源)", "源科目货币", "currency", "货币", "币种", "币别",
	),
	"target_currency": ("account currency (to)", "paid_to_account_currency", "账户货币(目标)", "目标科目货币"),
	"company": ("company", "公司"),
	"mode": ("mode of payment", "mode_of_payment", "付款方式", "收款方式"),
	"status": ("status", "状态"),
	"docstatus": ("document status", "docstatus", "单据状态", "文档状态"),
	"ref_name": (
		"invoice no", "invoice no.", "invoice number", "invoice", "sales invoice", "against invoice", "invoice id",
		"发票号", "发票号码", "发票编号", "销售发票", "核销发票",
	),
}  # fmt: skip
_REFERENCE = {
	"ref_doctype": ("type", "reference_doctype", "类型"),
	"ref_name": ("name", "reference_name", "名称"),
	"ref_amount": ("allocated", "allocated_amount", "已分配"),
	"ref_term": ("payment term", "payment_term", "付款期限", "付款条款"),
}
# A child table's columns end in its label (Data Import's export) or its DocType (the list's report view).
_CHILDREN = {
	INVOICES: (_TERM, "payment_schedule", ("payment schedule", "付款工时单", "付款计划")),
	PAYMENTS: (
		_REFERENCE,
		"references",
		("payment references", "payment entry reference", "references", "付款参考", "付款凭证参考"),
	),
}
REQUIRED = {INVOICES: ("name", "customer", "date", "amount"), PAYMENTS: ("date", "amount")}
# A column may stand in for a required one.
INSTEAD = {"customer": ("customer_name",), "amount": ("rounded_amount", "received")}
# Columns that only files of one kind have.
MARKS = {
	INVOICES: (
		"due_date", "rounded_amount", "is_return", "return_against", "term_due",
	),
	PAYMENTS: ("payment_type", "party_type", "ref_doctype", "target_currency"),
}  # fmt: skip
_INVOICE_HEADINGS = (
	"grand total", "grand_total", "总计", "invoice date", "invoice_date", "开票日期", "发票日期", "invoice amount", "发票金额",
)  # fmt: skip
_PAYMENT_HEADINGS = (
	"payment date", "payment_date", "paid amount", "paid_amount", "已付金额", "付款金额", "付款日期", "收款日期", "收款金额",
	"到账日期", "payment no", "receipt no", "收款单号",
)  # fmt: skip


@cache
def headings(kind: str) -> dict[str, str]:
	"""Return field by normal heading, for files of *kind*; the first field that claims a heading has it."""
	found: dict[str, str] = {}
	for field, texts in (_INVOICE if kind == INVOICES else _PAYMENT).items():
		for text in texts:
			found.setdefault(normal(text), field)
	child, fieldname, labels = _CHILDREN[kind]
	for field, texts in child.items():
		for text in texts:
			found[normal(f"{fieldname}.{text}")] = field
			for label in labels:
				found[normal(f"{text} ({label})")] = field
	return found


# ERPNext 15 calls Paid Amount what 16 calls Received Amount: where both columns are there, the other one tells.
SECOND_MEANING = {PAYMENTS: {"收款金额": "amount"}, INVOICES: {}}


@cache
def child_headings(kind: str) -> dict[str, str]:
	"""Return field by fieldname or label inside the child table, as Data Export has them in a section of their own."""
	child = _CHILDREN[kind][0]
	return {normal(text): field for field, texts in child.items() for text in texts}


def child_doctype(kind: str) -> str:
	"""Return the DocType of the child table we read."""
	return "Payment Schedule" if kind == INVOICES else "Payment Entry Reference"


def all_fields(kind: str) -> tuple[str, ...]:
	"""Return every field a mapping may name."""
	return (*(_INVOICE if kind == INVOICES else _PAYMENT), *_CHILDREN[kind][0])


def guess_kind(texts: list[str]) -> str:
	"""Return the kind of file that has these normal headings."""
	by_kind = {
		kind: {headings(kind)[t] for t in texts if t in headings(kind)} for kind in (INVOICES, PAYMENTS)
	}
	invoice_marks = by_kind[INVOICES] & set(MARKS[INVOICES]) or set(texts) & set(_INVOICE_HEADINGS)
	payment_marks = by_kind[PAYMENTS] & set(MARKS[PAYMENTS])
	if payment_marks:
		return PAYMENTS
	if not invoice_marks and set(texts) & set(_PAYMENT_HEADINGS):
		return PAYMENTS
	return INVOICES
