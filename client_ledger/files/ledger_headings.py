"""What the columns of a customer's own ledger mean, and the words in it, in English and Chinese."""

from collections.abc import Sequence
from functools import cache

from client_ledger.core.reconciliation.lines import LineKind
from client_ledger.files.headings import letters, normal

# Role -> headings. Where several columns have a role, the one whose heading stands first here has it.
ROLES = {
	"date": (
		"posting date", "date", "document date", "doc date", "invoice date", "booking date", "transaction date", "entry date",
		"value date", "日期", "记账日期", "过账日期", "入账日期", "凭证日期", "单据日期", "业务日期", "开票日期", "发票日期", "交易日期", "记帐日期",
	),
	"number": (
		"invoice no", "invoice number", "invoice", "supplier invoice no", "supplier invoice", "bill no", "document no",
		"document number", "document", "doc no", "voucher no", "voucher number", "voucher", "number", "no", "reference no",
		"reference number", "reference", "ref no", "ref", "your reference", "发票号", "发票号码", "发票编号", "供应商发票号", "单据编号",
		"单据号", "单号", "凭证号", "凭证字号", "凭证编号", "编号", "号码", "参考号", "参考编号",
	),
	"reference": (
		"order no", "order number", "order", "po no", "po number", "po", "purchase order", "customer reference",
		"external reference", "external document no", "cheque no", "check no", "allocated to", "against voucher", "against",
		"your ref", "our reference", "our ref", "assignment", "订单号", "采购订单", "采购订单号", "合同号", "合同编号", "银行流水号", "流水号",
		"支票号", "核销单号", "关联单号", "对方单号", "冲销", "已分配给",
	),
	"text": (
		"description", "text", "remarks", "remark", "memo", "details", "narration", "particulars", "comment", "摘要", "备注",
		"说明", "用途", "附言",
	),
	"kind": (
		"document type", "type", "doc type", "voucher type", "transaction type", "entry type", "单据类型", "类型", "业务类型", "凭证类型",
		"凭证类别", "单据种类",
	),
	"debit": ("debit", "debit amount", "dr", "借方", "借方金额", "借方发生额", "本期借方", "借方本币"),
	"credit": ("credit", "credit amount", "cr", "贷方", "贷方金额", "贷方发生额", "本期贷方", "贷方本币"),
	"amount": (
		"amount", "amount in document currency", "amount in local currency", "open amount", "outstanding", "value", "total",
		"金额", "发生额", "交易金额", "原币金额", "未清金额",
	),
	"side": ("dc", "drcr", "debit credit", "direction", "借贷", "方向", "借贷方向", "借或贷"),
	"balance": ("balance", "running balance", "cumulative balance", "余额", "期末余额", "结余", "账户余额"),
	"currency": ("currency", "curr", "币种", "货币", "币别"),
}  # fmt: skip

_OPENING = (
	"opening balance", "opening", "balance brought forward", "brought forward", "balance bf", "bf", "previous balance",
	"期初余额", "期初", "上期结转", "上年结转", "承前页", "年初余额", "上期余额", "结转",
)  # fmt: skip
_CLOSING = (
	"closing balance",
	"closing",
	"balance carried forward",
	"ending balance",
	"end balance",
	"期末余额",
	"期末",
)
_SUMS = (
	"total", "totals", "sum", "closing opening total", "合计", "总计", "本期合计", "本月合计", "本年累计", "累计", "小计",
	"subtotal", "本日合计", "过次页",
)  # fmt: skip
_KINDS = {
	LineKind.CREDIT_NOTE: (
		"credit note", "credit memo", "debit note", "return", "sales return", "purchase return", "credit", "红字", "红字发票",
		"红冲", "退货", "贷项", "贷记单", "折让", "扣款", "返利",
	),
	LineKind.INVOICE: (
		"invoice", "purchase invoice", "sales invoice", "bill", "purchase", "发票", "采购发票", "销售发票", "销售费用清单", "采购",
		"应付单", "入库", "采购入库", "应付",
	),
	LineKind.PAYMENT: (
		"payment", "payment entry", "receipt", "bank", "bank transfer", "transfer", "cheque", "outgoing payment", "付款", "付款单",
		"收款", "收款单", "收付款凭证", "付款凭证", "银行付款", "银行", "转账", "支付", "汇款",
	),
}  # fmt: skip
CREDIT_WORDS = ("c", "cr", "credit", "贷", "贷方", "h", "haben")


@cache
def _roles() -> dict[str, tuple[str, int]]:
	"""Return role and rank by heading without signs and spaces."""
	found: dict[str, tuple[str, int]] = {}
	for role, headings in ROLES.items():
		for rank, heading in enumerate(headings):
			found.setdefault(letters(heading), (role, rank))
	return found


def roles_of(headings: Sequence[object]) -> dict[str, list[int]]:
	"""Return the columns of each role, the best first. A heading may carry its currency in parentheses."""
	found: dict[str, list[tuple[int, int]]] = {}
	for column, heading in enumerate(headings):
		text = normal(heading)
		known = _roles().get(letters(text)) or _roles().get(letters(text.split("(")[0]))
		if known and text:
			found.setdefault(known[0], []).append((known[1], column))
	return {role: [column for _rank, column in sorted(columns)] for role, columns in found.items()}


@cache
def words_of(what: str) -> frozenset[str]:
	"""Return the words that say opening, closing or sums, for comparison."""
	return frozenset(
		letters(word) for word in {"opening": _OPENING, "closing": _CLOSING, "sums": _SUMS}[what]
	)


@cache
def _kinds() -> dict[str, LineKind]:
	return {letters(word): kind for kind, words in _KINDS.items() for word in words}


def kind_of(text: str) -> LineKind | None:
	"""Return the kind of line that a cell of a type column names, None for another word."""
	return _kinds().get(letters(text))
