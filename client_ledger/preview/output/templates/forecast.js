// The page's forecast of cash by week: expected, the range of each week's total, its record, what would be if. `page` is what it draws with.
"use strict";

window.forecast_parts = (page) => {
	const { __, word, el, $, amount, plain, compact, cell, heading, table, charts, chip } = page;
	const WEEK = { expected: 0, low: 1, high: 2, by_due_date: 3, naive: 4 };
	const SCENARIO = { name: 0, customer: 1, days: 2, weeks: 3 };
	const state = { currency: null };
	const percent = (share) => (share === null || share === undefined ? "–" : `${plain(share * 100, 1)} %`);

	function draw(company) {
		const all = company.forecasts;
		$("forecast").hidden = !all.length;
		if (!all.length) return;
		if (!all.some((one) => one.currency === state.currency)) state.currency = all.some((one) => one.currency === company.currency) ? company.currency : all[0].currency;
		const found = all.find((one) => one.currency === state.currency);
		const press = (currency) => () => { state.currency = currency; draw(company); };
		$("forecast-currencies").replaceChildren(...(all.length > 1 ? all.map((one) => chip(one.currency, one.weeks.length, one.currency === state.currency, press(one.currency))) : []));
		draw_chart(found);
		$("forecast-weeks").replaceChildren(weeks(found), later(found));
		$("forecast-record").replaceChildren(el("h3", {}, __("Record of Past Forecasts")), ...record(found));
		$("forecast-large").replaceChildren(...large(found));
	}

	function column(found, place) {
		return found.weeks.map((week) => week[place]);
	}

	function draw_chart(found) {
		if (charts.forecast) charts.forecast.destroy();
		const line = (label, data, more) => ({ type: "line", label, data, pointRadius: 0, borderWidth: 1, ...more });
		charts.forecast = new Chart($("forecast-chart"), {
			type: "bar",
			data: {
				labels: found.days.map((day) => day.slice(5)),
				datasets: [
					line("P90", column(found, WEEK.high), { borderColor: "#7fa0f2", backgroundColor: "rgba(47, 91, 234, .14)", fill: "+1" }),
					line("P10", column(found, WEEK.low), { borderColor: "#7fa0f2", backgroundColor: "transparent" }),
					{ label: __("Expected"), data: column(found, WEEK.expected), backgroundColor: "#2f5bea", borderRadius: 3, maxBarThickness: 18 },
					{ label: __("By Due Date"), data: column(found, WEEK.by_due_date), backgroundColor: "#c9d2e3", borderRadius: 3, maxBarThickness: 18 },
				],
			},
			options: {
				animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
				plugins: {
					legend: { position: "bottom", labels: { boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 } },
					tooltip: { callbacks: {
						title: (items) => __("Week from {0}", found.days[items[0].dataIndex]),
						label: (item) => `${item.dataset.label}: ${amount(item.raw)} ${found.currency}`,
					} },
				},
				scales: {
					x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 14 } },
					y: { border: { display: false }, ticks: { maxTicksLimit: 6, callback: compact } },
				},
			},
		});
	}

	function scenario_label(scenario) {
		return {
			without: __("Without {0}", scenario[SCENARIO.customer] || "–"),
			later: __("Everybody {0} Days Later", plain(scenario[SCENARIO.days])),
			worse: __("Everybody a Grade Worse"),
		}[scenario[SCENARIO.name]];
	}

	function weeks(found) {
		const headings = [__("Week from"), __("Expected"), "P10", "P90", __("By Due Date"), __("Same Week Earlier"), ...found.scenarios.map(scenario_label)];
		const rows = found.weeks.map((week, i) => {
			const values = [...week, ...found.scenarios.map((one) => one[SCENARIO.weeks + i])];
			return el("tr", {}, el("td", { class: "lead nowrap" }, found.days[i]),
				values.map((value, place) => cell(headings[place + 1], value === null ? "" : amount(value), `num ${place ? "" : "name"}`)));
		});
		return table(headings.map((label, i) => heading(label, i > 0)), rows);
	}

	function later(found) {
		const sources = Object.entries(found.sources).filter(([_name, value]) => value).map(([name, value]) => `${word(name)} ${amount(value)}`).join(" · ");
		return el("p", { class: "sub" }, __("P10 to P90 is the range of the week's total. After the last week, or never: {0} {1}.", amount(found.later), found.currency), sources ? ` ${__("Expected from: {0}", sources)}` : "", ` ${__("What customers have on account is taken off their oldest items.")}`);
	}

	// The record

	function record(found) {
		if (!found.scores) return [el("p", { class: "sub" }, __("There are no past forecasts to compare yet."))];
		const rows = found.scores.filter((score) => score.model[0] !== null).map((score) => el("tr", {},
			el("td", { class: "lead" }, `${score.first}–${score.last}`), cell(__("Forecasts"), plain(score.forecasts), "num"),
			error(__("Error (WAPE)"), score.model[0], score.lost_to.length ? "late" : "name"), error(__("Error by Due Date"), score.due_date[0], score.lost_to.includes("due_date") ? "name" : ""),
			error(__("Error of the Same Week Earlier"), score.naive[0], score.lost_to.includes("naive") ? "name" : ""), error(__("Bias"), score.model[1]), error(__("Within P10 to P90"), score.covered)));
		const headings = [__("Weeks"), __("Forecasts"), __("Error (WAPE)"), __("Error by Due Date"), __("Error of the Same Week Earlier"), __("Bias"), __("Within P10 to P90")];
		return [table(headings.map((label, i) => heading(label, i > 0)), rows), ...found.scores.map(verdict), el("p", { class: "sub" }, about(found))];
	}

	function error(label, share, kind) {
		return cell(label, percent(share), `num ${kind || ""}`);
	}

	function verdict(score) {
		if (score.model[0] === null) return el("p", { class: "sub" }, __("Weeks {0} to {1}: too few past forecasts.", score.first, score.last));
		const lost = { due_date: __("due dates"), naive: __("the same week earlier") };
		if (score.lost_to.length) return el("p", { class: "late" }, __("Weeks {0} to {1}: {2} did better than this forecast.", score.first, score.last, score.lost_to.map((name) => lost[name]).join(", ")));
		return el("p", { class: "sub" }, __("Weeks {0} to {1}: better than due dates and than the same week earlier.", score.first, score.last));
	}

	function about(found) {
		const text = __("Each forecast was made from what was known on its day and compared with what of its open invoices was paid in each week.");
		return found.tested === found.invoices ? text : `${text} ${__("Tested on {0} of {1} invoices.", plain(found.tested), plain(found.invoices))}`;
	}

	function large(found) {
		if (!found.large.length) return [];
		const rows = found.large.map(([customer, reference, value, week, probability, source]) => el("tr", {},
			el("td", { class: "lead name" }, customer), cell(__("Document"), reference), cell(__("Source"), word(source)), cell(__("Amount"), amount(value), "num"),
			cell(__("Most Likely in Week"), plain(week), "num"), cell(__("Probability"), percent(probability), "num")));
		return [el("h3", {}, __("Large Amounts")), table([heading(__("Customer")), heading(__("Document")), heading(__("Source")), heading(__("Amount"), true), heading(__("Most Likely in Week"), true), heading(__("Probability"), true)], rows)];
	}

	return { draw };
};
