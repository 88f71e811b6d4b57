// Entry of the Credit tab's code: client_ledger.make_customer_credit(frm) returns the view of a Customer form.

import CustomerCredit from "./credit/customer_credit";

frappe.provide("client_ledger");

client_ledger.make_customer_credit = (frm) => new CustomerCredit(frm);
