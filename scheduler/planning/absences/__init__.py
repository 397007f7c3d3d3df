"""A teacher away on dates: all lessons in one list, each with what can become of it, resolved in one decision."""
