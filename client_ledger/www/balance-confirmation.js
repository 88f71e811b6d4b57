// The customer's page of a balance confirmation: shows what was answered, and sends an answer or a ledger. No libraries.
(() => {
	const data = JSON.parse(document.getElementById("cl-data").textContent);
	const { texts } = data;
	const form = document.getElementById("cl-form");
	const message = document.getElementById("cl-message");
	const lines = document.getElementById("cl-lines");
	const query = `link=${encodeURIComponent(data.link)}&_lang=${data.lang}`;
	const LEDGER = "Ledger Uploaded";

	// --- choosing ---

	const chosen = () => (form.querySelector("input[name=answer]:checked") || {}).value;

	function show_fields() {
		const answer = chosen();
		form.querySelectorAll("[data-for]").forEach((part) => {
			const wanted = part.dataset.for;
			part.hidden = !answer || (wanted !== "*" && !wanted.split(",").includes(answer));
		});
		if (answer === "Differences" && !lines.children.length) add_line();
	}

	function add_line() {
		const line = document.getElementById("cl-line").content.firstElementChild.cloneNode(true);
		const select = line.querySelector("select");
		data.kinds.forEach(([value, label]) => select.add(new Option(label, value)));
		line.querySelector(".remove").addEventListener("click", () => line.remove());
		lines.append(line);
	}

	// --- what was answered ---

	function show_standing(standing) {
		document.getElementById("cl-closed").hidden = !standing.closed;
		document.getElementById("cl-cancelled").hidden = !standing.cancelled;
		const may = (answer) => (answer === LEDGER ? standing.can_upload : standing.can_answer);
		let any = false;
		form.querySelectorAll("input[name=answer]").forEach((input) => {
			const is_open = may(input.value);
			input.closest(".choice").hidden = !is_open;
			if (!is_open) input.checked = false;
			any = any || is_open;
		});
		form.hidden = !any;
		const box = document.getElementById("cl-standing");
		box.hidden = !standing.replies.length;
		box.querySelector("ul").replaceChildren(...standing.replies.map(reply_item));
		show_fields();
		if (standing.replies.some((one) => ["Waiting", "Reading"].includes(one.processing))) {
			setTimeout(refresh, 4000);
		}
	}

	function reply_item(reply) {
		const item = document.createElement("li");
		const title = text("b", reply.answer);
		item.append(title);
		if (!reply.counted) item.append(text("span", reply.state, "pill"));
		item.append(text("div", [reply.when, reply.who].filter(Boolean).join(" · "), "muted"));
		[reply.balance, reply.file, reply.processing_text, reply.note]
			.filter(Boolean)
			.forEach((part) => {
				item.append(text("div", part));
			});
		if (reply.error) item.append(text("div", reply.error, "error"));
		return item;
	}

	function text(tag, content, name) {
		const element = document.createElement(tag);
		element.textContent = content;
		if (name) element.className = name;
		return element;
	}

	async function refresh() {
		const response = await fetch(`${data.method}standing?${query}`, {
			credentials: "same-origin",
		});
		if (response.ok) show_standing((await response.json()).message);
	}

	// --- sending ---

	function say(content, is_bad) {
		message.hidden = !content;
		message.textContent = content;
		message.classList.toggle("bad", Boolean(is_bad));
	}

	/** What the server said, as text: it comes as HTML in JSON in JSON. */
	function told(answer) {
		const messages = JSON.parse(answer._server_messages || "[]").map((one) => {
			const { message: html } = JSON.parse(one);
			return new DOMParser().parseFromString(html, "text/html").body.textContent;
		});
		return messages.join("\n") || texts.failed;
	}

	function values(answer) {
		const fields = new FormData();
		const value = (name) => form.elements[name].value.trim();
		fields.set("link", data.link);
		fields.set("_lang", data.lang);
		fields.set("name", value("name"));
		fields.set("position", value("position"));
		fields.set("remark", value("remark"));
		if (answer !== "Confirmed" && value("balance")) {
			fields.set("balance", Number(value("balance")) * Number(value("side")));
		}
		if (answer === LEDGER) fields.set("file", form.elements.file.files[0]);
		else fields.set("answer", answer);
		if (answer === "Differences") fields.set("lines", JSON.stringify(entered_lines()));
		return fields;
	}

	function entered_lines() {
		return [...lines.children]
			.map((line) => {
				const value = (name) => line.querySelector(`[name=${name}]`).value.trim();
				return {
					kind: value("kind"),
					number: value("number"),
					date: value("date"),
					amount: value("amount") || null,
					remark: value("line_remark"),
				};
			})
			.filter((line) => line.number || line.amount || line.remark);
	}

	function wrong(answer) {
		if (!form.elements.name.value.trim()) return texts.no_name;
		if (answer !== LEDGER) return "";
		const file = form.elements.file.files[0];
		if (!file) return texts.no_file;
		return file.size > data.most_size ? texts.too_large : "";
	}

	async function send(event) {
		event.preventDefault();
		const answer = chosen();
		const button = form.querySelector("button[type=submit]");
		const problem = wrong(answer);
		if (problem) return say(problem, true);
		button.disabled = true;
		say(texts.sending);
		try {
			const response = await fetch(
				`${data.method}${answer === LEDGER ? "upload" : "answer"}`,
				{
					method: "POST",
					body: values(answer),
					credentials: "same-origin",
					headers: {
						Accept: "application/json",
						...(data.csrf && { "X-Frappe-CSRF-Token": data.csrf }),
					},
				}
			);
			if (response.status === 413) return say(texts.too_large, true);
			const found = await response.json();
			if (!response.ok) return say(told(found), true);
			done(found.message);
		} catch {
			say(texts.failed, true);
		} finally {
			button.disabled = false;
		}
	}

	function done({ refused, standing }) {
		form.querySelectorAll("input[name=answer]").forEach((input) => (input.checked = false));
		form.elements.file.value = "";
		show_standing(standing);
		// The form may be gone now: what is said stands above what was answered.
		const box = document.getElementById("cl-standing");
		box.before(message);
		say(refused || texts.sent, refused);
		message.scrollIntoView({ block: "center" });
	}

	form.addEventListener("change", (event) => {
		if (event.target.name !== "answer") return;
		show_fields();
		say("");
	});
	// What was wrong may be right now.
	form.addEventListener("input", () => message.classList.contains("bad") && say(""));
	form.addEventListener("submit", send);
	document.getElementById("cl-add").addEventListener("click", add_line);
	document.getElementById("cl-letter").href = `${data.method}letter?${query}`;
	show_standing(data.standing);
})();
