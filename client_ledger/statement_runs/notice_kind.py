"""The kind of notices that statements go out as. The outbox finds statements by it, see hooks.py and statement_notices.py."""

STATEMENT = "Statement"
