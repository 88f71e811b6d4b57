"""Temporary."""

from client_ledger.core.statements.figures import StatementFigures


def difference(before: StatementFigures, now: StatementFigures):
	raise NotImplementedError
