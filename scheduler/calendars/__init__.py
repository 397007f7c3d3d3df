"""From a lesson to the text of its VEVENT and from there to a feed."""
