"""Months, quarters, years and decades as datasets name them. Pure."""

from datetime import date, timedelta

GRAINS = ("month", "quarter", "year", "decade")
"""From the finest: the steps by which the gate makes time coarser."""
PRELIMINARY_FOR = timedelta(days=92)
"""How long after its end the figures of a period may still change much (open-data facts K)."""

SQL = {
    "month": "to_char(month, 'YYYY-MM')",
    "quarter": "to_char(month, 'YYYY\"-Q\"Q')",
    "year": "to_char(month, 'YYYY')",
    "decade": "left(to_char(month, 'YYYY'), 3) || '0s'",
}
"""The name of the period of the column `month`, as the database computes it."""


def period_of(day: date, grain: str) -> str:
    """`2026-03`, `2026-Q1`, `2026` or `2020s`."""
    if grain == "month":
        return f"{day:%Y-%m}"
    if grain == "quarter":
        return f"{day:%Y}-Q{(day.month + 2) // 3}"
    return f"{day:%Y}" if grain == "year" else f"{day.year // 10 * 10:04}s"


def span(period: str) -> tuple[date, date]:
    """The first and the last day of a period."""
    year = int(period[:4])
    if period.endswith("s"):
        return date(year, 1, 1), date(year + 9, 12, 31)
    if "-Q" in period:
        first, months = int(period[-1]) * 3 - 2, 3
    elif "-" in period:
        first, months = int(period[5:]), 1
    else:
        first, months = 1, 12
    after = year * 12 + first - 1 + months
    return date(year, first, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def is_over(period: str, today: date) -> bool:
    """Whether the period has ended: only then is it released, so that it does not grow under the reader's eyes."""
    return span(period)[1] < today


def is_preliminary(period: str, today: date) -> bool:
    """Whether what comes late may still change the figures much."""
    return today <= span(period)[1] + PRELIMINARY_FOR
