"""A stored assessment's result as the core's dataclasses, exactly as it was stored: nothing is computed again."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from client_ledger.core.credit.assessment import (
	Assessment,
	Capped,
	DeductionPoints,
	FactorPoints,
	GradeReason,
	Lift,
	Lifts,
)


class Stored(NamedTuple):
	"""The result, and of its inputs what people ask for: days that count as seriously late."""

	assessment: Assessment
	serious_days: int


def parse(text: str) -> Stored:
	"""Return what core.credit.assessment.store wrote. Raises ValueError, KeyError or TypeError for anything else."""
	record = json.loads(text)
	return Stored(_assessment(record["result"]), record["inputs"]["serious_days"])


def _assessment(values: Mapping[str, Any]) -> Assessment:
	lifts, unrated = values["lifts"], values["unrated"]
	return Assessment(
		**{
			**values,
			"factors": tuple(FactorPoints(**_with_reason(row)) for row in values["factors"]),
			"deductions": tuple(DeductionPoints(**_with_reason(row)) for row in values["deductions"]),
			"caps": tuple(Capped(**_with_reason(row)) for row in values["caps"]),
			"lifts": _lifts(lifts) if lifts else None,
			"unrated": GradeReason(**unrated) if unrated else None,
		}
	)


def _with_reason(row: Mapping[str, Any]) -> dict[str, Any]:
	return {**row, "reason": GradeReason(**row["reason"])}


def _lifts(values: Mapping[str, Any]) -> Lifts:
	rows = {name: tuple(Lift(**row) for row in values[name]) for name in ("alone", "together", "required")}
	return Lifts(grade=values["grade"], missing=values["missing"], **rows)
