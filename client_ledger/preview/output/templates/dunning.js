// The page's dunning: what each shipped policy would send today, and what it would have sent. `page` is what it draws with.
"use strict";

window.dunning_parts = (page) => {
	const { __, word, el, $, amount, plain, cell, heading, table, more, charts, chip, open_row } = page;
	const NOTICE = { place: 0, step: 1, as_of: 2, items: 3, total: 4, currency: 5, reason: 6 };
	const STEP_COLOURS = ["#9db8f5", "#f4cf6a", "#f2a65a", "#d4473c", "#7d1320"];
	const FIRST = 10;
	const state = { policy: "Standard", search: "", shown: FIRST };

	function draw(company, href) {
		const policies = company.dunning.policies;
		const press = (name) => () => { Object.assign(state, { policy: name, shown: FIRST }); draw(company, href); };
		$("policies").replaceChildren(...policies.map((policy) => chip(word(policy.name), going(policy).length, policy.name === state.policy, press(policy.name))));
		$("plan-search").placeholder = __("Search customer or step");
		$("plan-search").setAttribute("aria-label", __("Search"));
		draw_replay(company);
		draw_months(chosen(company));
		draw_plan(company, href);
	}

	function chosen(company) {
		return company.dunning.policies.find((policy) => policy.name === state.policy);
	}

	function going(policy) {
		return policy.notices.filter((notice) => !notice[NOTICE.reason]);
	}

	// The past

	function draw_replay(company) {
		const { policies, customers, replayed } = company.dunning;
		const figures = [__("Notices"), __("Customers"), __("To Customers Who Paid within Two Days Anyway"), __("Maximum per Customer in a Week")];
		const rows = figures.map((label, i) => el("tr", {}, el("td", {}, label), policies.map((policy) =>
			el("td", { class: `num ${policy.name === state.policy ? "name" : ""}` }, plain(policy.past[i])))));
		const part = replayed === customers ? "" : ` ${__("Replayed on {0} of {1} customers; client-ledger dunning replay covers all of them.", plain(replayed), plain(customers))}`;
		$("replay").replaceChildren(el("h3", {}, __("Notices by Policy in the Last 12 Months (Replay)")),
			table([heading(""), policies.map((policy) => heading(word(policy.name), true))].flat(), rows, "plain"),
			el("p", { class: "sub" }, __("Assumes that no payment was caused by a notice: payments keep their actual dates."), part));
	}

	function draw_months(policy) {
		if (charts.dunned) charts.dunned.destroy();
		charts.dunned = new Chart($("dunned"), {
			type: "bar",
			data: {
				labels: policy.months.map((row) => row[0]),
				datasets: policy.steps.map((name, i) => ({ label: `${i + 1}. ${word(name)}`, data: policy.months.map((row) => row[i + 1]), backgroundColor: STEP_COLOURS[i], maxBarThickness: 26 })),
			},
			options: {
				animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
				plugins: { legend: { position: "bottom", labels: { boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: 3 } } },
				scales: {
					x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 14 } },
					y: { stacked: true, border: { display: false }, ticks: { maxTicksLimit: 6, precision: 0 } },
				},
			},
		});
	}

	// Today

	function draw_plan(company, href) {
		const policy = chosen(company);
		const rows = found(company, policy);
		const sends = going(policy).length;
		$("plan-title").textContent = __("{0}, activated today: {1} notices would be sent, {2} would not", word(policy.name), plain(sends), plain(policy.notices.length - sends));
		const show = (shown) => { state.shown = shown; draw_plan(company, href); };
		const body = rows.slice(0, state.shown).map((notice) => notice_row(notice, company, policy, href));
		const none = policy.notices.length ? __("No customer matches.") : __("No dunning steps are due.");
		$("plan").replaceChildren(...(rows.length ? [table(headings(), body), more(state.shown, rows.length, show) || ""] : [el("p", { class: "empty" }, none)]));
	}

	function found(company, policy) {
		const wanted = state.search.trim().toLowerCase();
		const texts = (notice) => {
			const account = company.accounts[notice[NOTICE.place]];
			return [account.name, account.id, step_label(policy, notice), word(notice[NOTICE.reason] || "")];
		};
		return policy.notices.filter((notice) => !wanted || texts(notice).some((text) => text.toLowerCase().includes(wanted)));
	}

	function headings() {
		return [heading(__("Customer")), heading(__("Step")), heading(__("As Of")), heading(__("Open Items"), true), heading(__("Total"), true), heading(__("Reason Not Sent"))];
	}

	function step_label(policy, notice) {
		return word(policy.steps[notice[NOTICE.step]]);
	}

	function notice_row(notice, company, policy, href) {
		const account = company.accounts[notice[NOTICE.place]];
		const reason = notice[NOTICE.reason];
		return open_row(href(account), "dun",
			el("td", { class: "lead" }, el("div", {}, el("a", { class: "name", href: href(account) }, account.name))),
			cell(__("Step"), step_label(policy, notice), "nowrap"), cell(__("As Of"), notice[NOTICE.as_of], "nowrap"),
			cell(__("Open Items"), reason ? "" : plain(notice[NOTICE.items]), "num"),
			cell(__("Total"), reason && !notice[NOTICE.total] ? "" : `${amount(notice[NOTICE.total])} ${notice[NOTICE.currency]}`, "num name"),
			cell(__("Reason Not Sent"), reason ? word(reason) : "", "wide"));
	}

	function search(text) {
		Object.assign(state, { search: text, shown: FIRST });
	}

	function show_all() {
		state.shown = Infinity;
	}

	return { draw, draw_plan, search, show_all };
};
