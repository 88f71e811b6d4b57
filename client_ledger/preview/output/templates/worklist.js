// The page's worklist: whom to call today, in order, and why. `page` is what it draws with.
"use strict";

window.worklist_parts = (page) => {
	const { __, el, $, amount, plain, cell, heading, money, table, more, said, badge, open_row } = page;
	const CALL = { place: 0, points: 1, to_chase: 2, expected: 3, reasons: 4 };
	const FIRST = 10;
	const state = { search: "", shown: FIRST };

	function draw(company, href) {
		const rows = chosen(company);
		$("call-search").placeholder = __("Search customer or reason");
		$("call-search").setAttribute("aria-label", __("Search"));
		$("call-count").textContent = rows.length === company.calls.rows.length ? plain(rows.length) : `${plain(rows.length)} / ${plain(company.calls.rows.length)}`;
		$("call-about").textContent = about(company);
		const show = (shown) => { state.shown = shown; draw(company, href); };
		const body = rows.slice(0, state.shown).map(([rank, call]) => call_row(rank, call, company, href));
		const none = company.calls.rows.length ? __("No customer matches.") : __("No calls due today");
		$("calls").replaceChildren(...(rows.length ? [table(headings(), body), more(state.shown, rows.length, show) || ""] : [el("p", { class: "empty" }, none)]));
	}

	function about(company) {
		const sum = company.calls.rows.reduce((total, call) => total + call[CALL.to_chase], 0);
		const text = __("Collectable: {0} {1}. Ranked by points for amount, age and grade.", amount(sum), company.currency);
		return company.calls.covered ? `${text} ${__("Not listed because unallocated payments cover the overdue amount: {0}.", plain(company.calls.covered))}` : text;
	}

	function chosen(company) {
		const wanted = state.search.trim().toLowerCase();
		const texts = (call) => [company.accounts[call[CALL.place]].name, company.accounts[call[CALL.place]].id, ...said(call[CALL.reasons])];
		return company.calls.rows.map((call, i) => [i + 1, call])
			.filter(([, call]) => !wanted || texts(call).some((text) => text.toLowerCase().includes(wanted)));
	}

	function headings() {
		return [heading("#", true), heading(__("Customer")), heading(__("Credit Grade")), heading(__("Collectable Overdue"), true), heading(__("Oldest Item (Days)"), true),
			heading(__("Reasons")), heading(__("Last Payment")), heading(__("Expected")), heading(__("Points"), true)];
	}

	function call_row(rank, call, company, href) {
		const account = company.accounts[call[CALL.place]];
		return open_row(href(account), "call",
			cell("", plain(rank), "num rank"),
			el("td", { class: "lead", "data-rank": rank }, el("div", {}, el("a", { class: "name", href: href(account) }, account.name), el("div", { class: "sub" }, about_account(account)))),
			cell(__("Credit Grade"), badge(account), "nowrap"), money(__("Collectable Overdue"), call[CALL.to_chase], "name"),
			cell(__("Oldest Item (Days)"), plain(account.oldest_days), "num"),
			cell(__("Reasons"), el("ul", { class: "reasons" }, said(call[CALL.reasons]).map((reason) => el("li", {}, reason))), "wide why"),
			cell(__("Last Payment"), account.last_payment, "nowrap"), cell(__("Expected"), call[CALL.expected], "nowrap"),
			cell(__("Points"), plain(call[CALL.points]), "num"));
	}

	function about_account(account) {
		return [account.name === account.id ? "" : account.id, account.group, account.sales_person].filter(Boolean).join(" · ");
	}

	function search(text) {
		Object.assign(state, { search: text, shown: FIRST });
	}

	function show_all() {
		state.shown = Infinity;
	}

	return { draw, search, show_all };
};
