"""Early warnings: signals that a customer is about to turn bad, each with its own record on the ledger it is raised on."""
