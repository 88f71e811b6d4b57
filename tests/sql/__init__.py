"""The ledger's SQL on database servers: tests and tables that the tiers of MariaDB and Postgres share."""
