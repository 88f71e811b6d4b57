// The page's credit parts: grades, expected cash, the backtest, one customer's assessment. `page` is what they draw with.
"use strict";

window.credit_parts = (page) => {
	const { __, word, el, $, amount, plain, compact, cell, heading, table, charts, said } = page;
	const FACTOR = { label: 0, points: 1, of: 2, said: 3 };
	const TEST_ROWS = ["Due date", "Customer mean", "This method"];

	const percent = (share) => (share === null || share === undefined ? "–" : `${plain(share * 100, 1)} %`);
	const sum = (values) => values.reduce((total, value) => total + value, 0);

	function letter(grade) {
		return el("span", { class: `grade grade-${grade}` }, grade === "Unrated" ? "–" : grade);
	}

	function badge(account) {
		const title = account.score === null ? word("Unrated") : __("{0} of 100 points", plain(account.score, 1));
		const sub = account.score === null ? word("Unrated") : plain(account.score, 1);
		return el("span", { class: "graded", title }, letter(account.grade), el("span", { class: "sub" }, sub, account.confidence === "low" ? el("i", { class: "unsure", title: word("Low confidence") }, "?") : ""));
	}

	// The company

	function grades(all, company, chosen, press) {
		const rows = all.map((grade) => {
			const accounts = company.accounts.filter((account) => account.grade === grade);
			return { grade, count: accounts.length, owed: sum(accounts.map((account) => Math.max(account.receivable, 0))) };
		}).filter((row) => row.count);
		const whole = sum(rows.map((row) => row.owed));
		const largest = Math.max(...rows.map((row) => row.owed), 1);
		return [el("div", { class: "grades" }, rows.map((row) => el("button", {
			type: "button", "aria-pressed": String(chosen === row.grade), "data-grade": row.grade, onclick: () => press(row.grade),
		},
		letter(row.grade), el("span", { class: "share-bar" }, el("i", { class: `grade-${row.grade}`, style: `width:${(row.owed / largest) * 100}%` })),
		el("span", { class: "num" }, amount(row.owed)), el("span", { class: "num sub" }, whole ? percent(row.owed / whole) : ""),
		el("span", { class: "num sub" }, __("{0} customers", plain(row.count)))))),
		el("p", { class: "sub" }, __("Based on how invoices were paid; A is the best grade. Each customer's page shows the rules and points."))];
	}

	function draw_cash(company) {
		const found = company.credit;
		if (charts.cash) charts.cash.destroy();
		const set = (label, values, colour) => ({ label, data: values.slice(0, found.weeks.length), backgroundColor: colour, borderRadius: 3, maxBarThickness: 18 });
		charts.cash = new Chart($("cash"), {
			type: "bar",
			data: {
				labels: found.weeks.map((day) => day.slice(5)),
				datasets: [set(__("Expected"), found.expected, found.weeks.map((day, week) => (week < found.near_weeks ? "#2f5bea" : "#9db3f5"))), set(__("By Due Date"), found.by_due_date, "#c9d2e3")],
			},
			options: {
				animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
				plugins: {
					legend: { position: "bottom", labels: { boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 } },
					tooltip: { callbacks: {
						title: (items) => __("Week from {0}", found.weeks[items[0].dataIndex]),
						label: (item) => `${item.dataset.label}: ${amount(item.raw)} ${company.currency}`,
					} },
				},
				scales: {
					x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 14 } },
					y: { border: { display: false }, ticks: { maxTicksLimit: 6, callback: compact } },
				},
			},
		});
		const weeks = found.weeks.length;
		const near = found.near_weeks;
		const sums = __("Expected cash: {0} {1} in weeks 1 to {2}, {3} in weeks {4} to {5}, {6} later. By due date, all overdue items would be paid next week: {7} in {5} weeks.",
			amount(sum(found.expected.slice(0, near))), company.currency, plain(near), amount(sum(found.expected.slice(near, weeks))), plain(near + 1), plain(weeks),
			amount(found.expected[weeks]), amount(sum(found.by_due_date.slice(0, weeks))));
		const warned = found.later_by_due_date ? ` ${__("For weeks {0} to {1}, due dates performed better in the past.", plain(near + 1), plain(weeks))}` : "";
		$("cash-sums").textContent = `${sums}${warned}`;
	}

	// The backtest

	function draw_test(place, credit, company) {
		const found = credit.test;
		place.hidden = !found;
		if (!found) return;
		place.replaceChildren(el("details", { class: "test" },
			el("summary", {}, el("h2", {}, __("Grade Validation")), el("span", { class: `pill ${{ holds: "green", unclear: "orange", fails: "red" }[found.verdict] || ""}` }, verdict_label(found)), el("span", { class: "sub" }, verdict(found))),
			el("div", { class: "tests" }, grade_test(found), forecast_test(found)),
			el("p", { class: "sub" }, about(credit, found, company))));
	}

	function verdict_label(found) {
		return { holds: __("Predictive"), unclear: __("Unclear"), fails: __("Not Predictive") }[found.verdict] || __("Insufficient Data");
	}

	function verdict(found) {
		if (found.first === null) return __("The history is too short to compare grades with later payments.");
		if (found.verdict === "too_few") return __("Insufficient data: only {0} customers turned bad.", plain(found.bad_customers));
		if (found.verdict === "holds") return __("The grades are predictive: lower grades turn bad more often, and they separate better than the on-time ratio.");
		if (found.verdict === "unclear") return __("Unclear: the grades are not in order throughout, but the deviations are within chance.");
		if (!found.monotone) return __("The grades are not predictive: a higher grade turned bad more often than a lower one.");
		return __("The grades are not predictive: the on-time ratio separates better.");
	}

	function grade_test(found) {
		const rows = found.grades.filter((row) => row[1]).map(([grade, assessments, bad, rate]) => el("tr", {},
			el("td", { class: "lead" }, grade === "Unrated" ? word(grade) : letter(grade)), cell(__("Assessments"), plain(assessments), "num"),
			cell(__("Turned Bad"), plain(bad), "num"), cell(__("Bad Rate"), percent(rate), "num name")));
		const facts = [
			[__("AUC"), plain(found.auc, 3), __("on-time ratio {0}", plain(found.auc_on_time, 3))],
			[__("Gini"), plain(found.gini, 3)], [__("KS"), plain(found.ks, 3)],
			[__("Calibration Error"), plain(found.calibration, 3)],
			[__("Grade Unchanged for a Month"), percent(found.kept), __("moved two or more grades: {0}", percent(found.far))],
		];
		return el("div", {}, el("h3", {}, __("Credit Grades")),
			rows.length ? table([heading(__("Credit Grade")), heading(__("Assessments"), true), heading(__("Turned Bad"), true), heading(__("Bad Rate"), true)], rows, "plain") : "",
			found.first ? facts_list(facts) : "");
	}

	function forecast_test(found) {
		const best = Math.min(...found.mae.filter((mae) => mae !== null));
		const dates = found.mae.map((mae, i) => el("tr", {}, el("td", {}, method_label(TEST_ROWS[i])), cell(__("Mean Error (Days)"), plain(mae, 2), `num ${mae === best ? "name" : ""}`)));
		return el("div", {}, el("h3", {}, __("Expected Payment Dates")),
			found.mae[2] === null ? el("p", { class: "sub" }, __("Too few invoices to test.")) : table([heading(__("Forecast")), heading(__("Mean Error (Days)"), true)], dates, "plain"),
			found.coverage === null ? "" : el("p", { class: "sub" }, __("{0} invoices; P10 to P90 covers {1}.", plain(found.invoices), percent(found.coverage)), found.mae[2] > best ? ` ${__("A simpler forecast performed better here.")}` : ""),
			cash_test(1, found.weeks, found.wape), cash_test(...found.later_weeks, found.later_wape));
	}

	function cash_test(first, last, wapes) {
		const least = Math.min(...wapes.filter((wape) => wape !== null));
		const rows = wapes.map((wape, i) => el("tr", {}, el("td", {}, method_label(TEST_ROWS[i * 2])), cell(__("Error"), percent(wape), `num ${wape === least ? "name" : ""}`)));
		return el("div", {}, el("h3", {}, __("Weekly Cash, Weeks {0} to {1}", plain(first), plain(last))),
			wapes[1] === null ? el("p", { class: "sub" }, __("Too few invoices to test.")) : table([heading(__("Forecast")), heading(__("Error"), true)], rows, "plain"),
			wapes[1] > least ? el("p", { class: "sub" }, __("A simpler forecast performed better here.")) : "");
	}

	function method_label(text) {
		return { "Due date": __("Due Date"), "Customer mean": __("Customer Average"), "This method": __("This Method") }[text];
	}

	function about(credit, found, company) {
		const text = __("Graded month by month from what was known at the time and compared with the following 90 days. Bad: at least a quarter of the amount due was paid more than {0} days late. {1} invoices until {2}.",
			found.serious_days.join("–") || "–", plain(found.lines), found.until);
		if (credit.tested_customers === credit.customers) return text;
		return `${text} ${__("Tested on {0} of {1} customers. To test all of them: {2}", plain(credit.tested_customers), plain(credit.customers), `client-ledger backtest --db STORE --company "${company}"`)}`;
	}

	function facts_list(rows) {
		return el("dl", { class: "facts" }, rows.flatMap(([label, value, note]) => [el("dt", {}, label), el("dd", {}, value, note ? el("span", { class: "sub" }, ` ${note}`) : "")]));
	}

	// One customer

	function assessment(account, found) {
		const points = account.score === null ? word("Unrated") : __("{0} of 100 points", plain(account.score, 1));
		return [
			el("div", { class: "credit-head" }, letter(account.grade),
				el("div", {}, el("h2", {}, __("Credit Grade")), el("div", { class: "sub" }, points, " · ", said(found.basis)))),
			el("div", { class: "credit" },
				el("div", { class: "factors" }, found.unrated ? el("p", {}, said(found.unrated)) : "", found.factors.map((row) => factor(row, "")), found.deductions.map((row) => factor(row, "−"))),
				el("div", { class: "beside" }, chances(account, found), caps(account, found), found.lifts.map(lift))),
		];
	}

	function factor(row, sign) {
		const share = row[FACTOR.of] ? row[FACTOR.points] / row[FACTOR.of] : 0;
		const kind = sign || share < 0.4 ? "low" : share < 0.75 ? "middle" : "high";
		return el("div", { class: "factor" },
			el("div", { class: "factor-head" }, el("span", { class: "name" }, word(row[FACTOR.label])), el("span", { class: "num" }, `${sign}${plain(row[FACTOR.points], 1)}`, el("span", { class: "sub" }, ` / ${plain(row[FACTOR.of], 1)}`))),
			el("div", { class: "share-bar" }, el("i", { class: kind, style: `width:${share * 100}%` })),
			el("div", { class: "sub" }, said(row.slice(FACTOR.said))));
	}

	function chances(account, found) {
		return facts_list([
			[__("Probability of Late Payment"), percent(account.p_late)],
			[__("More than {0} Days Late", plain(found.serious_days)), percent(found.p_serious)],
			[__("Confidence"), word({ none: "No history", low: "Low confidence", normal: "Normal confidence" }[account.confidence])],
			[__("Settled Invoices"), plain(found.settled)],
		]);
	}

	function caps(account, found) {
		if (!found.caps.length) return "";
		return el("div", { class: "capped" }, el("h3", {}, __("Capped")), found.caps.map((row) => el("p", {}, said(row))),
			found.scored_grade === account.grade ? "" : el("p", { class: "sub" }, __("By points alone: {0}", found.scored_grade)));
	}

	function lift([title, sentences]) {
		return el("div", {}, el("h3", {}, said(title)), el("ul", {}, sentences.map((row) => el("li", {}, said(row)))));
	}

	function expected(day, earliest, latest, p_late) {
		return el("div", {}, day, el("div", { class: "sub" }, `${earliest} – ${latest}`, p_late < 1 ? ` · ${__("Late: {0}", percent(p_late))}` : ""));
	}

	return { badge, grades, draw_cash, draw_test, assessment, expected };
};
