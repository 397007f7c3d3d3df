"""Bulletins, notices and their delivery; the messenger adapters, one file each."""
