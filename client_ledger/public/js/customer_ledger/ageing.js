// The ageing bar: open amounts by how long they are overdue. A click on a bucket shows the items in it.

import { escape, money } from "./format";

export function ageing_html({ ageing }, chosen) {
	const shown = ageing.buckets.filter((bucket) => bucket.amount > 0);
	const segments = shown.map(
		(bucket) => `<div class="cl-segment" data-bucket="${bucket.key}" style="flex-grow:${
			bucket.amount
		}"
			title="${escape(label(bucket))}: ${money(bucket.amount, ageing.currency)}"></div>`
	);
	return `<div class="cl-card cl-ageing">
		<div class="cl-label" id="cl-ageing-label">${__("Ageing by Due Date")}</div>
		<div class="cl-bar" aria-hidden="true">${segments.join("")}</div>
		<div class="cl-buckets" role="group" aria-labelledby="cl-ageing-label">
			${ageing.buckets.map((bucket) => bucket_button(bucket, ageing.currency, chosen)).join("")}
		</div>
	</div>`;
}

function bucket_button(bucket, currency, chosen) {
	const pressed = bucket.key === chosen;
	return `<button type="button" class="cl-bucket" data-bucket="${
		bucket.key
	}" aria-pressed="${pressed}"
		${bucket.amount ? "" : "disabled"}>
		<span class="cl-bucket-label"><span class="cl-dot" data-bucket="${bucket.key}"></span>
			${escape(label(bucket))}</span>
		<span class="cl-bucket-amount">${money(bucket.amount, currency)}</span>
	</button>`;
}

export function label(bucket) {
	return bucket.label ? __("{0} days", [bucket.label]) : __("Not Due");
}
