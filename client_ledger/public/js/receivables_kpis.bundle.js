// Entry of the KPI page's code: client_ledger.make_kpis(page) returns its view.

import Kpis from "./kpis/kpis";

frappe.provide("client_ledger");

client_ledger.make_kpis = (page) => new Kpis(page);
