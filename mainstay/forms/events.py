"""What others must hear about forms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormSettled:
    """A form was signed, declined, withdrawn or taken back; `response_id` says which."""

    response_id: int
