// What is expected from one's own customers, where somebody sees some only: no range and no record, which are the company's.

import { day, form_link, money } from "../shared/format";
import { html } from "../shared/html";
import { empty, table } from "../shared/pieces";

const NUMBER = "cl-number";
const NEAR = 4;

export function own_html({ own_customers, own_weeks, own_by_customer, currency, behind }) {
	if (!own_weeks) return empty(__("Nothing is expected from the customers that you may see."));
	const weeks = own_weeks.map(({ since, expected }) => [day(since), money(expected, currency)]);
	const customers = own_by_customer.map((row) => [
		form_link("Customer", row.customer, row.customer_name),
		money(row.near, currency),
		money(row.total, currency),
	]);
	return html`<p class="cl-forecast-note" role="note" data-own="${own_customers}">${__(
		"Expected from the customers that you may see ({0}). A range and the record of past forecasts are known of the whole company only.",
		[own_customers]
	)}</p>
		${
			behind
				? html`<p class="cl-forecast-note" role="note">${__(
						"This week's forecast has not been made yet; this is the last one."
				  )}</p>`
				: ""
		}
		<div class="cl-forecast-pair"><section class="cl-card"><h4>${__("13 Weeks")}</h4>
			${table([[__("Week from")], [__("Expected"), NUMBER]], weeks, "", "cl-forecast-own")}</section>
		<section class="cl-card"><h4>${__("By Customer")}</h4>${table(
			[
				[__("Customer")],
				[__("Within {0} Weeks", [NEAR]), NUMBER],
				[__("Within {0} Weeks", [13]), NUMBER],
			],
			customers,
			__("Nothing is expected from the customers that you may see.")
		)}</section></div>`;
}
