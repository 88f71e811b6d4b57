"""What a store's ledger amounts to: figures of customers and companies, grades, dunning and whom to call."""
