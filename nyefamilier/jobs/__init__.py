"""When each job is due and what became of its runs; it does not know what the jobs are."""
