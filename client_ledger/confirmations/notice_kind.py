"""The kind of a confirmation's letter and reminders in the outbox."""

CONFIRMATION = "Confirmation"
