// Exposure against the limit as a bar of its parts, how the limit came about, and the documents of a part.

import { day, document_link, escape, money } from "../customer_ledger/format";
import { percent } from "./grade";

const PARTS = ["receivable", "orders", "deliveries"];

function part_label(part) {
	return {
		receivable: __("Open Items"),
		orders: __("Orders Not Yet Billed"),
		deliveries: __("Deliveries Not Yet Billed"),
	}[part];
}

export function exposure_html({ exposure, currency }) {
	const { limit } = exposure;
	return `<div class="cl-card cl-exposure">
		<div class="cl-card-head">
			<div class="cl-label">${__("Exposure")}</div>
			${state_pill(exposure, currency)}
		</div>
		<div class="cl-value">${money(exposure.total, currency)}
			<span class="cl-muted">${limit_text(limit, currency)}</span></div>
		${bar_html(exposure)}
		<div class="cl-parts">${PARTS.map((part) => part_html(part, exposure[part], currency)).join(
			""
		)}</div>
		${sharing_html(exposure.sharing)}
		${steps_html(limit, currency)}
	</div>`;
}

function limit_text(limit, currency) {
	if (limit.state === "Unlimited") return __("no limit set");
	if (limit.state === "No Credit") return __("no credit is given");
	return __("of {0}", [money(limit.amount, currency)]);
}

function state_pill({ limit, free, used, total }, currency) {
	const pill = (text, color) => `<span class="indicator-pill ${color} cl-pill">${text}</span>`;
	if (limit.state === "Unlimited") return pill(__("Unlimited"), "gray");
	if (limit.state === "No Credit") return pill(__("No Credit"), total > 0 ? "red" : "orange");
	if (free < 0) return pill(__("{0} over the limit", [money(-free, currency)]), "red");
	return pill(
		__("{0} free, {1} used", [money(free, currency), percent(used)]),
		used > 0.9 ? "orange" : "green"
	);
}

/** Parts from the left; a mark where the limit ends. Money on account shortens what is drawn of open items. */
function bar_html(exposure) {
	const { limit, total } = exposure;
	const whole = Math.max(total, limit.amount || 0, 0);
	if (!whole) return `<div class="cl-limit-bar" aria-hidden="true"></div>`;
	const drawn = { ...exposure };
	if (exposure.receivable < 0) {
		let credit = -exposure.receivable;
		["orders", "deliveries"].forEach((part) => {
			const taken = Math.min(credit, drawn[part]);
			drawn[part] -= taken;
			credit -= taken;
		});
	}
	const pieces = PARTS.filter((part) => drawn[part] > 0).map(
		(part) =>
			`<i class="cl-part-${part}" style="width:${((drawn[part] / whole) * 100).toFixed(
				2
			)}%"></i>`
	);
	const mark =
		limit.amount && limit.amount < whole
			? `<b style="inset-inline-start:${((limit.amount / whole) * 100).toFixed(2)}%"></b>`
			: "";
	return `<div class="cl-limit-bar" aria-hidden="true">${pieces.join("")}${mark}</div>`;
}

function part_html(part, amount, currency) {
	return `<button type="button" class="cl-part" data-part="${part}" aria-expanded="false"
		${amount ? "" : "disabled"}>
		<span class="cl-muted"><span class="cl-dot cl-part-${part}"></span> ${part_label(part)}</span>
		<span class="cl-number">${money(amount, currency)}</span>
	</button>`;
}

function sharing_html(sharing) {
	if (!sharing.length) return "";
	const names = sharing.map(({ name, label }) =>
		name
			? `<a href="${escape(frappe.utils.get_form_link("Customer", name))}">${escape(
					label
			  )}</a>`
			: escape(label)
	);
	return `<p class="cl-muted">${__("One limit for all of: {0}", [names.join(", ")])}</p>`;
}

function steps_html(limit, currency) {
	const rows = limit.steps.map((step) => {
		const document = step.document ? ` ${document_link(step.document)}` : "";
		const amount = step.amount === null ? __("Unlimited") : money(step.amount, currency);
		return `<li><span>${escape(
			step.source
		)}${document}</span><span class="cl-number">${amount}</span></li>`;
	});
	const until = limit.valid_to ? ` · ${__("until {0}", [day(limit.valid_to)])}` : "";
	return `<div class="cl-steps"><div class="cl-muted">${__(
		"How the limit came about"
	)}${until}</div>
		<ol>${rows.join("")}</ol></div>`;
}

export function documents_html(rows, part, { currency, today }) {
	const lines = rows.map((row) => {
		const late = part === "receivable" && row.due_date && row.due_date < today;
		const name = row.doctype ? document_link(row) : escape(row.name);
		return `<tr role="row">
			<td role="cell">${name} <span class="cl-muted">${
				row.doctype ? escape(__(row.doctype)) : ""
			}</span></td>
			<td role="cell" data-label="${__("Customer")}">${escape(row.customer || "")}</td>
			<td role="cell" data-label="${__("Date")}">${day(row.date)}</td>
			<td role="cell" data-label="${__("Due Date")}" class="${late ? "cl-late" : ""}">${day(
				row.due_date
			)}</td>
			<td role="cell" class="cl-number" data-label="${__("Amount")}">${money(row.amount, currency)}</td>
		</tr>`;
	});
	return `<div class="cl-card"><div class="cl-label">${part_label(part)}</div>
		<table class="cl-plain cl-stacked" role="table">
			<thead role="rowgroup"><tr role="row">
				<th role="columnheader" scope="col">${__("Document")}</th>
				<th role="columnheader" scope="col">${__("Customer")}</th>
				<th role="columnheader" scope="col">${__("Date")}</th>
				<th role="columnheader" scope="col">${__("Due Date")}</th>
				<th role="columnheader" scope="col" class="cl-number">${__("Amount")}</th>
			</tr></thead>
			<tbody role="rowgroup">${lines.join("")}</tbody>
		</table></div>`;
}
