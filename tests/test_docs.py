"""The documentation names every setting and command that there is, and none that there is not."""

import re
from pathlib import Path

from scheduler.cli import main

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def headings(section):
    text = OPERATIONS.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^### (\S+)$", text, re.MULTILINE))


def test_every_setting_has_a_heading():
    source = (ROOT / "scheduler" / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source)) - {"DEMO_MAX_TOKEN", "DEMO_VK_TOKEN"}
    assert headings("Settings") == read


def test_every_command_has_a_heading():
    assert headings("Commands") == set(main.commands)


def test_links_of_the_readme_lead_somewhere():
    for name in ("README.md", "README.ru.md"):
        for target in re.findall(r"\]\(([^)h][^)]*)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), target


def test_decisions_are_short():
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert path.read_text(encoding="utf-8").count("\n") <= 60, path.name
