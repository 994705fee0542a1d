"""Clips in, a table of figures out: each with its interval, beside what real recordings get."""
