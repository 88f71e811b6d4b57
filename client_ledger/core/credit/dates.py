"""Expected dates, and what is learnt of a company's past for them: which payments resemble an invoice, and how P(at
least five days late) is estimated. Both are chosen by walk-forward on what was known by a day, and used only where they win.
"""

import json
from collections.abc import Hashable, Iterable
from datetime import date
from typing import NamedTuple

from client_ledger.core.credit.histogram import Expectation, HistogramSettings, Lateness, expect
from client_ledger.core.credit.late_model import (
	LATE_DAYS,
	LateChoice,
	choose_late_model,
	given_open,
	late_cases,
	late_inputs,
)
from client_ledger.core.credit.lateness import TradeLine, known
from client_ledger.core.credit.payment_replay import PaymentReplay, payment_order, sample, spread
from client_ledger.core.credit.similarity import PastPayments, SimilarityChoice, choose_similarity

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


class ExpectedDates:
	"""When the open invoices of some customers are expected, on *as_of*. lines: all of theirs; lateness: learnt of them."""

	def __init__(
		self,
		lines: Iterable[TradeLine],
		lateness: Lateness,
		model: DateModel,
		settings: HistogramSettings,
		as_of: date,
	):
		self._lateness, self._model, self._as_of = lateness, model, as_of
		self._past = PastPayments(settings.half_life)
		self._open: dict[Hashable, dict[str, int]] = {}
		lines = [line for line in known(lines, as_of) if not line.disputed]
		self._past.record(sorted((line for line in lines if line.settled_on), key=payment_order))
		for line in lines:
			if line.settled_on is None and not line.is_residue:
				self._open.setdefault(line.customer, {})[line.reference] = line.age(as_of)

	def of(self, line: TradeLine) -> Expectation:
		"""Return when *line*, which is open, is expected, with P(at least five days late) by the better estimate."""
		distribution = self._past.distribution(self._lateness, line, self._as_of, self._model.similarity.used)
		probability = distribution.later_than(LATE_DAYS - 1)
		if self._model.late.used:
			others = [
				age
				for reference, age in self._open.get(line.customer, {}).items()
				if reference != line.reference
			]
			inputs = late_inputs(distribution, line, self._past.of(line.customer), others)
			probability = self._model.late.used.probability(inputs)
		found = expect(distribution, line.due, self._as_of)
		return found._replace(p_late_5=given_open(probability, distribution, line.age(self._as_of)))
