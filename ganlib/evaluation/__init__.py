"""How good a generator is: clips in, a table of figures, each with its interval, out.

    ear          the digit classifier that ships: features and posteriors of clips
    reference    what it makes of real recordings: measured, or shipped and read without a network
    recogniser   a second listener, which nobody here trained, on all cores
    figures      one figure: value, interval, the same of real recordings; its JSON
    intervals    which figure gets its interval how
    memory       what was learned by heart
    measuring    evaluate(): everything at once
    ruler        rows whose rank is known: real, resynthesised, repeated, shuffled, noise
    scoreboard   every shipped generator and the ruler in one table
    sources      clips of a run, of shipped weights, of a folder
    page         a page with pictures and sound

Nothing here trains. The metrics themselves, with formula, source and limits, are `ganlib.metrics`.
"""
