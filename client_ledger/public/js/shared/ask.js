// One question to the server: frappe.xcall always posts in version 15, and reading is GET here.

/** Call a whitelisted method by its dotted path and return its answer. */
export async function ask(method, args, type = "POST", more = {}) {
	const answer = await frappe.call({ method, args, type, ...more });
	return answer.message;
}

/** Return whether the server did *work*; where it refused, Frappe has shown why. */
export async function attempt(work) {
	try {
		await work();
		return true;
	} catch {
		return false;
	}
}
