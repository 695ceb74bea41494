"""The shape of ``checks:`` in ``ledgergen.yaml``: how grave an office takes what is found in returned ledgers."""

from typing import Literal

from pydantic import Field

from ledgergen.plan.schema_values import Shape

Level = Literal["error", "warning", "note", "off"]


class ChecksShape(Shape):
    """How grave each check's findings are; what is an error sends the ledger back to the unit."""

    required_when: Level | None = Field(
        default=None, alias="required-when", description="A column is blank that another answer wants filled (warning)."
    )
    not_filled: Level | None = Field(
        default=None, alias="not-filled", description="Rows that are due say nothing (note)."
    )
    date_out_of_range: Level | None = Field(
        default=None, alias="date-out-of-range", description="A day that cannot be the one meant (warning)."
    )
    dates_reversed: Level | None = Field(
        default=None, alias="dates-reversed", description="Published before it was formed (warning)."
    )
    id_card_number: Level | None = Field(
        default=None, alias="id-card-number", description="The number of an identity card in a text (error)."
    )
    bank_card_number: Level | None = Field(
        default=None, alias="bank-card-number", description="The number of a bank card in a text (error)."
    )
    phone_number: Level | None = Field(
        default=None, alias="phone-number", description="A telephone number in a text (warning)."
    )
    state_backwards: Level | None = Field(
        default=None, alias="state-backwards", description="A state behind that of the round before (warning)."
    )
    text_too_long: Level | None = Field(
        default=None, alias="text-too-long", description="A text that nobody will read to its end (warning)."
    )
    progress_repeated: Level | None = Field(
        default=None, alias="progress-repeated", description="The progress of the round before again (warning)."
    )
    requirement_copied: Level | None = Field(
        default=None, alias="requirement-copied", description="The requirement in place of the progress (warning)."
    )
    evidence_unclear: Level | None = Field(
        default=None, alias="evidence-unclear", description="Evidence that is no address and no file (warning)."
    )

    def levels(self) -> dict[str, str]:
        """Give what was written, by code."""
        return {code: level for code, level in self.model_dump(by_alias=True).items() if level}
