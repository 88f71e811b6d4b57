// The lists of the Credit tab: holds, limit history, assessments, overrides, references. Empty ones are left out.

import { day, escape, money } from "../customer_ledger/format";
import { points } from "./grade";

const HOLD_COLORS = {
	"On Hold": "red",
	Released: "green",
	Cleared: "green",
	Rejected: "orange",
	Submitted: "blue",
	Withdrawn: "gray",
};

export function lists_html(data) {
	return [
		table(__("Holds"), data.holds, hold_columns()),
		table(__("Limit History"), data.limits, limit_columns()),
		table(__("Assessments"), data.assessments, assessment_columns()),
		table(__("Grade Overrides"), data.overrides, override_columns()),
		table(__("References"), data.references, reference_columns()),
	].join("");
}

function table(title, rows, columns) {
	if (!rows || !rows.length) return "";
	const heads = columns.map(
		({ label, number }) =>
			`<th role="columnheader" scope="col" class="${
				number ? "cl-number" : ""
			}">${label}</th>`
	);
	const lines = rows.map((row) => {
		const cells = columns.map(
			({ label, value, number }, i) =>
				`<td role="cell" class="${number ? "cl-number" : ""}" ${
					i ? `data-label="${label}"` : ""
				}>${value(row)}</td>`
		);
		return `<tr role="row">${cells.join("")}</tr>`;
	});
	return `<div class="cl-card cl-list"><div class="cl-label">${title}</div>
		<table class="cl-plain cl-stacked" role="table">
			<thead role="rowgroup"><tr role="row">${heads.join("")}</tr></thead>
			<tbody role="rowgroup">${lines.join("")}</tbody>
		</table></div>`;
}

function link(doctype, name, text = name) {
	return `<a href="${escape(frappe.utils.get_form_link(doctype, name))}">${escape(text)}</a>`;
}

function pill(text, color) {
	return `<span class="indicator-pill ${color} cl-pill">${escape(text)}</span>`;
}

function grade_of(grade) {
	return grade ? escape(grade === "Unrated" ? __("Unrated") : grade) : "";
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
			label: __("Hold"),
			value: (row) => link("Credit Hold", row.name),
		},
		{
			label: __("Document"),
			value: (row) => `${escape(__(row.reference_doctype))} ${escape(row.reference_name)}`,
		},
		{
			label: __("Status"),
			value: (row) => pill(hold_status(row.status), HOLD_COLORS[row.status]),
		},
		{ label: __("Held On"), value: (row) => day(row.held_on) },
		{ label: __("Amount"), value: amount, number: true },
	];
}

function hold_status(status) {
	return (
		{
			"On Hold": __("On Hold"),
			Released: __("Released"),
			Cleared: __("Cleared"),
			Rejected: __("Rejected"),
			Submitted: __("Submitted"),
			Withdrawn: __("Withdrawn"),
		}[status] || status
	);
}

function limit_columns() {
	const types = {
		Permanent: __("Permanent"),
		Temporary: __("Temporary"),
		"No Credit": __("No Credit"),
	};
	return [
		{ label: __("Limit"), value: (row) => link("Credit Limit", row.name) },
		{ label: __("Type"), value: (row) => escape(types[row.limit_type] || row.limit_type) },
		{ label: __("Valid"), value: period },
		{ label: __("Status"), value: state },
		{ label: __("Reason"), value: (row) => escape(row.reason) },
		{ label: __("Amount"), value: amount, number: true },
	];
}

function assessment_columns() {
	return [
		{ label: __("Assessment"), value: (row) => link("Credit Assessment", row.name) },
		{ label: __("As of"), value: (row) => day(row.as_of) },
		{ label: __("Grade"), value: (row) => grade_of(row.grade) },
		{
			label: __("Score"),
			value: (row) => (row.confidence === "none" ? "–" : points(row.score)),
			number: true,
		},
	];
}

function override_columns() {
	return [
		{ label: __("Override"), value: (row) => link("Credit Grade Override", row.name) },
		{ label: __("Grade"), value: (row) => grade_of(row.grade) },
		{ label: __("Instead of"), value: (row) => grade_of(row.assessed_grade) },
		{ label: __("Valid"), value: period },
		{ label: __("Status"), value: state },
		{ label: __("Reason"), value: (row) => escape(row.reason) },
	];
}

function reference_columns() {
	const effects = { Cap: __("Cap"), Raise: __("Raise") };
	return [
		{ label: __("Reference"), value: (row) => link("Credit Reference", row.name) },
		{ label: __("Provider"), value: (row) => escape(row.provider) },
		{ label: __("Rating"), value: (row) => escape(row.rating) },
		{ label: __("Grade No Better Than"), value: (row) => grade_of(row.grade_cap) },
		{ label: __("Valid"), value: period },
		{
			label: __("Effect on the Limit"),
			value: (row) =>
				effects[row.limit_effect] ? `${effects[row.limit_effect]} ${amount(row)}` : "",
			number: true,
		},
	];
}
