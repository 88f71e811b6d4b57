// The grade: what it is, what it rests on and leads to, its reasons factor by factor, and how it moved in a year.

import { day, form_link, muted, pill } from "../shared/format";
import { html } from "../shared/html";
import { card } from "../shared/pieces";

function letter({ grade, label, color }) {
	const text = grade === "Unrated" ? "–" : grade;
	return html`<span class="cl-grade cl-grade-large cl-${color}" title="${label}">${text}</span>`;
}

export function percent(share, digits = 0) {
	return share === null || share === undefined
		? "–"
		: `${format_number(share * 100, null, digits)} %`;
}

export function points(value) {
	if (value === null || value === undefined) return "–";
	const rounded = Math.round(value * 10) / 10;
	return format_number(rounded, null, Number.isInteger(rounded) ? 0 : 1);
}

export function grade_html({ grade, assessment }) {
	const unknown = grade.source ? grade.label : __("Not assessed yet");
	const score = grade.score === null ? unknown : __("{0} of 100 points", [points(grade.score)]);
	return html`<div class="cl-card cl-grade-card">
		<div class="cl-label">${__("Credit Grade")}</div>
		<div class="cl-grade-line">
			${letter(grade)}
			<div>
				<div class="cl-value">${score}</div>
				<div class="cl-muted">${grade.meaning}</div>
			</div>
		</div>
		<div class="cl-pills">${pills(grade)}</div>
		${assessment ? html`<p class="cl-muted cl-basis">${assessment.basis}</p>` : ""}
		${policy_html(grade.policy)}
	</div>`;
}

function pills(grade) {
	const sources = {
		Assessment: [__("Assessed"), "blue"],
		Override: [__("Overridden"), "purple"],
		Reference: [__("Capped by Credit Reference"), "purple"],
	};
	const shown = sources[grade.source] ? [sources[grade.source]] : [];
	if (grade.confidence === "low") shown.push([__("Low Confidence"), "yellow"]);
	if (grade.confidence === "none") shown.push([__("No History"), "gray"]);
	if (grade.valid_to) {
		shown.push(
			grade.is_expired
				? [__("Expired on {0}", [day(grade.valid_to)]), "red"]
				: [__("Valid to {0}", [day(grade.valid_to)]), "gray"]
		);
	}
	return shown.map(([text, color]) => pill(text, color));
}

function policy_html(policy) {
	if (!policy) return "";
	const orders = { Off: __("No restriction"), Warn: __("Warning"), Hold: __("Put on hold") };
	const rows = [
		[__("Orders"), orders[policy.order_action] || ""],
		[__("Recommended Limit"), __("{0} months of sales", [points(policy.limit_months)])],
		[
			__("Prepayment (%)"),
			policy.prepayment_percent ? `${points(policy.prepayment_percent)} %` : "",
		],
		[__("Payment Terms"), policy.payment_terms_template],
		[
			__("Follow Up"),
			policy.follow_up_days ? __("every {0} days", [policy.follow_up_days]) : "",
		],
	];
	return facts_html(rows.filter(([, value]) => value));
}

function facts_html(rows) {
	return html`<dl class="cl-facts">${rows.map(
		([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`
	)}</dl>`;
}

export function assessment_html({ assessment }) {
	if (!assessment) return "";
	const { factors, deductions, lifts, unrated } = assessment;
	return html`<div class="cl-card cl-assessment">
		<div class="cl-card-head">
			<div class="cl-label">${__("Reasons")} <span class="cl-as-of">${__("As of {0}", [
				day(assessment.as_of),
			])}</span></div>
			${muted(form_link("Credit Assessment", assessment.name, __("Assessment")))}
		</div>
		<div class="cl-reasons">
			<div class="cl-factors">
				${unrated ? html`<p>${unrated}</p>` : ""}
				${factors.map((row) => factor_html(row, ""))}
				${deductions.map((row) => factor_html(row, "−"))}
			</div>
			<div>
				${chances_html(assessment)}
				${caps_html(assessment)}
				${lifts.map(lift_html)}
			</div>
		</div>
	</div>`;
}

function factor_html({ label, points: earned, of, reason }, sign) {
	const share = of ? earned / of : 0;
	const state = sign || share < 0.4 ? "cl-red" : share < 0.75 ? "cl-yellow" : "cl-green";
	return html`<div class="cl-factor">
		<div class="cl-factor-head"><span>${label}</span>
			<span class="cl-number">${sign}${points(earned)}${muted(` / ${points(of)}`)}</span></div>
		<div class="cl-track"><i class="${state}" style="width:${(share * 100).toFixed(1)}%"></i></div>
		<div class="cl-muted">${reason}</div>
	</div>`;
}

function chances_html(assessment) {
	return facts_html([
		[__("Probability of Late Payment"), percent(assessment.p_late)],
		[__("More than {0} Days Late", [assessment.serious_days]), percent(assessment.p_serious)],
		[__("Settled Invoices"), assessment.settled],
	]);
}

function caps_html({ caps, scored_grade, grade }) {
	if (!caps.length) return "";
	const scored =
		scored_grade === grade
			? ""
			: html`<p class="cl-muted">${__("By points alone: {0}", [scored_grade])}</p>`;
	return html`<div class="cl-capped"><h6>${__("Capped")}</h6>
		${caps.map((text) => html`<p>${text}</p>`)}${scored}</div>`;
}

function lift_html({ heading, sentences }) {
	return html`<h6>${heading}</h6><ul>${sentences.map((text) => html`<li>${text}</li>`)}</ul>`;
}

/** One column per month: its height the score, its colour the grade. */
export function trend_html({ trend, grades }) {
	if (!trend.some((month) => month.grade)) return "";
	const columns = trend.map((month) => month_html(month, grades));
	return card(__("Credit Grade (12 Months)"), html`<div class="cl-trend">${columns}</div>`);
}

function month_html({ month, grade, score }, grades) {
	const label = frappe.datetime.obj_to_str(frappe.datetime.str_to_obj(month)).slice(0, 7);
	const colors = ["green", "blue", "yellow", "orange", "red", "gray"];
	const place = Math.min(Math.max(grades.indexOf(grade), 0), colors.length - 1);
	const color = grade ? colors[place] : "none";
	const text = score === null ? "" : __("{0} of 100 points", [points(score)]);
	const height = score ?? (grade ? 4 : 0);
	return html`<div class="cl-month" title="${label} ${grade} ${text}">
		<span class="cl-month-grade">${grade === "Unrated" ? "–" : grade}</span>
		<span class="cl-column"><i class="cl-${color}" style="height:${height}%"></i></span>
		<span class="cl-muted">${label.slice(5)}</span>
	</div>`;
}
