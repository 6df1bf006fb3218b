"""Answers from the documents of the business: read, cut, indexed, searched, quoted word for word."""
