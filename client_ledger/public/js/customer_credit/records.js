// Holds, changes of the limit, assessments, overrides and references: short tables that lead to the records.

import { day, document_link, escape, money } from "../customer_ledger/format";

const HOLD_COLOURS = {
	"On Hold": "red",
	Released: "orange",
	Cleared: "green",
	Rejected: "gray",
	Submitted: "green",
	Withdrawn: "gray",
};

export function holds_html({ holds, exposure, can }) {
	if (!can.queue || !holds.length) return "";
	const rows = holds.map((row) => [
		link("Credit Hold", row.name),
		`${escape(__(row.reference_doctype))} ${link(row.reference_doctype, row.reference_name)}`,
		pill(row.status, HOLD_COLOURS),
		number(money(row.amount, exposure.currency)),
		escape(row.decision_reason || ""),
	]);
	return table(
		__("Documents on Hold"),
		[__("Hold"), __("Document"), __("Status"), number_head(__("Amount")), __("Decision")],
		rows,
		"cl-holds"
	);
}

export function history_html(data) {
	const currency = data.exposure.currency;
	return `<div class="cl-records">
		${table(
			__("Changes of the Limit"),
			[__("Change"), __("Type"), number_head(__("Limit")), __("Valid"), __("State")],
			data.limits.map((row) => [
				link("Credit Limit", row.name),
				escape(__(row.limit_type)),
				number(row.limit_type === "No Credit" ? "–" : money(row.amount, currency)),
				period(row),
				pill(row.workflow_state || state(row), STATE_COLOURS),
			])
		)}
		${table(
			__("Assessments"),
			[__("Assessment"), __("Date"), __("Grade"), number_head(__("Score")), __("Status")],
			data.assessments.map((row) => [
				link("Credit Assessment", row.name),
				day(row.as_of),
				escape(__(row.grade)),
				number(row.grade === "Unrated" ? "–" : format_number(row.score, null, 1)),
				escape(__(row.status)),
			])
		)}
		${table(
			__("Overrides"),
			[__("Override"), __("Grade"), __("Valid"), __("Reason"), __("State")],
			data.overrides.map((row) => [
				link("Credit Grade Override", row.name),
				escape(row.grade),
				period(row),
				escape(row.reason || ""),
				pill(state(row), STATE_COLOURS),
			])
		)}
		${table(
			__("Ratings and Cover"),
			[
				__("Reference"),
				__("Provider"),
				__("Rating"),
				number_head(__("Amount")),
				__("Valid To"),
			],
			data.references.map((row) => [
				link("Credit Reference", row.name),
				escape(row.provider),
				escape(row.rating || row.grade_cap || ""),
				number(row.limit_effect === "None" ? "–" : money(row.amount, currency)),
				day(row.valid_to),
			])
		)}
	</div>`;
}

const STATE_COLOURS = {
	Draft: "gray",
	"Pending Approval": "orange",
	Approved: "green",
	Rejected: "red",
	Cancelled: "gray",
};

function state({ docstatus }) {
	return ["Draft", "Approved", "Cancelled"][docstatus];
}

function period({ valid_from, valid_to }) {
	return valid_to ? `${day(valid_from)} – ${day(valid_to)}` : __("from {0}", [day(valid_from)]);
}

function link(doctype, name) {
	return document_link({ doctype, name, readable: true });
}

function pill(text, colours) {
	return `<span class="indicator-pill ${colours[text] || "gray"} cl-pill">${escape(
		__(text)
	)}</span>`;
}

function number(html) {
	return { html, number: true };
}

function number_head(html) {
	return { html, number: true };
}

function cell(tag, content) {
	const { html, number: is_number } = content.html === undefined ? { html: content } : content;
	return `<${tag} class="${is_number ? "cl-number" : ""}">${html}</${tag}>`;
}

function table(title, heads, rows, name = "") {
	if (!rows.length) return "";
	return `<section class="cl-card ${name}">
		<div class="cl-label">${title}</div>
		<div class="cl-scroll"><table class="cl-plain">
			<thead><tr>${heads.map((head) => cell("th", head)).join("")}</tr></thead>
			<tbody>${rows
				.map((cells) => `<tr>${cells.map((content) => cell("td", content)).join("")}</tr>`)
				.join("")}</tbody>
		</table></div>
	</section>`;
}
