"""How messages come in and go out: e-mail, messengers, signed webhooks."""
