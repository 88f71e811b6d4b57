"""What a contact with a customer ends with, and when a follow-up is closed."""

from client_ledger.site.doctypes import CANCELLED, DONE

REACHED, PROMISED, DISPUTED, NO_ANSWER, WRONG_CONTACT, WILL_NOT_PAY, HANDED_OVER = (
	"Reached",
	"Promised",
	"Disputed",
	"No Answer",
	"Wrong Contact",
	"Refuses to Pay",
	"Referred",
)
OUTCOMES = (REACHED, PROMISED, DISPUTED, NO_ANSWER, WRONG_CONTACT, WILL_NOT_PAY, HANDED_OVER)
# After these a date for the next contact is required; the others end with a document of their own.
NEEDS_NEXT = (REACHED, NO_ANSWER, WRONG_CONTACT, WILL_NOT_PAY)
# Nobody was reached: these do not count as contacts.
MISSED = (NO_ANSWER, WRONG_CONTACT)
# Workflow states in which nothing is left to do.
CLOSED = (DONE, CANCELLED)
