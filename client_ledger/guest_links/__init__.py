"""Pages that a customer opens without login: signed links, for one subject each, that end and can be revoked.

issue -> Guest Link -> url in a letter -> page -> opened_by(token) -> subject, or refused in words
"""
