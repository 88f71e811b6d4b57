// Exposure against the limit, as a bar with its parts; how the limit came about; the documents behind it.

import { day, document_link, escape, money } from "../customer_ledger/format";

const SHOWN = 8;

export function limit_html(found) {
	const { limit, exposure, currency } = found;
	return `<section class="cl-card cl-limit">
		<div class="cl-limit-figures">
			${figure(__("Exposure"), money(exposure.total, currency))}
			${figure(__("Limit"), limit_text(found), limit_note(found))}
			${figure(__("Free"), found.free === null ? "–" : money(found.free, currency), "", found.free < 0)}
		</div>
		${bar_html(found)}
		${legend_html(found)}
		${steps_html(found)}
		${shared_html(found)}
	</section>`;
}

function figure(label, value, note = "", bad = false) {
	return `<div class="cl-figure ${bad ? "cl-bad" : ""}"><div class="cl-label">${label}</div>
		<div class="cl-value">${value}</div><div class="cl-note">${note}</div></div>`;
}

function limit_text({ limit, currency }) {
	if (limit.state === "No Credit") return __("No credit");
	return limit.amount === null ? __("Unlimited") : money(limit.amount, currency);
}

function limit_note({ limit, used }) {
	const parts = [];
	if (used !== null) parts.push(__("{0} % used", [format_number(used, null, 0)]));
	if (limit.valid_to) parts.push(__("until {0}", [day(limit.valid_to)]));
	return parts.join(", ");
}

const PARTS = [
	["receivable", "open"],
	["orders", "ordered"],
	["deliveries", "delivered"],
];

function labels() {
	return {
		receivable: __("Open Items"),
		orders: __("Orders Not Billed"),
		deliveries: __("Deliveries Not Billed"),
	};
}

/** The bar is as long as the limit or the exposure, whichever is larger; a mark shows where the limit ends. */
function bar_html({ limit, exposure, used }) {
	const whole = Math.max(limit.amount || 0, exposure.total, 0);
	if (!whole) return "";
	const width = (amount) => `${Math.max(0, (amount / whole) * 100).toFixed(1)}%`;
	const parts = PARTS.filter(([name]) => exposure[name] > 0).map(
		([name, colour]) =>
			`<div class="cl-part ${colour}" style="width:${width(exposure[name])}"></div>`
	);
	const mark = limit.amount
		? `<div class="cl-limit-mark" style="inset-inline-start:${width(limit.amount)}"></div>`
		: "";
	const over = used !== null && used > 100;
	return `<div class="cl-exposure-bar ${over ? "cl-over" : ""}" role="img" aria-label="${__(
		"Exposure against the limit"
	)}">${parts.join("")}${mark}</div>`;
}

function legend_html({ exposure, currency }) {
	const texts = labels();
	const rows = PARTS.map(
		([name, colour]) =>
			`<span class="cl-legend"><i class="cl-part ${colour}"></i>${texts[name]} <b>${money(
				exposure[name],
				currency
			)}</b></span>`
	);
	return `<div class="cl-legends">${rows.join("")}</div>`;
}

function steps_html({ limit, currency }) {
	if (limit.steps.length < 2 && !limit.steps.some((step) => step.document)) {
		return `<div class="cl-note">${__("Limit from: {0}", [escape(limit.source)])}</div>`;
	}
	const rows = limit.steps.map((step) => {
		const amount = step.amount === null ? __("unlimited") : money(step.amount, currency);
		const link = step.document
			? document_link({ doctype: step.doctype, name: step.document, readable: true })
			: "";
		return `<li>${escape(step.source)}: <b>${amount}</b> ${link}</li>`;
	});
	return `<div class="cl-label">${__(
		"How the Limit Came About"
	)}</div><ol class="cl-list">${rows.join("")}</ol>`;
}

function shared_html({ holder, customer, members, hidden_members }) {
	const number = members.length + hidden_members;
	if (number < 2) return "";
	const text =
		holder === customer
			? __("{0} customers share this limit", [number])
			: __("Shares the limit of {0} with {1} customers", [escape(holder), number]);
	return `<div class="cl-note">${text}</div>`;
}

export function documents_html({ documents, currency, hidden_amount }) {
	if (!documents.length) return "";
	const rows = documents.map(
		(row, i) => `<tr ${i >= SHOWN ? "hidden" : ""}>
			<td>${document_link({ doctype: row.doctype, name: row.name, readable: row.can_open })}</td>
			<td>${escape(row.part)}</td>
			<td>${escape(row.customer)}</td>
			<td>${day(row.date)}</td>
			<td>${day(row.due_date)}</td>
			<td class="cl-number">${money(row.amount, currency)}</td>
		</tr>`
	);
	const hidden = hidden_amount
		? `<p class="cl-note">${__("Of customers you may not see: {0}", [
				money(hidden_amount, currency),
		  ])}</p>`
		: "";
	const more =
		documents.length > SHOWN
			? `<button type="button" class="btn btn-default btn-sm" data-action="all-documents">${__(
					"Show all {0}",
					[documents.length]
			  )}</button>`
			: "";
	return `<section class="cl-card cl-exposed">
		<div class="cl-label">${__("What Exposure Is Made Of")}</div>
		<div class="cl-scroll"><table class="cl-plain">
			<thead><tr><th scope="col">${__("Document")}</th><th scope="col">${__("Part")}</th>
				<th scope="col">${__("Customer")}</th><th scope="col">${__("Date")}</th>
				<th scope="col">${__("Due Date")}</th><th scope="col" class="cl-number">${__(
					"Amount"
				)}</th></tr></thead>
			<tbody>${rows.join("")}</tbody>
		</table></div>${more}${hidden}
	</section>`;
}
