"""Who pays: by account, by a name that was confirmed once, by the customer's own name however a bank writes it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from client_ledger.core.receipts.items import IncomingReceipt, PayerIdentity
from client_ledger.core.reconciliation.numbers import letters_and_digits

_LEGAL = re.compile(
	r"\b(?:GMBH(?:\s*&\s*CO\.?\s*KG)?|AG|KG|OHG|E\.?K|LTD|LIMITED|INC|LLC|LLP|PLC|CORP(?:ORATION)?|CO(?:MPANY)?|S\.?A\.?S?|"
	r"B\.?V|N\.?V|S\.?R\.?L|S\.?P\.?A|OY|AB|AS|APS|PTE|PTY|THE|UND|AND)\b\.?"
)
_CHINESE_LEGAL = re.compile(r"(?:股份)?有限(?:责任)?公司|集团|公司|厂$")
# Banks cut names; so many characters of one must be left to know it by.
_LEAST_OF_A_NAME = 8


class PayerProof(int, Enum):
	"""How well a payer is known: not at all, by a name like the customer's, confirmed or given."""

	UNKNOWN = 0
	NAMED = 1
	CONFIRMED = 2


class KnownPayer(NamedTuple):
	"""The customer that pays, None where nobody knows."""

	customer: str | None
	proof: PayerProof


_NOBODY = KnownPayer(None, PayerProof.UNKNOWN)


class Payers:
	"""Finds the customer of a receipt."""

	def __init__(self, names: Iterable[PayerIdentity]):
		self._accounts: dict[str, set[str]] = defaultdict(set)
		self._confirmed: dict[str, set[str]] = defaultdict(set)
		self._names: dict[str, set[str]] = defaultdict(set)
		for known in names:
			if known.account:
				self._accounts[letters_and_digits(known.account)].add(known.customer)
			for key in name_keys(known.name):
				(self._confirmed if known.is_confirmed else self._names)[key].add(known.customer)
		self._starts: dict[str, set[str]] = defaultdict(set)
		for key, customers in (*self._names.items(), *self._confirmed.items()):
			if len(key) >= _LEAST_OF_A_NAME:
				self._starts[key[:_LEAST_OF_A_NAME]].update((key, customer) for customer in customers)

	def of(self, receipt: IncomingReceipt) -> KnownPayer:
		"""Return who pays; nobody where several customers could be meant."""
		if receipt.customer:
			return KnownPayer(receipt.customer, PayerProof.CONFIRMED)
		found = (
			self._accounts.get(letters_and_digits(receipt.payer_account)) if receipt.payer_account else None
		)
		if found and len(found) == 1:
			return KnownPayer(next(iter(found)), PayerProof.CONFIRMED)
		keys = name_keys(receipt.payer_name)
		for index, proof in ((self._confirmed, PayerProof.CONFIRMED), (self._names, PayerProof.NAMED)):
			customers = {customer for key in keys for customer in index.get(key, ())}
			if len(customers) == 1:
				return KnownPayer(customers.pop(), proof)
		cut = {
			customer
			for key in keys
			for known, customer in self._starts.get(key[:_LEAST_OF_A_NAME], ())
			if known.startswith(key) or key.startswith(known)
		}
		return KnownPayer(cut.pop(), PayerProof.NAMED) if len(cut) == 1 else _NOBODY


def name_keys(name: str) -> set[str]:
	"""Return a name for comparison: capitals without accents, signs and legal forms; with ae, oe, ue as well."""
	written = unicodedata.normalize("NFKC", name).upper().replace("ß", "SS")
	found = set()
	for text in (written, written.replace("Ä", "AE").replace("Ö", "OE").replace("Ü", "UE")):
		plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
		short = _CHINESE_LEGAL.sub("", _LEGAL.sub(" ", plain))
		found |= {re.sub(r"[\W_]+", "", short) or re.sub(r"[\W_]+", "", plain)}
	return found - {""}
