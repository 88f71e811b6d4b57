// The differences by kind, the open ones and the largest first, each with its next step.

import { day, document_link, form_link, money, muted, pill } from "../shared/format";
import { html, joined } from "../shared/html";
import { button, small_button, table } from "../shared/pieces";

// What the button of each step says.
const LABELS = () => ({
	"Open a Dispute": __("Open Dispute"),
	"Send the Document Again with Proof of Delivery": __("Send Again"),
	"Search Unallocated Receipts and Bank Transactions": __("Search Payment"),
	"Request a Credit Note": __("Request Credit Note"),
	"Look Again Later": __("Look Again Later"),
	"Ask the Customer": __("Ask the Customer"),
	"Check Our Books": __("Check Our Books"),
});

export function step_label(step) {
	return LABELS()[step] || __(step);
}

export function differences_html(data) {
	if (!data.kinds.length) {
		return html`<p class="cl-agree">${__(
			"Both ledgers agree: there are no differences."
		)}</p>`;
	}
	return data.kinds.map((group) => group_html(group, data));
}

function group_html({ kind, count, open, amount, rows }, { currency, may }) {
	const many = rows.filter((row) => row.open && !row.step).length;
	const all =
		may.work && many > 1
			? button("all", __("Make {0} Proposed Steps", [Math.min(many, 100)]), {
					data: { kind },
			  })
			: "";
	const heads = [
		[__("Our Ledger")],
		[__("Their Ledger")],
		[__("Difference"), "cl-number"],
		[__("Next Step")],
	];
	const more =
		count > rows.length
			? html`<p class="cl-muted">${__("{0} more; the workbook has all of them.", [
					count - rows.length,
			  ])}</p>`
			: "";
	return html`<section class="cl-kind" data-kind="${kind}">
		<div class="cl-kind-head">
			<h4>${__(kind)} <span class="cl-muted">${count}</span></h4>
			<span class="cl-kind-total">${money(amount, currency)}</span>
			${open ? pill(__("{0} open", [open]), "orange") : pill(__("Done"), "green")}
			${all}
		</div>
		${table(
			heads,
			rows.map((row) => [
				lines_html(row.ours, currency),
				lines_html(row.theirs, currency),
				html`<div><b>${money(row.amount, currency)}</b><div>${muted(
					row.reason
				)}</div></div>`,
				step_html(row, may),
			]),
			"",
			"cl-differences"
		)}${more}</section>`;
}

/** Lines of one side: document, day and amount. */
export function lines_html(lines, currency) {
	if (!lines.length) return "";
	return html`<div>${lines.slice(0, 12).map(
		(line) => html`<div class="cl-line">${number_html(line)}
			${muted(joined([day(line.date), money(line.amount, currency)], " · "))}</div>`
	)}${lines.length > 12 ? muted(__("{0} more", [lines.length - 12])) : ""}</div>`;
}

function number_html({ voucher, number, text }) {
	if (voucher) return document_link(voucher);
	return html`<span class="cl-document" title="${text}">${
		number || __("Without Number")
	}</span>`;
}

function step_html(row, may) {
	const { name, step } = row;
	if (row.done) {
		const again = may.work ? small_button("reopen", __("Reopen"), { line: name }) : "";
		return html`<div class="cl-step">${pill(__("Done"), "green")}
			${step ? step_link(step) : ""} ${muted(note_of(row))}
			<div class="cl-step-buttons">${again}</div></div>`;
	}
	if (!row.open) return html`<div class="cl-step">${muted(__(row.next_step))}</div>`;
	const runs = step && step.state === "Running";
	const buttons = may.work
		? [
				!runs &&
					small_button("step", step_label(row.next_step), { line: name }, "btn-primary"),
				!runs &&
					row.possible.length > 1 &&
					small_button("other", __("Other…"), { line: name }),
				small_button("agree", __("Agree"), { line: name }),
		  ].filter(Boolean)
		: [];
	return html`<div class="cl-step">
		${step ? html`<div>${step_link(step)} ${muted(__(step.status))}</div>` : ""}
		${!step && !may.work ? muted(__(row.next_step)) : ""}
		${row.look_again_on ? muted(__("Look again on {0}", [day(row.look_again_on)])) : ""}
		<div class="cl-step-buttons">${buttons}</div></div>`;
}

function note_of({ step, done_note }) {
	return step ? __(done_note || "") : done_note || "";
}

/** The document of a step, with its kind. */
export function step_link(step) {
	const link = step.readable ? form_link(step.doctype, step.name) : step.name;
	return html`${__(step.doctype)} ${link}`;
}
