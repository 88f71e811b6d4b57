// Entry of the Ledger tab's code: client_ledger.make_customer_ledger(frm) returns the view of a Customer form.

import CustomerLedger from "./ledger_tab/customer_ledger";

frappe.provide("client_ledger");

client_ledger.make_customer_ledger = (frm) => new CustomerLedger(frm);
