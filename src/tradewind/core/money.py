"""Money: an integer of minor units with its currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from tradewind.core.errors import InputError

MINOR_DIGITS = 2
OTHER_MINOR_DIGITS = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0, "KMF": 0,
    "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0, "UYW": 4, "VND": 0,
    "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
"""ISO 4217: digits after the point, where they are not two."""


def minor_digits(currency: str) -> int:
    """Digits after the decimal point in a currency (ISO 4217): 2 for EUR, 0 for JPY."""
    return OTHER_MINOR_DIGITS.get(currency, MINOR_DIGITS)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount.

    Args:
        amount_minor: minor units: cents, yen, fils.
        currency: ISO 4217 code in capitals.

    Raises:
        InputError: the amount is no integer, or the code has not three capital letters.
    """

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise InputError(f"{self.amount_minor!r} is no whole number of minor units")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise InputError(f"{self.currency!r:.20} is no currency", hint="an ISO 4217 code such as EUR")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Money of an amount in major units: `Money.of("12.30", "EUR")` has 1230 minor units.

        Raises:
            InputError: the amount is no number or has more digits than the currency.
        """
        try:
            scaled = Decimal(amount).scaleb(minor_digits(currency))
        except ArithmeticError as error:
            raise InputError(
                f"{amount!r:.40} is no amount", hint="digits and a point, such as 12.30"
            ) from error
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise InputError(f"{amount} has more digits than {currency} has ({minor_digits(currency)})")
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other).amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other).amount_minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same(other).amount_minor

    def __le__(self, other: Money) -> bool:
        return self.amount_minor <= self._same(other).amount_minor

    def times(self, rate: Decimal | int) -> Money:
        """The product with a rate, rounded half to even to minor units."""
        product = Decimal(self.amount_minor) * rate
        return Money(int(product.to_integral_value(ROUND_HALF_EVEN)), self.currency)

    def split(self, weights: list[int]) -> list[Money]:
        """Shares in proportion to `weights` that add up to this amount; leftover units go to the first shares.

        Raises:
            InputError: a weight is negative, or they are all zero.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise InputError(f"cannot split by {weights}", hint="weights are at least 0 and not all 0")
        shares = [self.amount_minor * weight // total for weight in weights]
        paid = [index for index, weight in enumerate(weights) if weight]
        for index in range(self.amount_minor - sum(shares)):
            shares[paid[index % len(paid)]] += 1
        return [Money(share, self.currency) for share in shares]

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InputError(
                f"{self.currency} and {other.currency} do not add", hint="convert one of them first"
            )
        return other
