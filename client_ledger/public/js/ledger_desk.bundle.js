// Loaded with the desk: what the scripts of our DocTypes, lists, reports and pages share.
//
// client_ledger.ask asks the server, client_ledger.prompt asks the user and then the server.
// client_ledger.html`…` writes HTML that escapes by itself; client_ledger.filters has the filters of reports,
// client_ledger.cells their formatters, client_ledger.colours the colour of each status, client_ledger.archive what can be done about archives,
// client_ledger.decisions the dialogs that decide on holds and limits, client_ledger.receipts those about receipts and announced payments,
// client_ledger.remember what a user chose last, client_ledger.offer_statements Send Statement in lists, client_ledger.behind_check where
// a figure of a check list leads to, client_ledger.controls what findings say and what is done about them, client_ledger.warnings what forms
// and lists of early warnings use, client_ledger.review_month_end asks why a month end has changed. client_ledger.show_home puts the home page into a block of a workspace.

import { check_backups } from "./backups/check";
import * as controls from "./controls/findings";
import * as decisions from "./credit/decisions";
import "./credit/held_document";
import { show_home } from "./home/show_home";
import { review_month_end } from "./kpis/review";
import * as receipts from "./receipts/decisions";
import { behind_check } from "./period_checks/behind";
import * as procedures from "./procedures/on_forms";
import * as archive from "./shared/archive";
import { ask, attempt, end_refusals_quietly } from "./shared/ask";
import { add_button } from "./shared/button";
import * as colours from "./shared/colours";
import * as format from "./shared/format";
import { fill, html, joined, raw } from "./shared/html";
import * as pieces from "./shared/pieces";
import { once, prompt } from "./shared/prompt";
import { remember, remembered } from "./shared/remember";
import * as cells from "./shared/report_cells";
import * as filters from "./shared/report_filters";
import { take_company } from "./shared/route_company";
import { offer_statements } from "./statements/many";
import * as warnings from "./warnings/index";

frappe.provide("client_ledger");

Object.assign(client_ledger, {
	add_button,
	archive,
	ask,
	attempt,
	behind_check,
	cells,
	check_backups,
	colours,
	controls,
	decisions,
	fill,
	filters,
	format,
	html,
	joined,
	offer_statements,
	once,
	pieces,
	procedures,
	prompt,
	raw,
	receipts,
	remember,
	remembered,
	review_month_end,
	show_home,
	take_company,
	warnings,
});

end_refusals_quietly();
