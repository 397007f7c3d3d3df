"""Grids, load tables and lists of teachers as Russian schools keep them in spreadsheets, to the neutral draft."""
