"""Markets and their law, as data: languages, money, calendar, region, duties."""
