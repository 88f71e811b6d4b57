"""What a function that strangers may call requires: a link that is valid, for its purpose."""

from dataclasses import dataclass

from client_ledger.guest_links import links
from client_ledger.site.requirements import Given, Requirement


@dataclass(frozen=True, slots=True)
class ValidLink(Requirement):
	"""The link that an argument holds, for one purpose. It lets in whoever has it, and to its one subject only."""

	purpose: str
	argument: str = "link"

	def check(self, given: Given) -> None:
		links.opened_by(given.get(self.argument), self.purpose)
