// Entry of the Dunning tab's code: client_ledger.make_customer_dunning(frm) returns the view of a Customer form.
// The same module shows messages of notices in dialogs, which runs and the page of exceptions use too.

import CustomerDunning from "./dunning/customer_dunning";
import { show_message } from "./dunning/message";
import { notice_table, notice_status } from "./dunning/notices";
import { letter_frame as show_letter } from "./shared/letter";

frappe.provide("client_ledger.dunning");

client_ledger.make_customer_dunning = (frm) => new CustomerDunning(frm);
Object.assign(client_ledger.dunning, { show_letter, show_message, notice_table, notice_status });
