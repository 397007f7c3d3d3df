"""One thing that waits for a person: a sentence with the remedy beside it."""

from dataclasses import dataclass

STRENGTHS = ("bad", "soft", "done")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Need:
    """`lead` is bold, `text` follows; `remedy` names what `path` opens. Strength bad before soft before done."""

    strength: str
    lead: str
    text: str
    path: str
    remedy: str
