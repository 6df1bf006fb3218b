"""Markets are files: what is shipped, what a workspace adds, and how a wrong file is reported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tradewind.core.errors import DataError, NotFoundError
from tradewind.core.ids import MarketId
from tradewind.core.money import Money
from tradewind.markets import Period, inspect, inspect_file, load_markets
from tradewind.markets.calendar import holidays_in
from tradewind.markets.formats import format_money
from tradewind.markets.load import SHIPPED


def test_a_market_names_its_region_and_its_law() -> None:
    markets = load_markets()
    germany = markets.get(MarketId("de"))
    assert (germany.region, germany.regulation, germany.currency) == ("eu", "gdpr", "EUR")
    assert markets.region_of(MarketId("cn")) == "cn"
    assert [law.id for law in markets.law_of(MarketId("de"))] == ["gdpr", "eu-ai-act"]


def test_an_unknown_market_lists_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no market 'atlantis' \(there are: .*de"):
        load_markets().region_of(MarketId("atlantis"))


NORWAY = """\
id: "no"
name: Norway
country: "NO"
languages: ["no"]
currency: NOK
time_zones: [Europe/Oslo]
region: eu
regulations: [gdpr]
transfer: {leaving_region: aggregates, law: gdpr, note: Standard clauses.}
calendar: {country: "NO"}
formats:
  phone_country: "NO"
  addresses: {"no": ["{recipient}", "{street}", "{postcode} {city}"]}
consent_age: {age: 13, origin: law, source: Personopplysningsloven § 5}
retention:
  conversation: {most: {value: 24, unit: months}, origin: policy, source: GDPR Art. 5}
  event: {most: {value: 13, unit: months}, origin: policy, source: GDPR Art. 5}
  consent: {most: {value: 3, unit: years}, origin: policy, source: GDPR Art. 7}
  invoice: {least: {value: 5, unit: years}, origin: law, source: Bokføringsloven § 13}
  training: {most: {value: 24, unit: months}, origin: policy, source: GDPR Art. 5}
quiet_hours:
  origin: law
  source: Markedsføringsloven § 14
  contact:
    - {days: [mon, tue, wed, thu, fri], since: "09:00", until: "21:00"}
