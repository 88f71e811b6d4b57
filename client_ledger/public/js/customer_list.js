// The credit grade, the dunning level and what is owed behind each name in the Customer list. What other apps do there is
// left as it is.

(() => {
	const settings = (frappe.listview_settings["Customer"] =
		frappe.listview_settings["Customer"] || {});
	const others = settings.refresh;
	settings.refresh = function (list) {
		if (others) others.call(this, list);
		show_figures(list);
	};

	const PARTS = [
		["client_ledger.credit.api.customer_grades", grade_pill],
		["client_ledger.dunning.api.customer_levels", level_pill],
		["client_ledger.ledger_tab.api.customer_balances", balance_text],
	];

	function show_figures(list) {
		const links = Array.from(list.$result[0].querySelectorAll(".list-subject a[data-name]"));
		if (!links.length || !frappe.model.can_read("Client Account")) return;
		const customers = [...new Set(links.map((link) => link.dataset.name))];
		PARTS.forEach(([method, part], i) => show(links, customers, method, part, i));
	}

	async function show(links, customers, method, part, i) {
		const { message: found } = await frappe.call({
			method,
			type: "POST",
			args: { customers },
		});
		links.forEach((link) => {
			let place = link.parentElement.querySelector(".cl-list-figures");
			if (!place) {
				place = document.createElement("span");
				place.className = "cl-list-figures";
				// One place each, so that they stand in the same order whichever answer comes first.
				place.append(...PARTS.map(() => document.createElement("span")));
				link.insertAdjacentElement("afterend", place);
			}
			const figures = found[link.dataset.name];
			place.children[i].replaceChildren(...(figures ? [part(figures)] : []));
		});
	}

	function pill(text, kind, title) {
		const element = document.createElement("span");
		element.className = `indicator-pill no-indicator-dot ${kind}`;
		element.style.marginInlineStart = "8px";
		element.textContent = text;
		if (title) element.title = title;
		return element;
	}

	function level_pill(level) {
		const kind = `${level > 1 ? "red" : "orange"} cl-list-level`;
		return pill(__("Dunning level {0}", [level]), kind);
	}

	function grade_pill({ label, color, is_expired }) {
		const title = is_expired ? __("Credit Grade (Expired)") : __("Credit Grade");
		return pill(label, `${color} cl-list-grade`, title);
	}

	function balance_text(sums) {
		const place = document.createElement("span");
		place.className = "cl-list-balance";
		sums.forEach(({ currency, balance, overdue }) => {
			const owed = document.createElement("span");
			owed.className = "text-muted";
			owed.style.marginInlineStart = "8px";
			owed.textContent = format_currency(balance, currency);
			owed.title = __("Balance");
			place.append(owed);
			if (overdue > 0) {
				const text = __("{0} overdue", [format_currency(overdue, currency)]);
				place.append(pill(text, "red", __("Overdue")));
			}
		});
		return place;
	}
})();
