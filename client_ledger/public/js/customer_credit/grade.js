// The grade: letter, score, what it rests on, points per factor with their reasons, what would lift it.

import { day, escape, money } from "../customer_ledger/format";

export function grade_html(data) {
	const { grade } = data;
	const made = grade.assessment;
	return `<section class="cl-card cl-grade">
		<div class="cl-grade-line">
			<div class="cl-grade-letter ${escape(grade.policy?.color || "gray")}">${escape(grade.label)}</div>
			<div>
				<div class="cl-value">${score(grade)}</div>
				<div class="cl-note">${origin(grade)}</div>
				<div class="cl-note">${escape(made ? made.confidence : __("Not assessed yet"))}</div>
			</div>
			<div class="cl-trend" aria-label="${__("Score at the end of each month")}"></div>
		</div>
		${policy_html(grade.policy)}
		${made ? factors_html(made) : ""}
		${made ? list_html(made.reasons, __("Limits of the Grade")) : ""}
		${made ? list_html(made.lifts, __("What Would Lift It")) : ""}
		${made ? figures_html(data, made) : ""}
	</section>`;
}

function score({ score, grade }) {
	return score === null || grade === "Unrated"
		? __("No score yet")
		: __("{0} of 100 points", [format_number(score, null, 1)]);
}

function origin({ source, valid_to, expired }) {
	const where = {
		Assessment: __("Assessed"),
		Override: __("Overridden"),
		Reference: __("Capped by a reference"),
	}[source];
	if (!where) return "";
	if (!valid_to) return where;
	const text = expired
		? __("{0}, expired on {1}", [where, day(valid_to)])
		: __("{0}, valid to {1}", [where, day(valid_to)]);
	return expired ? `<span class="cl-bad-text">${text}</span>` : text;
}

function policy_html(policy) {
	if (!policy) return "";
	const parts = [escape(__(policy.description || ""))];
	if (policy.order_action === "Hold") parts.push(__("Orders are held."));
	if (policy.order_action === "Warn") parts.push(__("Orders are warned of."));
	if (policy.prepayment_percent)
		parts.push(__("{0} % to be paid in advance.", [policy.prepayment_percent]));
	return `<p class="cl-muted">${parts.filter(Boolean).join(" ")}</p>`;
}

function factors_html(made) {
	const rows = made.factors.map((row) => {
		const share = row.weight ? Math.max(0, Math.min(1, row.points / row.weight)) : 0;
		const colour = share >= 0.7 ? "good" : share >= 0.35 ? "fair" : "bad";
		return `<tr>
			<th scope="row">${escape(row.measure)}</th>
			<td class="cl-number">${format_number(row.points, null, 1)} / ${format_number(
				row.weight,
				null,
				0
			)}</td>
			<td class="cl-bar-cell"><div class="cl-bar"><div class="cl-bar-fill ${colour}" style="width:${(
				share * 100
			).toFixed(0)}%"></div></div></td>
			<td class="cl-reason">${escape(row.reason || "")}</td>
		</tr>`;
	});
	return rows.length
		? `<table class="cl-plain cl-factors"><tbody>${rows.join("")}</tbody></table>`
		: "";
}

function list_html(lines, title) {
	if (!lines.length) return "";
	return `<div class="cl-label">${title}</div><ul class="cl-list">${lines
		.map((line) => `<li>${escape(line)}</li>`)
		.join("")}</ul>`;
}

function figures_html(data, made) {
	const url = escape(frappe.utils.get_form_link("Credit Assessment", made.name));
	return `<div class="cl-note">${[
		__("Next invoice late with {0} %", [format_number(made.p_late, null, 0)]),
		made.recommended_limit
			? __("Recommended limit {0}", [money(made.recommended_limit, data.exposure.currency)])
			: "",
		`<a href="${url}">${__("Assessment of {0}", [day(made.as_of)])}</a>`,
	]
		.filter(Boolean)
		.join(" · ")}</div>`;
}
