"""Teaching a tagger to find names, organisations and addresses: sentences made of templates and locale data."""
