"""Credit Commitment: what a document that just passed the credit check adds to the exposure, for others that are being submitted at the same moment."""

from frappe.model.document import Document


class CreditCommitment(Document):
	"""What a document that just passed the credit check adds to the exposure, for others that are being submitted at the same moment."""
