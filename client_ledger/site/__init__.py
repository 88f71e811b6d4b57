"""What every capability needs of a site, and no rules: names, settings, access, requests, contacts, jobs, rows."""
