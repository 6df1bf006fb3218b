"""E-mail: letters fetched by IMAP, read with care, answered by SMTP."""
