"""What a finding says to a person."""

from scheduler.rules.facts import Finding


def finding_text(finding: Finding) -> str:
    """The sentence of a finding."""
    return f"{finding.rule} {finding.params}"
