// Entry of the Dunning tab's code: client_ledger.make_customer_dunning(frm) returns the view of a Customer form.
// The same module shows messages of notices in dialogs, which runs and the page of exceptions use too.

import { ask } from "./customer_dunning/ask";
import CustomerDunning from "./customer_dunning/customer_dunning";
import { show_message } from "./customer_dunning/message";
import { notice_table, status_pill } from "./customer_dunning/notices";

frappe.provide("client_ledger.dunning");

client_ledger.make_customer_dunning = (frm) => new CustomerDunning(frm);
Object.assign(client_ledger.dunning, { ask, show_message, notice_table, status_pill });
