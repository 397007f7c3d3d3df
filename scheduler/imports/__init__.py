"""Foreign files become one neutral draft; a draft is previewed and applied."""
