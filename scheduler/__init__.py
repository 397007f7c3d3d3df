"""«Звонок»: the remote lessons of a school, planned, posted and proven."""
