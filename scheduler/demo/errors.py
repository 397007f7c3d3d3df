"""Why the demo school cannot be made or opened; each carries the sentence to show."""


class DemoError(RuntimeError):
    """The demo school cannot be made here; the sentence says why and what to do."""


class SandboxError(DemoError):
    """The messenger sandbox did not answer, or refused."""
