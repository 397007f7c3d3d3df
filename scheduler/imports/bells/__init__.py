"""Bell schedules kept as tables: recognised, read into a draft, brought into the school."""
