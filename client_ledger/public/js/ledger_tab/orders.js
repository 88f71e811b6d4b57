// Orders that are not fully billed: apart from the ledger, because nothing of them is owed yet.

import { day, document_link, money_with_base } from "../shared/format";
import { html } from "../shared/html";
import { card, small_button, table } from "../shared/pieces";

const SHOWN = 5;

export function orders_html({ orders, company_currency }, all = false) {
	if (!orders.length) return "";
	const shown = all ? orders : orders.slice(0, SHOWN);
	const more = small_button("all-orders", __("Show All {0} Orders", [orders.length]));
	const content = table(
		[
			[__("Sales Order")],
			[__("Date")],
			[__("Delivery Date")],
			[__("Status")],
			[__("Billed"), "cl-number"],
			[__("To Bill"), "cl-number"],
		],
		shown.map((order) => [
			document_link(order),
			day(order.date),
			day(order.delivery_date),
			__(order.status),
			`${order.per_billed.toFixed(0)} %`,
			money_with_base(order.unbilled, order.currency, order.base_unbilled, company_currency),
		])
	);
	return card(
		__("Unbilled Orders"),
		html`${content}${orders.length > shown.length ? more : ""}`,
		"cl-orders"
	);
}
