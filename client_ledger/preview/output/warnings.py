"""What the page, the workbook and the command show of early warnings, as plain values."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from typing import Any

from client_ledger.core.early_warnings.catalogue import SIGNALS
from client_ledger.core.early_warnings.lift import RANKINGS, TopTenth
from client_ledger.core.early_warnings.record import SignalRecord, SignalVerdict
from client_ledger.core.early_warnings.score_rows import INPUTS
from client_ledger.core.early_warnings.signals import (
	ProposedAction,
	RaisedSignal,
	SignalScope,
	SignalSeverity,
)
from client_ledger.core.early_warnings.watch import WatchedCompany
from client_ledger.core.reasons import reason_text
from client_ledger.preview import i18n
from client_ledger.preview.i18n import _

MOST = 200
_LANGUAGES = (str, partial(i18n.translate, to="zh"))
_ORDER = {SignalSeverity.HIGH: 0, SignalSeverity.MEDIUM: 1, SignalSeverity.LOW: 2}


def labels() -> list[str]:
	"""Return the messages that the page looks up by the values below."""
	words = [member.value for kind in (SignalSeverity, ProposedAction, SignalVerdict) for member in kind]
	words += [text for one in SIGNALS for text in (one.name, one.meaning, one.needs) if text]
	return [*words, *(label for _name, label in RANKINGS), *(name for name, _measure in INPUTS)]


def shown(found: WatchedCompany) -> list[RaisedSignal]:
	"""Return what is raised today by signals that are on, of customers that are not bad already: the likeliest to turn bad first."""
	on = found.on
	now = [one for one in (*found.company_now, *found.now) if one.signal in on and not one.was_bad]
	return sorted(
		now,
		key=lambda one: (
			one.subject != "",
			-found.scores.get(one.subject, 0.0),
			str(one.subject),
			_ORDER[one.severity],
		),
	)


def company(found: WatchedCompany, names: Mapping[str, str]) -> dict[str, Any]:
	"""Return the warnings of a company. names: what customers are called."""
	now = shown(found)
	caught, turns = found.result.caught(found.on)
	return {
		"now": [_raised(one, found, names) for one in now[:MOST]],
		"raised": len(now),
		"riskiest": [_risky(name, found, names) for name in found.riskiest()],
		"signals": [record(one.code, found) for one in SIGNALS],
		"early": [_ranking(one) for one in found.early],
		"everybody": [_ranking(one) for one in found.everybody],
		"is_combined": found.score.is_combined if found.score else None,
		"caught": caught,
		"turns": turns,
		"bad_now": sum(facts.is_bad for facts in found.facts_now.values()),
		"weeks": len(found.result.looks),
		"tested": found.tested,
		"invoices": found.invoices,
	}


def _raised(one: RaisedSignal, found: WatchedCompany, names: Mapping[str, str]) -> dict[str, Any]:
	signal = next(row for row in SIGNALS if row.code == one.signal)
	score = found.scores.get(one.subject)
	return {
		"customer": one.subject,
		"name": names.get(str(one.subject), str(one.subject)),
		"signal": signal.name,
		"because": [reason_text(one.because, translate) for translate in _LANGUAGES],
		"severity": one.severity.value,
		"action": one.action.value,
		"score": None if score is None else round(score, 3),
	}


def _risky(name: Hashable, found: WatchedCompany, names: Mapping[str, str]) -> dict[str, Any]:
	facts = found.facts_now[name]
	return {
		"customer": name,
		"name": names.get(str(name), str(name)),
		"score": round(found.scores[name], 3),
		"grade": facts.grade,
		"raised_by": [label for label, _weight in found.score.reasons(facts)],
	}


def record(code: str, found: WatchedCompany) -> dict[str, Any]:
	"""Return the record of a signal."""
	signal = next(one for one in SIGNALS if one.code == code)
	row: SignalRecord = found.records[code]
	return {
		"code": code,
		"name": signal.name,
		"meaning": signal.meaning,
		"needs": signal.needs,
		"company": signal.scope is SignalScope.COMPANY,
		"is_on": code in found.on,
		**row.as_plain(),
	}


def _ranking(one: TopTenth) -> dict[str, Any]:
	return {"label": dict(RANKINGS)[one.ranking], **one.as_plain()}


def verdict(row: Mapping[str, Any], translate: Callable[[str], str] = _) -> str:
	"""Return whether a signal is on, and why."""
	if row["company"]:
		return translate("On: judgement")
	if row["is_on"]:
		return translate("On: beats the base rate")
	if row["verdict"] == SignalVerdict.TOO_FEW.value:
		return translate("Off: too few warnings to tell")
	return translate("Off: no better than the base rate")


def book_rows(found: WatchedCompany, names: Mapping[str, str]) -> Iterator[tuple]:
	"""Yield the rows of the workbook's sheet: customer, its name, signal, severity, why, action, P(turns bad); then the likeliest to turn bad."""
	for one in shown(found):
		signal = next(row for row in SIGNALS if row.code == one.signal)
		yield (
			str(one.subject),
			names.get(str(one.subject), str(one.subject)),
			_(signal.name),
			_(one.severity.value),
			reason_text(one.because, _),
			_(one.action.value),
			found.scores.get(one.subject),
		)
	for name in found.riskiest():
		row = _risky(name, found, names)
		why = ", ".join(_(label) for label in row["raised_by"])
		yield (str(name), row["name"], _("Likeliest to Turn Bad"), "", why, "", found.scores[name])


def record_rows(found: WatchedCompany) -> Iterator[tuple]:
	"""Yield the rows of the record: signal, raised, judged, turned bad, base rate, lift, lead time, verdict."""
	for one in SIGNALS:
		row = record(one.code, found)
		yield (
			_(one.name),
			*(row[name] for name in ("raised", "judged", "bad", "base_rate", "lift", "lead_days")),
			verdict(row),
		)
