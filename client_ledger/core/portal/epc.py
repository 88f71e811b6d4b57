"""The text of a payment QR code of the European Payments Council: EPC069-12, version 002, for SEPA credit transfers in euro."""

import re
from decimal import Decimal

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_NAME_LENGTH, _TEXT_LENGTH, _REFERENCE_LENGTH = 70, 140, 25
_MOST_BYTES = 331
LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")


def is_iban(text: str) -> bool:
	"""Return whether a text is an IBAN with the right check digits, however it is spaced."""
	compact = compact_iban(text)
	if not _IBAN.fullmatch(compact):
		return False
	turned = compact[4:] + compact[:4]
	return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def compact_iban(text: str) -> str:
	"""Return an IBAN without blanks, in capitals."""
	return "".join(text.split()).upper()


def epc_text(
	name: str, iban: str, amount: Decimal, *, bic: str = "", structured: str = "", text: str = ""
) -> str:
	"""Return the text of the code. amount: euro. structured: an ISO 11649 reference, or text instead of it.

	Raises ValueError for an IBAN or an amount that no transfer takes, and for both references at once.
	"""
	if not is_iban(iban):
		raise ValueError(f"{iban!r} is no IBAN")
	if not LEAST <= amount <= MOST or amount != amount.quantize(LEAST):
		raise ValueError(f"{amount} cannot be transferred")
	if structured and text:
		raise ValueError("a transfer has a structured reference or a text, not both")
	if len(structured) > _REFERENCE_LENGTH:
		raise ValueError(f"{structured!r} is too long for a reference")
	compact_bic = "".join(bic.split()).upper()
	lines = [
		"BCD",
		"002",
		"1",
		"SCT",
		compact_bic if _BIC.fullmatch(compact_bic) else "",
		_one_line(name, _NAME_LENGTH),
		compact_iban(iban),
		f"EUR{amount.quantize(LEAST)}",
		"",
		structured,
		_one_line(text, _TEXT_LENGTH),
	]
	if not lines[5]:
		raise ValueError("a transfer needs the name of who gets it")
	content = "\n".join(lines).rstrip("\n")
	if len(content.encode()) > _MOST_BYTES:
		raise ValueError("the code would hold too much")
	return content


def _one_line(text: str, length: int) -> str:
	return " ".join(text.split())[:length].strip()
