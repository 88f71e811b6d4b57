"""What a warning is at, why it was closed, and what became of it."""

OPEN, SNOOZED, ACTED, CLOSED = "Open", "Snoozed", "Acted", "Closed"
LIVE = (OPEN, SNOOZED, ACTED)
# Closed by the night, not by a person.
SILENT = "Silent for 30 Days"
BAD_ALREADY, TURNED_BAD, RECOVERED, NOTHING_DUE = (
	"Bad Already",
	"Turned Bad",
	"Did Not Turn Bad",
	"Nothing Fell Due",
)
