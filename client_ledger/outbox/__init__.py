"""The outbox: every message to a customer is a row before it is sent, and goes out once.

	a kind plans rows under unique keys (notice_rows)  ->  somebody approves (decisions)  ->  due rows are locked (send)
	locked rows  ->  their kind decides: Outgoing, Withheld, Unrenderable  ->  handed over to a channel, in one transaction
	a mail leaves the Email Queue  ->  its kind decides once more  ->  noted, sent (mail_delivery), or withdrawn (take_back)
	handed over  ->  what the channel says (delivery, bounces)  ->  sent or failed, and its kind hears of it

A row (Ledger Notice) is of a kind: a reminder, an acknowledgement of payment, and later a statement, a balance confirmation
or a digest. The outbox knows nothing of what they say. It finds the kind's class in the hook `client_ledger_outbox_kinds`
(kind -> dotted path of a subclass of kinds.NoticeKind); a new kind declares itself there, adds its name to the options of
Ledger Notice's field `kind`, and inserts its rows with notice_rows.insert.
"""
