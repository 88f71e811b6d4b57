// One question to the server: frappe.xcall always posts in version 15, and reading is GET here.

/** Ask dunning's API, or another one by its path in the app, such as outbox.api.approve_notices. */
export async function ask(method, args, type = "POST") {
	const path = method.includes(".") ? method : `dunning.api.${method}`;
	const answer = await frappe.call({
		method: `client_ledger.${path}`,
		args,
		type,
	});
	return answer.message;
}
