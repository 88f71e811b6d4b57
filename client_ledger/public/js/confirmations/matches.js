// The matches, pass by pass from sure to unsure; what a pass has found is shown when it is opened.

import { money, muted, pill } from "../shared/format";
import { html } from "../shared/html";
import { button, small_button, table } from "../shared/pieces";
import { lines_html } from "./differences";

const COLOURS = { Sure: "green", Likely: "blue", Possible: "orange" };

export function matches_html(data, opened) {
	if (!data.passes.length) return "";
	return html`<section class="cl-matches"><h4>${__("Matches")}</h4>
		${data.passes.map((pass) => pass_html(pass, data, opened[pass.found_by]))}</section>`;
}

function pass_html({ found_by, count, amount }, data, page) {
	const { currency } = data;
	return html`<div class="cl-pass">
		<button type="button" class="btn btn-default btn-sm cl-pass-head" data-action="pass" data-pass="${found_by}"
			aria-expanded="${String(Boolean(page))}">
			<span>${__(found_by)}</span> ${muted(count)} <span class="cl-pass-total">${money(
				amount,
				currency
			)}</span>
		</button>
		${page ? rows_html(found_by, page, data) : ""}</div>`;
}

function rows_html(found_by, { total, rows }, { currency, may }) {
	const heads = [[__("Our Ledger")], [__("Their Ledger")], [__("How Sure")], [""]];
	const cells = rows.map((row) => [
		lines_html(row.ours, currency),
		lines_html(row.theirs, currency),
		html`<div>${pill(__(row.confidence), COLOURS[row.confidence])} <div>${muted(
			row.reason
		)}</div></div>`,
		may.work ? small_button("split", __("Split"), { match: row.match_no }) : "",
	]);
	const data = { pass: found_by, start: rows.length };
	return html`${table(heads, cells)}
		${rows.length < total ? button("more", __("Load More"), { data }) : ""}`;
}
