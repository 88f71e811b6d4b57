// Asks the server for the visitor's account. What it refuses comes as an Error whose message is in the reader's language.

const METHOD = "/api/method/client_ledger.portal.api.";

export default class Server {
	constructor(state) {
		this.state = state;
	}

	get(name, args = {}) {
		return this.answer(
			fetch(this.address(name, args), { headers: { Accept: "application/json" } })
		);
	}

	post(name, args = {}) {
		const { csrf_token, language } = this.state;
		const headers = { Accept: "application/json", "Content-Type": "application/json" };
		if (csrf_token) headers["X-Frappe-CSRF-Token"] = csrf_token;
		const body = JSON.stringify({ ...this.account(), ...args, _lang: language });
		return this.answer(fetch(METHOD + name, { method: "POST", headers, body }));
	}

	/** Fetch a file and hand it to the browser to keep. */
	async file(name, args) {
		const response = await this.reached(fetch(this.address(name, args)));
		if (!response.ok) throw new Error(await this.said(response));
		const link = document.createElement("a");
		link.href = URL.createObjectURL(await response.blob());
		link.download = file_name(response.headers.get("Content-Disposition"));
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
	}

	account() {
		const { customer, company, link } = this.state;
		return link ? { customer, company, link } : { customer, company };
	}

	address(name, args) {
		const query = new URLSearchParams({ ...this.account(), _lang: this.state.language });
		for (const [key, value] of Object.entries(args)) {
			if (value !== null && value !== undefined && value !== "") query.set(key, value);
		}
		return `${METHOD}${name}?${query}`;
	}

	async answer(request) {
		const response = await this.reached(request);
		if (!response.ok) throw new Error(await this.said(response));
		return (await response.json()).message;
	}

	async reached(request) {
		try {
			return await request;
		} catch (error) {
			throw new Error(this.state.texts.failed, { cause: error });
		}
	}

	/** Return in words what a refusal says. */
	async said(response) {
		try {
			const { _server_messages: messages } = await response.json();
			const texts = JSON.parse(messages || "[]").map((one) => JSON.parse(one).message);
			if (texts.length) return texts.map(plain).join(" ");
		} catch {
			// Not from the app: a proxy, or a server that is being updated.
		}
		return this.state.texts.failed;
	}
}

function plain(text) {
	return new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
}

function file_name(disposition) {
	const [, coded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition || "") || [];
	if (coded) return decodeURIComponent(coded);
	const [, quoted] = /filename="?([^";]+)"?/i.exec(disposition || "") || [];
	return quoted || "file";
}
