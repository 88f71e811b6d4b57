"""What was to be done and when."""

from client_ledger.controls.facts.window import FactWindow
from client_ledger.core.controls.facts import DueFact


def read_dues(window: FactWindow) -> list[DueFact]:
	"""Return what was due."""
	return []
