"""Working days by the statutory calendar; the one door to chinesecalendar.

The State Council announces the days of a year in the autumn before it. Of a year that the library does not know only
weekends are known; whoever counts asks :meth:`WorkCalendar.unknown_years` and says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final

from ledgergen.records import Settings

_FRIDAY: Final = 4


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The statutory calendar and what the office says otherwise (``workdays:`` in ledgergen.yaml).

    ``extra_workdays`` are worked and ``extra_holidays`` free whatever the library says; of ``complete_years`` the
    office vouches that these lists, with the weekends, are all.
    """

    extra_workdays: frozenset[date] = frozenset()
    extra_holidays: frozenset[date] = frozenset()
    complete_years: frozenset[int] = frozenset()

    def knows(self, year: int) -> bool:
        """Tell whether the working days of a year are known."""
        return year in self.complete_years or year in known_years()

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """Give the years between two days of which only the weekends are known."""
        return _unknown_years(self, first.year, last.year)


STATUTORY: Final = WorkCalendar()


def calendar_of(settings: Settings) -> WorkCalendar:
    """Make the calendar of a campaign."""
    return WorkCalendar(
        frozenset(settings.extra_workdays), frozenset(settings.extra_holidays), frozenset(settings.complete_years)
    )


def known_years() -> range:
    """Give the years of which chinesecalendar has the days."""
    return _statutory()[2]


def is_workday(day: date, calendar: WorkCalendar = STATUTORY) -> bool:
    """Tell whether a day is worked: by the office's lists, else the statutory calendar, else its weekday."""
    if day in calendar.extra_workdays:
        return True
    if day in calendar.extra_holidays:
        return False
    worked, free, _ = _statutory()
    return day in worked or (day.weekday() <= _FRIDAY and day not in free)


def add_workdays(day: date, n: int, calendar: WorkCalendar = STATUTORY) -> date:
    """Count n working days on from a day: that day does not count, the last counts; a negative n counts back.

    Zero gives the day itself, worked or not. The rule is that of the Civil Code, art. 201 (guide: time.md).

    Raises:
        OverflowError: beyond the year 9999.
    """
    return _counted(day, n, calendar)


@lru_cache(maxsize=1 << 14)  # six hundred units count from the same few days
def _counted(day: date, n: int, calendar: WorkCalendar) -> date:
    step = timedelta(days=1 if n >= 0 else -1)
    left = abs(n)
    while left:
        day += step
        left -= is_workday(day, calendar)
    return day


@lru_cache(maxsize=256)
def _unknown_years(calendar: WorkCalendar, first: int, last: int) -> tuple[int, ...]:
    return tuple(year for year in range(first, last + 1) if not calendar.knows(year))


@cache
def _statutory() -> tuple[frozenset[date], frozenset[date], range]:
    """Give the weekends worked, the weekdays free, and the years known.

    Not through the library's own functions: they look for the first and last year among all days at each call, which
    took 40 µs; a status over 10,000 units counts millions of days.
    """
    from chinese_calendar.constants import holidays, workdays

    years = {day.year for day in holidays}
    return frozenset(workdays), frozenset(holidays), range(min(years), max(years) + 1)