channels: [app, email, sms]
tone: {formality: informal, address: {"no": du}}
tax: {kind: vat, name: mva, rate: "25", prices: inclusive, source: Merverdiavgiftsloven § 5-1}
"""


def write(folder: Path, **files: str) -> Path:
    """Files by name, `_` for `/`; returns the folder."""
    for name, text in files.items():
        file = folder / f"{name.replace('_', '/')}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_a_workspace_adds_a_market_with_a_file_and_no_code(tmp_path: Path) -> None:
    markets = load_markets(write(tmp_path, no=NORWAY))
    norway = markets.get(MarketId("no"))
    assert len(markets) == len(load_markets()) + 1
    assert (
        format_money(norway, Money.of("1234.50", "NOK")).replace("\N{NO-BREAK SPACE}", " ") == "1 234,50 kr"
    )
    assert date(2026, 5, 17) in {holiday.day for holiday in holidays_in(norway, 2026)}


def test_a_workspace_replaces_a_market_that_ships(tmp_path: Path) -> None:
    germany = (SHIPPED / "markets" / "de.yaml").read_text(encoding="utf-8")
    markets = load_markets(write(tmp_path, de=germany.replace("age: 16", "age: 18")))
    assert markets.get(MarketId("de")).age_of_consent == 18
    assert len(markets) == len(load_markets())


def test_a_workspace_gives_a_country_a_region_and_a_law_of_its_own(tmp_path: Path) -> None:
    europe = (SHIPPED / "regions" / "eu.yaml").read_text(encoding="utf-8")
    gdpr = (SHIPPED / "regulations" / "gdpr.yaml").read_text(encoding="utf-8")
    write(
        tmp_path,
        regions_eu=europe.replace(", 'NO'", ""),
        regions_north="id: north\nname: North\ncountries: ['NO']\n",
        regulations_pol=gdpr.replace("id: gdpr", "id: pol"),
        no=NORWAY.replace("region: eu", "region: north").replace("gdpr", "pol"),
    )
    markets = load_markets(tmp_path)
    assert markets.region_of(MarketId("no")) == "north"
    assert markets.law_of(MarketId("no"))[0].duties.access == markets.regulation("gdpr").duties.access


def test_a_folder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert len(load_markets(tmp_path / "markets")) == len(load_markets())


FAULTS = [
    ("region: eu", "region: mars", 7, "region", "unknown region 'mars'"),
    ("region: eu", "region: cn", 7, "region", "region 'cn' does not hold NO"),
    ("regulations: [gdpr]", "regulations: [gdpr, hipaa]", 8, "regulations.1", "unknown regulation 'hipaa'"),
    ("regulations: [gdpr]", "regulations: [gdpr, pipl]", 8, "regulations.1", "'pipl' is not law in NO"),
    ("regulations: [gdpr]", "regulations: [gdpr, gdpr]", 8, "regulations.1", "is listed twice"),
    ("law: gdpr", "law: pipl", 9, "transfer.law", "'pipl' is not among the market's regulations"),
    ("currency: NOK", "currency: KRO", 5, "currency", "unknown currency 'KRO'"),
    ("currency: NOK", "currency: nok", 5, "currency", "String should match pattern"),
    ("[Europe/Oslo]", "[Europe/Olso]", 6, "time_zones.0", "unknown time zone 'Europe/Olso'"),
    ("[Europe/Oslo]", "[../../etc/passwd]", 6, "time_zones.0", "unknown time zone"),
    ("[Europe/Oslo]", "[Europe/Oslo, Europe/Paris]", 6, "time_zones.1", "is not in NO"),
    ("[Europe/Oslo]", "[Europe/Oslo, Europe/Oslo]", 6, "time_zones.1", "is listed twice"),
    ('languages: ["no"]', 'languages: ["no", qx]', 4, "languages.1", "unknown language 'qx'"),
    ('languages: ["no"]', "languages: [no]", 4, "languages.0", "valid string, found False (put it in quotes)"),
    ('country: "NO"\n', "country: XX\n", 3, "country", "unknown country 'XX'"),
    ('calendar: {country: "NO"}', "calendar: {country: XX}", 10, "calendar.country", "no holidays are known of 'XX'"),
    ('{country: "NO"}', '{country: "NO", subdivision: ZZ}', 10, "calendar.subdivision", "NO has no 'ZZ'"),
    ('{country: "NO"}', '{country: "NO", categories: [x]}', 10, "calendar.categories.0", "no holidays of 'x'"),
    ('phone_country: "NO"', "phone_country: XX", 12, "formats.phone_country", "no telephone numbers are known of"),
    ("{postcode}", "{zip}", 13, "formats.addresses.no.2", "unknown field {zip}"),
    ("{postcode}", "{postcode.real}", 13, "formats.addresses.no.2", "unknown field {postcode.real}"),
    ("{postcode}", "{postcode", 13, "formats.addresses.no.2", "is no layout"),
    ("age: 13", "age: 3", 14, "consent_age.age", "greater than or equal to 7"),
    ("age: 13", "age: 30", 14, "consent_age.age", "less than or equal to 21"),
    ("unit: months", "unit: fortnights", 16, "retention.conversation.most.unit", "Input should be 'hours', 'days'"),
    ("value: 24", "value: 0", 16, "retention.conversation.most.value", "greater than or equal to 1"),
    ("{most: {value: 3, unit: years}", "{most: {value: 3, unit: years}, least: {value: 4, unit: years}", 18,
     "retention.consent", "`most` (3 years) is shorter than `least` (4 years)"),
    ("  invoice:", "  invoices:", 19, "retention.invoices", "Input should be 'conversation'"),
    ('since: "09:00"', 'since: "22:00"', 25, "quiet_hours.contact.0", "until 21:00 is not after since 22:00"),
    ('until: "21:00"', 'until: "25:00"', 25, "quiet_hours.contact.0.until", "hour value is outside expected range"),
    ("[app,", "[pigeon,", 26, "channels.0", "Input should be 'web'"),
    ('address: {"no": du}', "address: {sv: du}", 27, "tone.address.sv", "not one of the market's languages"),
    ('rate: "25"', "rate: 25.5", 28, "tax.rate", "put it in quotes"),
    ('rate: "25"', 'rate: "250"', 28, "tax.rate", "less than or equal to 100"),
    ("kind: vat, ", "kind: vat, colour: red, ", 28, "tax.colour", "unknown key"),
    ('id: "no"', "id: nn", 1, "id", "'nn' stands in no.yaml"),
    ("name: Norway", "name: Norway\nname: Norge", 3, None, "key 'name' stands already on line 2"),
    ("name: Norway\n", "", 1, "name", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "line", "field", "message"), FAULTS)
def test_a_wrong_market_is_reported_by_line_and_field(
    tmp_path: Path, good: str, bad: str, line: int, field: str | None, message: str
) -> None:
    assert good in NORWAY
    write(tmp_path, no=NORWAY.replace(good, bad, 1))
    problem = inspect(tmp_path)[1][0]
    assert (problem.file, problem.line, problem.column) == (str(tmp_path / "no.yaml"), line, field)
    assert message in str(problem)
    with pytest.raises(DataError, match=r"no\.yaml"):
        load_markets(tmp_path)


LAW_FAULTS = [
    ("unit: months", "unit: moons", "duties.access.deadline.unit", "Input should be 'hours'"),
    ("value: 1, unit", "value: -1, unit", "duties.access.deadline.value", "greater than or equal to 1"),
    ("value: 72", 'value: "72"', "duties.breach_notice.authority_within.value", "valid integer, found '72'"),
    ("age: 16", "age: 99", "duties.children.age", "less than or equal to 21"),
    ("    article: Art. 20; Art. 12(3)\n", "", "duties.portability.article", "missing"),
    ("  portability:", "  portabilty:", "duties.portabilty", "unknown key"),
    ("[adequacy,", "[magic,", "duties.transfers.mechanisms.0", "Input should be 'adequacy'"),
    ("[AD, AR,", "[AD, QQ,", "duties.transfers.adequate.1", "unknown country 'QQ'"),
    ("[AT, BE,", "[AT, QQ,", "jurisdiction.1", "unknown country 'QQ'"),
    ("checked: 2026-11-25", "checked: lately", "checked", "valid date"),
    ("source: https", "source: ftp", "source", "String should match pattern"),
]


@pytest.mark.parametrize(("good", "bad", "field", "message"), LAW_FAULTS)
def test_a_wrong_regulation_is_reported_by_line_and_field(
    tmp_path: Path, good: str, bad: str, field: str, message: str
) -> None:
    gdpr = (SHIPPED / "regulations" / "gdpr.yaml").read_text(encoding="utf-8")
    assert good in gdpr
    write(tmp_path, regulations_gdpr=gdpr.replace(good, bad, 1))
    problem = inspect(tmp_path)[1][0]
    line = gdpr[: gdpr.index(good)].count("\n") + 1
    assert (problem.file, problem.column) == (str(tmp_path / "regulations" / "gdpr.yaml"), field)
    assert problem.line is not None
    assert abs(problem.line - line) <= 1
    assert message in str(problem)


def test_two_regions_never_hold_one_country_and_the_newcomer_is_named(tmp_path: Path) -> None:
    write(tmp_path, regions_north="id: north\nname: North\ncountries:\n- 'NO'\n")
    with pytest.raises(DataError, match=r"north\.yaml:4 \[countries\.0\]: NO is in region 'eu' already"):
        load_markets(tmp_path)


def test_a_single_file_is_held_against_all_the_others(tmp_path: Path) -> None:
    write(tmp_path, no=NORWAY, se=NORWAY.replace("eu", "mars"))
    assert inspect_file(tmp_path / "no.yaml") == []
    assert len(inspect_file(tmp_path / "se.yaml")) == 2
    with pytest.raises(NotFoundError, match="no file"):
        inspect_file(tmp_path / "fi.yaml")


def test_periods_read_as_people_say_them() -> None:
    assert [str(Period(value=1, unit="months")), str(Period(value=20, unit="business-days"))] == [
        "1 month",
        "20 business days",
    ]


def test_a_file_that_would_be_passed_over_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.yml").write_text(NORWAY, encoding="utf-8")
    with pytest.raises(DataError, match=r"no\.yml: not read \(call it no\.yaml\)"):
        load_markets(tmp_path)
