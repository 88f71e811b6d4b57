// The grade: what it is, what it rests on and leads to, its reasons factor by factor, and how it moved in a year.

import { day, escape } from "../customer_ledger/format";

export function letter(grade, label, color, large = false) {
	const text = grade === "Unrated" ? "–" : grade;
	return `<span class="cl-grade ${large ? "cl-grade-large" : ""} cl-${escape(color)}"
		title="${escape(label)}">${escape(text)}</span>`;
}

export function percent(share, digits = 0) {
	return share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits)} %`;
}

export function points(value) {
	return value === null || value === undefined ? "–" : String(Math.round(value * 10) / 10);
}

export function grade_html({ grade, assessment }) {
	const score =
		grade.score === null
			? escape(grade.label)
			: __("{0} of 100 points", [points(grade.score)]);
	return `<div class="cl-card cl-grade-card">
		<div class="cl-label">${__("Credit Grade")}</div>
		<div class="cl-grade-line">
			${letter(grade.grade, grade.label, grade.color, true)}
			<div>
				<div class="cl-value">${score}</div>
				<div class="cl-muted">${escape(grade.meaning)}</div>
			</div>
		</div>
		<div class="cl-pills">${pills(grade)}</div>
		${assessment ? `<p class="cl-muted cl-basis">${escape(assessment.basis)}</p>` : ""}
		${policy_html(grade.policy)}
	</div>`;
}

function pills(grade) {
	const sources = {
		Assessment: [__("Assessed"), "blue"],
		Override: [__("Overridden"), "purple"],
		Reference: [__("Capped by a reference"), "purple"],
	};
	const shown = [sources[grade.source] || [__("Not assessed yet"), "gray"]];
	if (grade.confidence === "low") shown.push([__("Low confidence"), "yellow"]);
	if (grade.confidence === "none") shown.push([__("No history"), "gray"]);
	if (grade.valid_to) {
		shown.push(
			grade.is_expired
				? [__("Expired on {0}", [day(grade.valid_to)]), "red"]
				: [__("Valid to {0}", [day(grade.valid_to)]), "gray"]
		);
	}
	return shown
		.map(([text, color]) => `<span class="indicator-pill ${color} cl-pill">${text}</span>`)
		.join("");
}

function policy_html(policy) {
	if (!policy) return "";
	const orders = { Off: __("pass"), Warn: __("warn"), Hold: __("are held") };
	const rows = [
		[__("Orders"), orders[policy.order_action] || ""],
		[__("Recommended limit"), __("{0} months of sales", [points(policy.limit_months)])],
		[
			__("Prepayment"),
			policy.prepayment_percent ? `${points(policy.prepayment_percent)} %` : "",
		],
		[__("Payment terms"), escape(policy.payment_terms_template || "")],
		[
			__("Follow-up"),
			policy.follow_up_days ? __("every {0} days", [policy.follow_up_days]) : "",
		],
	];
	return facts_html(rows.filter(([, value]) => value));
}

export function facts_html(rows) {
	return `<dl class="cl-facts">${rows
		.map(([label, value]) => `<dt>${label}</dt><dd>${value}</dd>`)
		.join("")}</dl>`;
}

export function assessment_html({ assessment }) {
	if (!assessment) return "";
	const factors = assessment.factors.map((row) => factor_html(row, ""));
	const deductions = assessment.deductions.map((row) => factor_html(row, "−"));
	return `<div class="cl-card cl-assessment">
		<div class="cl-card-head">
			<div class="cl-label">${__("Why")} <span class="cl-as-of">${__("as of {0}", [
				day(assessment.as_of),
			])}</span></div>
			<a class="cl-muted" href="${escape(
				frappe.utils.get_form_link("Credit Assessment", assessment.name)
			)}">${__("Assessment")}</a>
		</div>
		<div class="cl-reasons">
			<div class="cl-factors">
				${assessment.unrated ? `<p>${escape(assessment.unrated)}</p>` : ""}
				${factors.join("")}${deductions.join("")}
			</div>
			<div>
				${chances_html(assessment)}
				${caps_html(assessment)}
				${assessment.lifts.map(lift_html).join("")}
			</div>
		</div>
	</div>`;
}

function factor_html({ label, points: earned, of, reason }, sign) {
	const share = of ? earned / of : 0;
	const state = sign || share < 0.4 ? "cl-red" : share < 0.75 ? "cl-yellow" : "cl-green";
	return `<div class="cl-factor">
		<div class="cl-factor-head"><span>${escape(label)}</span>
			<span class="cl-number">${sign}${points(earned)}<span class="cl-muted"> / ${points(
				of
			)}</span></span></div>
		<div class="cl-track"><i class="${state}" style="width:${(share * 100).toFixed(1)}%"></i></div>
		<div class="cl-muted">${escape(reason)}</div>
	</div>`;
}

function chances_html(assessment) {
	return facts_html([
		[__("Next invoice late"), percent(assessment.p_late)],
		[__("More than {0} days late", [assessment.serious_days]), percent(assessment.p_serious)],
		[__("Invoices settled"), assessment.settled],
	]);
}

function caps_html({ caps, scored_grade, grade }) {
	if (!caps.length) return "";
	const scored =
		scored_grade === grade
			? ""
			: `<p class="cl-muted">${__("By points alone: {0}", [escape(scored_grade)])}</p>`;
	return `<div class="cl-capped"><h6>${__("Capped")}</h6>
		${caps.map((text) => `<p>${escape(text)}</p>`).join("")}${scored}</div>`;
}

function lift_html({ heading, sentences }) {
	return `<h6>${escape(heading)}</h6>
		<ul>${sentences.map((text) => `<li>${escape(text)}</li>`).join("")}</ul>`;
}

/** One column per month: its height the score, its colour the grade. */
export function trend_html({ trend, grades }) {
	if (!trend.some((month) => month.grade)) return "";
	const columns = trend.map(({ month, grade, score }) => {
		const label = frappe.datetime.obj_to_str(frappe.datetime.str_to_obj(month)).slice(0, 7);
		const place = grades.indexOf(grade);
		const colors = ["green", "blue", "yellow", "orange", "red", "gray"];
		const color = grade ? colors[Math.min(Math.max(place, 0), 5)] : "none";
		const text = score === null ? "" : __("{0} of 100 points", [points(score)]);
		return `<div class="cl-month" title="${escape(`${label} ${grade || ""} ${text}`)}">
			<span class="cl-month-grade">${escape(grade === "Unrated" ? "–" : grade || "")}</span>
			<span class="cl-column"><i class="cl-${color}" style="height:${
				score ?? (grade ? 4 : 0)
			}%"></i></span>
			<span class="cl-muted">${label.slice(5)}</span>
		</div>`;
	});
	return `<div class="cl-card">
		<div class="cl-label">${__("Grade, 12 Months")}</div>
		<div class="cl-trend">${columns.join("")}</div>
	</div>`;
}
