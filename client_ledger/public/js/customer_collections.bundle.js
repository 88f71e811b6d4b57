// Entry of the code of collections: the tab of a Customer form, the worklist's page, and the dialogs both use.

import CustomerCollections from "./collections/customer_collections";
import * as dialogs from "./collections/dialogs";
import Worklist from "./collections/worklist";

frappe.provide("client_ledger.collections");

client_ledger.make_customer_collections = (frm) => new CustomerCollections(frm);
Object.assign(client_ledger.collections, { Worklist, ...dialogs });
