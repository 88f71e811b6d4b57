"""Why a command cannot go on."""

from client_ledger.files.problems import InputProblems
from client_ledger.preview.i18n import _


class Refused(Exception):
	"""The command cannot go on; the message says why and what to do."""


class BadInput(Refused):
	"""The files cannot be imported; nothing was. outcome: what else did not happen, for other commands."""

	def __init__(self, problems: InputProblems, outcome: str = ""):
		self.problems, self.outcome = problems, outcome
		super().__init__("\n".join(problem.describe(_) for problem in problems.found))
