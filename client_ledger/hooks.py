"""What the app declares to Frappe. Declarations only: each name here is explained where it points."""

app_name = "client_ledger"
app_title = "Client Ledger"
app_publisher = "The Client Ledger founders"
app_description = "The whole customer ledger, where sales people already work"
app_email = "hello@client-ledger.example"
app_license = "GPL-3.0-or-later"
required_apps = ["frappe/erpnext"]
