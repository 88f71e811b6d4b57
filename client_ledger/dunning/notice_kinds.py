"""The kinds of notices that dunning sends. Sending finds dunning by them, see hooks.py and sending/decide.py."""

REMINDER, THANKS = "Reminder", "Acknowledgement"
# Reminders and acknowledgements of payment wait for one another; notices of other kinds are none of dunning's business.
DUNNING_KINDS = (REMINDER, THANKS)
