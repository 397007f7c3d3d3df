"""The synthetic demo school: invented from a seed, then stored, published and set in motion like a real one."""
