"""What a report is about, as plain values; and times as an office in China reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ledgergen.records import LightSettings, Round, Settings
from ledgergen.state.moments import BEIJING, day_of, moment_of

__all__ = ["BEIJING", "ReportFacts", "day_of", "day_text", "time_text"]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The facts in a report's head.

    ``until``: ISO time of the last event that the state knows of (数据截至). ``due`` and ``opens`` are ``date.max``
    where the round has since been taken out of ``ledgergen.yaml``. ``kinds``: the unit's kind by its name.
    ``worded``: the number of the last event that told of the office's own words (核定表述).
    """

    campaign: str
    name: str
    round_id: str
    round_name: str
    opens: date
    due: date
    until: str
    plan_title: str = ""
    contact_office: str = ""
    contact_phone: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    lights: LightSettings = field(default_factory=LightSettings)
    worded: int = 0

    @staticmethod
    def of(
        settings: Settings, own: Round, until: str, plan_title: str = "", kinds: Mapping[str, str] | None = None
    ) -> "ReportFacts":
        """Take the facts from the campaign's settings and one of its rounds."""
        return ReportFacts(
            settings.id,
            settings.name,
            own.id,
            own.name,
            own.opens,
            own.due,
            until,
            plan_title,
            settings.contact_office,
            settings.contact_phone,
            kinds or {},
            settings.lights,
        )

    @property
    def dated(self) -> date:
        """Give the day that stands in the file's properties: the data's, else the round's."""
        return day_of(self.until) or (self.opens if self.opens < date.max else date(2000, 1, 1))


def time_text(text: str) -> str:
    """Write an ISO time as ``2022-07-12 11:00`` in Beijing; what is no time comes back as it is."""
    moment = moment_of(text)
    return f"{moment:%Y-%m-%d %H:%M}" if moment else text


def day_text(day: date | None) -> str:
    """Write a day as ``2022年7月12日``; ``—`` where there is none."""
    return f"{day.year}年{day.month}月{day.day}日" if day and day < date.max else "—"
