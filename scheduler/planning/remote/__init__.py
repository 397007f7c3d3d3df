"""The remote day: one decision over classes and dates, proposed, applied once and undoable as a whole."""
