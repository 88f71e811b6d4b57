// The page's early warnings: what is raised today, each signal's own record, and how the score ranks. `page` is what they are drawn with.
"use strict";

window.warning_parts = (page) => {
	const { __, word, el, $, plain, cell, heading, table, said } = page;
	const percent = (share) => (share === null || share === undefined ? "–" : `${plain(share * 100, 1)} %`);
	const number = (value, digits) => (value === null || value === undefined ? "–" : plain(value, digits));

	const between = (interval) => (interval ? ` (${plain(interval[0], 1)}–${plain(interval[1], 1)})` : "");

	function draw(company, href_of) {
		const found = company.warnings;
		$("warnings").hidden = !found.weeks;
		if (!found.weeks) return;
		$("warning-count").textContent = plain(found.raised);
		$("warning-now").replaceChildren(now(found, company, href_of));
		$("warning-risky").replaceChildren(...riskiest(found, company, href_of));
		$("warning-records").replaceChildren(
			el("h3", {}, __("Record of Each Signal, {0} Weeks", plain(found.weeks))), records(found),
			el("p", { class: "sub" }, about(found)));
		$("warning-score").replaceChildren(el("h3", {}, __("The Tenth of the Customers at Highest Risk")), ...score(found));
	}

	function link(id, name, company, href_of) {
		const account = company.accounts.find((row) => row.id === id);
		return account ? el("a", { href: href_of(account) }, name) : name;
	}

	function riskiest(found, company, href_of) {
		if (!found.riskiest.length) return [];
		const headings = [__("Customer"), __("Grade"), __("P(Turns Bad)"), __("Raised by")];
		const rows = found.riskiest.map((one) => el("tr", {},
			el("td", { class: "lead name" }, link(one.customer, one.name, company, href_of)), cell(headings[1], word(one.grade)), cell(headings[2], percent(one.score), "num"),
			cell(headings[3], one.raised_by.map((name) => word(name)).join(", "), "wide why")));
		return [el("h3", {}, __("Likeliest to Turn Bad")), table(headings.map((label, i) => heading(label, i === 2)), rows)];
	}

	function now(found, company, href_of) {
		if (!found.now.length) return el("p", { class: "sub" }, __("No signal that is on is raised today."));
		const headings = [__("Customer"), __("Signal"), __("Why"), __("Proposed Action"), __("P(Turns Bad)")];
		const rows = found.now.map((one) => {
			const name = one.customer ? one.name : __("The company");
			return el("tr", { "data-signal": one.signal },
				el("td", { class: "lead name" }, link(one.customer, name, company, href_of)), cell(headings[1], word(one.signal), "wide"),
				cell(headings[2], said(one.because), "wide why"), cell(headings[3], word(one.action), "wide"), cell(headings[4], percent(one.score), "num wide"));
		});
		const shown = table(headings.map((label, i) => heading(label, i === 4)), rows);
		return found.raised > found.now.length ? el("div", {}, shown, el("p", { class: "sub" }, __("The first {0} of {1} warnings.", plain(found.now.length), plain(found.raised)))) : shown;
	}

	function records(found) {
		const headings = [__("Signal"), __("Raised"), __("Judged"), __("Turned Bad"), __("Base Rate"), __("Lift"), __("Lead Time (Days)"), __("Status")];
		const rows = found.signals.map((one) => el("tr", { "data-code": one.code },
			el("td", { class: "lead", title: word(one.meaning) }, word(one.name)), cell(headings[1], plain(one.raised), "num"), cell(headings[2], plain(one.judged), "num"),
			cell(headings[3], plain(one.bad), "num"), cell(headings[4], one.judged ? percent(one.base_rate) : "–", "num"), cell(headings[5], number(one.lift, 2), "num name"),
			cell(headings[6], number(one.lead_days, 0), "num"), cell(headings[7], status(one), "wide")));
		return table(headings.map((label, i) => heading(label, i > 0 && i < 7)), rows);
	}

	function status(one) {
		if (one.company) return el("span", { class: "pill" }, __("On: judgement"));
		if (one.is_on) return el("span", { class: "pill green" }, __("On: beats the base rate"));
		if (one.verdict === "Too Few to Tell") return el("span", { class: "pill grey" }, __("Off: too few warnings to tell"));
		return el("span", { class: "pill grey" }, __("Off: no better than the base rate"));
	}

	function about(found) {
		const parts = [
			__("Raised: times the signal would have been raised. Judged: of these, on customers that were not bad already, and 90 days are over. Bad: a quarter or more of what falls due in 90 days is paid seriously late."),
			__("{0} of {1} times that a customer turned bad, a signal that is on had warned before.", plain(found.caught), plain(found.turns)),
			__("{0} customers are bad already and not listed.", plain(found.bad_now)),
		];
		if (found.tested !== found.invoices) parts.push(__("Tested on {0} of {1} invoices.", plain(found.tested), plain(found.invoices)));
		return parts.join(" ");
	}

	function score(found) {
		const ranked = found.early.filter((one) => one.lift !== null);
		if (!ranked.length) return [el("p", { class: "sub" }, __("Too few customers turned bad to learn a combined score."))];
		const headings = [__("Ranked by"), __("Turned Bad"), __("Base Rate"), __("Lift"), __("Share of All Found"), "AUC"];
		const rows = ranked.map((one) => el("tr", {},
			el("td", { class: "lead" }, word(one.label)), cell(headings[1], `${plain(one.top_bad)} / ${plain(one.top)}`, "num"), cell(headings[2], percent(one.base_rate), "num"),
			cell(headings[3], `${number(one.lift, 2)}${between(one.interval)}`, "num name"), cell(headings[4], percent(one.caught), "num"), cell(headings[5], number(one.auc, 3), "num")));
		const used = found.is_combined === false ? [el("p", { class: "sub" }, __("All evidence together predicted no better than the grade alone: the grade alone is used."))] : [];
		return [table(headings.map((label, i) => heading(label, i > 0)), rows), ...used];
	}

	return { draw };
};
