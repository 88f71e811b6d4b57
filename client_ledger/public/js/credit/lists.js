// The lists of the Credit tab: holds, limit history, assessments, overrides, references. Empty ones are left out.

import { day, form_link as link, money, pill, status_pill } from "../shared/format";
import { card, table } from "../shared/pieces";
import { points } from "./grade";

export function lists_html(data) {
	return [
		list(__("Holds"), data.holds, hold_columns()),
		list(__("Limit History"), data.limits, limit_columns()),
		list(__("Assessments"), data.assessments, assessment_columns()),
		list(__("Grade Overrides"), data.overrides, override_columns()),
		list(__("References"), data.references, reference_columns()),
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
			label: __("Hold"),
			value: (row) => link("Credit Hold", row.name),
		},
		{
			label: __("Document"),
			value: (row) => `${__(row.reference_doctype)} ${row.reference_name}`,
		},
		{
			label: __("Status"),
			value: (row) => status_pill("Credit Hold", row.status),
		},
		{ label: __("Held On"), value: (row) => day(row.held_on) },
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
		{ label: __("Limit"), value: (row) => link("Credit Limit", row.name) },
		{ label: __("Type"), value: (row) => types[row.limit_type] || row.limit_type },
		{ label: __("Valid"), value: period },
		{ label: __("Status"), value: state },
		{ label: __("Reason"), value: (row) => row.reason },
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
		{ label: __("Reason"), value: (row) => row.reason },
	];
}

function reference_columns() {
	const effects = { Cap: __("Cap"), Raise: __("Raise") };
	return [
		{ label: __("Reference"), value: (row) => link("Credit Reference", row.name) },
		{ label: __("Provider"), value: (row) => row.provider },
		{ label: __("Rating"), value: (row) => row.rating },
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
