// Exposure against the limit as a bar of its parts, how the limit came about, and the documents of a part.

import { colour_of } from "../shared/colours";
import { day, document_link, form_link, money, muted, pill } from "../shared/format";
import { fill, html, joined } from "../shared/html";
import { card, table } from "../shared/pieces";
import { percent } from "./grade";

const PARTS = ["receivable", "orders", "deliveries"];
const NEARLY_USED = 0.9;

function part_label(part) {
	return {
		receivable: __("Open Items"),
		orders: __("Unbilled Orders"),
		deliveries: __("Unbilled Deliveries"),
	}[part];
}

export function exposure_html({ exposure, currency }) {
	const { limit } = exposure;
	return html`<div class="cl-card cl-exposure">
		<div class="cl-card-head">
			<div class="cl-label">${__("Exposure")}</div>
			${state_pill(exposure, currency)}
		</div>
		<div class="cl-value">${money(exposure.total, currency)} ${muted(
			limit_text(limit, currency)
		)}</div>
		${bar_html(exposure)}
		<div class="cl-parts">${PARTS.map((part) => part_html(part, exposure[part], currency))}</div>
		${sharing_html(exposure.sharing)}
		${steps_html(limit, currency)}
	</div>`;
}

function limit_text(limit, currency) {
	if (limit.state === "Unlimited") return __("No Limit Set");
	if (limit.state === "No Credit") return __("No Credit");
	return __("of {0}", [money(limit.amount, currency)]);
}

function state_pill({ limit: { state }, free, used, total }, currency) {
	if (state === "Unlimited") return pill(__("Unlimited"), colour_of("Limit State", state));
	if (state === "No Credit") return pill(__("No Credit"), total > 0 ? "red" : "orange");
	if (free < 0) return pill(__("{0} over limit", [money(-free, currency)]), "red");
	return pill(
		__("{0} available, {1} used", [money(free, currency), percent(used)]),
		used > NEARLY_USED ? "orange" : "green"
	);
}

/** Parts from the left; a mark where the limit ends. Money on account shortens what is drawn of open items. */
function bar_html(exposure) {
	const { limit, total } = exposure;
	const whole = Math.max(total, limit.amount || 0, 0);
	if (!whole) return html`<div class="cl-limit-bar" aria-hidden="true"></div>`;
	const drawn = { ...exposure };
	if (exposure.receivable < 0) {
		let credit = -exposure.receivable;
		["orders", "deliveries"].forEach((part) => {
			const taken = Math.min(credit, drawn[part]);
			drawn[part] -= taken;
			credit -= taken;
		});
	}
	const share = (amount) => `${((amount / whole) * 100).toFixed(2)}%`;
	const pieces = PARTS.filter((part) => drawn[part] > 0).map(
		(part) => html`<i class="cl-part-${part}" style="width:${share(drawn[part])}"></i>`
	);
	const mark =
		limit.amount && limit.amount < whole
			? html`<b style="inset-inline-start:${share(limit.amount)}"></b>`
			: "";
	return html`<div class="cl-limit-bar" aria-hidden="true">${pieces}${mark}</div>`;
}

function part_html(part, amount, currency) {
	return html`<button type="button" class="cl-part" data-part="${part}" aria-expanded="false"
		${amount ? "" : "disabled"}>
		<span class="cl-muted"><span class="cl-dot cl-part-${part}"></span> ${part_label(part)}</span>
		<span class="cl-number">${money(amount, currency)}</span>
	</button>`;
}

function sharing_html(sharing) {
	if (!sharing.length) return "";
	const names = sharing.map(({ name, label }) =>
		name ? form_link("Customer", name, label) : label
	);
	const sentence = fill(__("Credit limit shared by: {0}"), [joined(names, ", ")]);
	return html`<p class="cl-muted">${sentence}</p>`;
}

function steps_html(limit, currency) {
	const rows = limit.steps.map(({ source, document, amount }) => {
		const value = amount === null ? __("Unlimited") : money(amount, currency);
		return html`<li><span>${source} ${
			document ? document_link(document) : ""
		}</span><span class="cl-number">${value}</span></li>`;
	});
	const until = limit.valid_to ? ` · ${__("until {0}", [day(limit.valid_to)])}` : "";
	return html`<div class="cl-steps"><div class="cl-muted">${__(
		"Limit Calculation"
	)}${until}</div>
		<ol>${rows}</ol></div>`;
}

export function documents_html(rows, part, { currency, today }) {
	const heads = [
		[__("Document", null, "Client Ledger")],
		[__("Customer")],
		[__("Date")],
		[__("Due Date")],
		[__("Amount"), "cl-number"],
	];
	const cells = rows.map((row) => {
		const late = part === "receivable" && row.due_date && row.due_date < today;
		return [
			row.doctype ? html`${document_link(row)} ${muted(__(row.doctype))}` : row.name,
			row.customer,
			day(row.date),
			html`<span class="${late ? "cl-late" : ""}">${day(row.due_date)}</span>`,
			money(row.amount, currency),
		];
	});
	return card(part_label(part), table(heads, cells));
}
