"""Pure decisions over frozen facts: no database, no Flask, nothing is changed here."""
