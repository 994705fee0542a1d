"""Side-by-side speed runs, each one command; README.md has what they measured."""
