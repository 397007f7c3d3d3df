"""What became of decisions, counted from the rows for people: progress, proof, the day's summary. Changes nothing."""
