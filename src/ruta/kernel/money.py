"""Money is an integer number of Colombian pesos."""


def format_pesos(amount: int) -> str:
    """`$ 1.234.567`, without decimals (common facts §4)."""
    sign = "-" if amount < 0 else ""
    return f"{sign}$ {abs(amount):,}".replace(",", ".")
