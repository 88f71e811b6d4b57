"""Letters on paper: on the customer's timeline when handed over; sent once they are printed, see print_letters."""

from client_ledger.outbox.channels.timeline import communication_row, insert_communications
from client_ledger.outbox.outgoing import Outgoing


def hand_over(outgoing: Outgoing) -> dict:
	"""Put the letter on the customer's timeline; return the fields of its row. It waits to be printed."""
	row = communication_row(outgoing, "Other", outgoing.recipient, outgoing.letter.html)
	insert_communications([row])
	return {"recipients": outgoing.recipient, "communication": row["name"]}
