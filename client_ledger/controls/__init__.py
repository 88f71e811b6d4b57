"""Controls on a site: the facts they look at, read from ERPNext's documents, a night's passes, and their past."""
