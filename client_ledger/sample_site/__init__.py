"""The sample company on a real site, through ERPNext's own documents.

	client_ledger.sample (documents as data)  ->  masters  ->  replay (one submitted document each)

`bench --site SITE client-ledger demo` runs it; it is meant for a site of its own.
"""
