"""The systems of the business, as flows call them."""
