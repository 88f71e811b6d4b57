// One question to the server: frappe.xcall always posts in version 15, and reading is GET here.

export async function ask(method, args, type = "POST") {
	const answer = await frappe.call({
		method: `client_ledger.dunning.api.${method}`,
		args,
		type,
	});
	return answer.message;
}
