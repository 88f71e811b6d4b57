"""Small lists for two sides."""

from datetime import date, timedelta
from decimal import Decimal

from client_ledger.core.reconciliation.lines import BookedLine, Decisions, LedgerSide, LineKind, MatchSettings
from client_ledger.core.reconciliation.reconcile import Reconciliation, reconcile

DAY = date(2026, 3, 2)
AS_OF = DAY + timedelta(days=90)


def line(name: str, day: int, amount: object, number: str = "", **more) -> BookedLine:
	"""Return a line so many days after DAY. kind: as the words of LineKind's members."""
	kind = more.pop("kind", None)
	return BookedLine(
		name,
		DAY + timedelta(days=day),
		Decimal(str(amount)),
		more.pop("currency", "EUR"),
		number,
		kind=LineKind[kind] if kind else None,
		**more,
	)


def compared(
	ours: list, theirs: list, decisions: Decisions | None = None, sides: tuple = ({}, {}), **settings
) -> Reconciliation:
	"""Return two lists compared. sides: what each side says beside its lines."""
	found = reconcile(
		LedgerSide(tuple(ours), **sides[0]),
		LedgerSide(tuple(theirs), **sides[1]),
		MatchSettings(settings.pop("as_of", AS_OF), **settings),
		decisions,
	)
	assert all(not part.identity.unexplained for part in found.parts)
	return found


def pairs(found: Reconciliation) -> dict[tuple[str, str], str]:
	"""Return the pass by the ids of a match, several joined by +."""
	return {
		("+".join(sorted(o.id for o in m.ours)), "+".join(sorted(t.id for t in m.theirs))): m.found_by.name
		for m in found.matches
	}


def left(found: Reconciliation) -> dict[str, tuple[str, str]]:
	"""Return kind and next step of each line without counterpart, by its id."""
	return {d.line.id: (d.kind.name, d.next_step.name) for d in found.differences if d.line}
