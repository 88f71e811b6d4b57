// Orders that are not fully billed: apart from the ledger, because nothing of them is owed yet.

import { day, document_link, escape, money_with_base } from "./format";

const SHOWN = 5;

export function orders_html({ orders, company_currency }) {
	if (!orders.length) return "";
	const rows = orders.map((order, i) => order_row(order, company_currency, i >= SHOWN));
	const more = `<button type="button" class="btn btn-xs btn-default" data-action="all-orders">
		${__("Show all {0} orders", [orders.length])}</button>`;
	return `<div class="cl-card cl-orders">
		<div class="cl-label">${__("Orders Not Yet Billed")}</div>
		<table class="cl-plain cl-stacked" role="table">
			<thead role="rowgroup"><tr role="row">
				<th role="columnheader" scope="col">${__("Order")}</th>
				<th role="columnheader" scope="col">${__("Date")}</th>
				<th role="columnheader" scope="col">${__("Delivery Date")}</th>
				<th role="columnheader" scope="col">${__("Status")}</th>
				<th role="columnheader" scope="col" class="cl-number">${__("Billed")}</th>
				<th role="columnheader" scope="col" class="cl-number">${__("Still to Bill")}</th>
			</tr></thead>
			<tbody role="rowgroup">${rows.join("")}</tbody>
		</table>
		${orders.length > SHOWN ? more : ""}
	</div>`;
}

function order_row(order, company_currency, hidden) {
	const open = money_with_base(
		order.unbilled,
		order.currency,
		order.base_unbilled,
		company_currency
	);
	return `<tr role="row" ${hidden ? "hidden" : ""}>
		<td role="cell">${document_link(order)}</td>
		<td role="cell" data-label="${__("Date")}">${day(order.date)}</td>
		<td role="cell" data-label="${__("Delivery Date")}">${day(order.delivery_date)}</td>
		<td role="cell" data-label="${__("Status")}">${escape(__(order.status))}</td>
		<td role="cell" class="cl-number" data-label="${__("Billed")}">${order.per_billed.toFixed(
			0
		)} %</td>
		<td role="cell" class="cl-number" data-label="${__("Still to Bill")}">${open}</td>
	</tr>`;
}
