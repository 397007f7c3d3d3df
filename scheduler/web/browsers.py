"""What a browser calls itself, in words that its owner recognises in the list of devices."""

PROGRAMS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_label(agent: str) -> str:
    """«Chrome, Android»; empty where nothing is recognised."""
    names = (next((name for mark, name in table if mark in agent), "") for table in (PROGRAMS, SYSTEMS))
    return ", ".join(name for name in names if name)
