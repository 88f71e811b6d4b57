// Loaded with the desk: the filters that reports share, as client_ledger.filters.

import * as filters from "./report_filters";

frappe.provide("client_ledger.filters");

Object.assign(client_ledger.filters, filters);
