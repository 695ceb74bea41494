"""Times as an office in China reads them: the day on which something came in or was judged."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

# All of China keeps one time and never changes it, so no time zone of the machine is asked.
BEIJING: Final = timezone(timedelta(hours=8))


def moment_of(text: str) -> datetime | None:
    """Read an ISO time, in Beijing's time; one without a zone is UTC. None where it is no time."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(BEIJING)
    except (ValueError, OverflowError):  # no time, or one beyond the year 9999
        return None


def day_of(text: str) -> date | None:
    """Give the day on which an ISO time lies in Beijing; None where it is none."""
    moment = moment_of(text)
    return moment.date() if moment else None


def today(now: datetime) -> date:
    """Give the day that it is in Beijing."""
    return now.astimezone(BEIJING).date()
