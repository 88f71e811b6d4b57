// The lists of the Credit tab: holds, limit history, assessments, overrides, references. Empty ones are left out.

import { day, form_link as link, money, pill, status_pill } from "../shared/format";
import { card, table } from "../shared/pieces";
import { reason_of } from "../controls/findings";
import { points } from "./grade";

export function lists_html(data) {
	return [
		list(__("Credit Holds"), data.holds, hold_columns()),
		list(__("Limit History"), data.limits, limit_columns()),
		list(__("Credit Assessments"), data.assessments, assessment_columns()),
		list(__("Credit Grade Overrides"), data.overrides, override_columns()),
		list(__("Credit References"), data.references, reference_columns()),
		list(__("Findings of Controls"), data.findings, finding_columns()),
	];
}

function list(title, rows, columns) {
	if (!rows || !rows.length) return "";
	const heads = columns.map(({ label, number }) => [label, number ? "cl-number" : ""]);
	const cells = rows.map((row) => columns.map(({ value }) => value(row)));
	return card(title, table(heads, cells), "cl-list");
}

function grade_of(grade) {
	return grade === "Unrated" ? __("Unrated") : grade;
}

function state({ docstatus, workflow_state }) {
	const states = [
		[__("Draft"), "gray"],
		[__("Approved"), "green"],
		[__("Cancelled"), "gray"],
	];
	if (docstatus || !workflow_state) return pill(...states[docstatus]);
	const waiting = {
		"Pending Approval": [__("Pending Approval"), "orange"],
		Rejected: [__("Rejected"), "red"],
	};
	return pill(...(waiting[workflow_state] || states[0]));
}

const amount = (row) => (row.amount ? money(row.amount, row.currency) : "");
const period = ({ valid_from, valid_to }) =>
	valid_to ? `${day(valid_from)} – ${day(valid_to)}` : day(valid_from);

function hold_columns() {
	return [
		{
			label: __("Credit Hold"),
			value: (row) => link("Credit Hold", row.name),
		},
		{
			label: __("Document", null, "Client Ledger"),
			value: (row) => `${__(row.reference_doctype)} ${row.reference_name}`,
		},
		{
			label: __("Status"),
			value: (row) => status_pill("Credit Hold", row.status),
		},
		{ label: __("Put on Hold On"), value: (row) => day(row.held_on) },
		{ label: __("Amount"), value: amount, number: true },
	];
}

function limit_columns() {
	const types = {
		Permanent: __("Permanent"),
		Temporary: __("Temporary"),
		"No Credit": __("No Credit"),
	};
	return [
		{ label: __("Credit Limit"), value: (row) => link("Credit Limit", row.name) },
		{ label: __("Type"), value: (row) => types[row.limit_type] || row.limit_type },
		{ label: __("Validity Period"), value: period },
		{ label: __("Status"), value: state },
		{ label: __("Reason"), value: (row) => row.reason },
		{ label: __("Amount"), value: amount, number: true },
	];
}

function assessment_columns() {
	return [
		{ label: __("Credit Assessment"), value: (row) => link("Credit Assessment", row.name) },
		{ label: __("As Of"), value: (row) => day(row.as_of) },
		{ label: __("Credit Grade"), value: (row) => grade_of(row.grade) },
		{
			label: __("Credit Score"),
			value: (row) => (row.confidence === "none" ? "–" : points(row.score)),
			number: true,
		},
	];
}

function override_columns() {
	return [
		{
			label: __("Credit Grade Override"),
			value: (row) => link("Credit Grade Override", row.name),
		},
		{ label: __("Credit Grade"), value: (row) => grade_of(row.grade) },
		{ label: __("Replaces"), value: (row) => grade_of(row.assessed_grade) },
		{ label: __("Validity Period"), value: period },
		{ label: __("Status"), value: state },
		{ label: __("Reason"), value: (row) => row.reason },
	];
}

function reference_columns() {
	const effects = { Cap: __("Cap"), Raise: __("Raise") };
	return [
		{ label: __("Credit Reference"), value: (row) => link("Credit Reference", row.name) },
		{ label: __("Issued By"), value: (row) => row.provider },
		{ label: __("External Rating"), value: (row) => row.rating },
		{ label: __("Maximum Grade"), value: (row) => grade_of(row.grade_cap) },
		{ label: __("Validity Period"), value: period },
		{
			label: __("Effect on Limit"),
			value: (row) =>
				effects[row.limit_effect] ? `${effects[row.limit_effect]} ${amount(row)}` : "",
			number: true,
		},
		{
			label: __("Approval Status"),
			value: (row) => (row.limit_effect === "Raise" ? __(row.approval_status) : ""),
		},
	];
}

function finding_columns() {
	return [
		{
			label: __("Control"),
			value: (row) => link("Control Finding", row.name, __(row.control_title)),
		},
		{ label: __("Severity"), value: (row) => status_pill("Severity", row.severity) },
		{ label: __("Status"), value: (row) => status_pill("Control Finding", row.status) },
		{ label: __("Happened On"), value: (row) => day(row.on_date) },
		{ label: __("Reason"), value: reason_of },
		{ label: __("Amount"), value: amount, number: true },
	];
}
