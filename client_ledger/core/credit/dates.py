"""What is learnt of a company's past for its expected dates: which payments resemble an invoice, and how P(at least
five days late) is told. Both are chosen by walk-forward on what was known by a day, and used only where they win.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from client_ledger.core.credit.histogram import HistogramSettings
from client_ledger.core.credit.late_model import LATE_DAYS, LateChoice, choose_late_model, late_cases
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.payment_replay import PaymentReplay, sample, spread
from client_ledger.core.credit.similarity import SimilarityChoice, choose_similarity

# Lines learnt from, invoices the kernels are tested on (of the latest share), and invoices the regression is fitted to
# (of all but the first share, of which little history was known).
_LINES = 20_000
_TESTED, _TESTED_FROM = 600, 0.7
_FITTED, _FITTED_FROM = 2_000, 0.15


class DateModel(NamedTuple):
	"""What is used, with the tests it won or lost."""

	similarity: SimilarityChoice = SimilarityChoice()
	late: LateChoice = LateChoice()

	def as_text(self) -> str:
		"""Return the JSON text to keep."""
		return json.dumps(self, allow_nan=False)

	@classmethod
	def from_text(cls, text: str | None) -> "DateModel":
		"""Return the model that `as_text` gave; one that uses nothing for an empty text."""
		if not text:
			return cls()
		similarity, late = json.loads(text)
		return cls(SimilarityChoice.from_plain(similarity), LateChoice.from_plain(late))


def learn_dates(lines: Iterable[TradeLine], as_of: date, settings: HistogramSettings) -> DateModel:
	"""Return what the past up to the end of *as_of* teaches. Large ledgers are sampled by customer."""
	found = [line for line in lines if not line.disputed]
	found = list(known(sample(found, _LINES), as_of))
	decided = [line for line in found if line.age(as_of) >= LATE_DAYS]
	decided.sort(key=lambda line: (line.issued, line.reference))
	settled = [line for line in decided[int(len(decided) * _TESTED_FROM) :] if line.settled_on]
	similarity = choose_similarity(
		PaymentReplay(found, settings), spread(settled, _TESTED), settings.half_life
	)
	fitted = spread(decided[int(len(decided) * _FITTED_FROM) :], _FITTED)
	cases = list(late_cases(PaymentReplay(found, settings), fitted, settings.half_life, similarity.used))
	return DateModel(similarity, choose_late_model(cases))
