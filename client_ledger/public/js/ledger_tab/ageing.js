// The ageing bar: open amounts by how long they are overdue. A click on a bucket shows the items in it.

import { money } from "../shared/format";
import { html } from "../shared/html";

export function ageing_html({ ageing: { buckets, currency } }, chosen) {
	const segments = buckets
		.filter((bucket) => bucket.amount > 0)
		.map(
			(bucket) => html`<div class="cl-segment" data-bucket="${bucket.key}"
				style="flex-grow:${bucket.amount}" title="${label(bucket)}: ${money(
					bucket.amount,
					currency
				)}"></div>`
		);
	return html`<div class="cl-card cl-ageing">
		<div class="cl-label" id="cl-ageing-label">${__("Ageing by Due Date")}</div>
		<div class="cl-bar" aria-hidden="true">${segments}</div>
		<div class="cl-buckets" role="group" aria-labelledby="cl-ageing-label">
			${buckets.map((bucket) => bucket_button(bucket, currency, chosen))}
		</div>
	</div>`;
}

function bucket_button(bucket, currency, chosen) {
	return html`<button type="button" class="cl-bucket" data-bucket="${bucket.key}"
		aria-pressed="${String(bucket.key === chosen)}" ${bucket.amount ? "" : "disabled"}>
		<span class="cl-bucket-label"><span class="cl-dot" data-bucket="${bucket.key}"></span>
			${label(bucket)}</span>
		<span class="cl-bucket-amount">${money(bucket.amount, currency)}</span>
	</button>`;
}

export function label(bucket) {
	return bucket.label ? __("{0} days", [bucket.label]) : __("Not Due");
}
