// Entry of the comparison in the form of a Balance Confirmation.

import Comparison from "./confirmations/comparison";

frappe.provide("client_ledger");

client_ledger.make_comparison = (frm) => new Comparison(frm);
