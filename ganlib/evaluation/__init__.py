"""How good a generator is: clips in, a table of figures, each with its interval, out.

    ear          the digit classifier that ships: features and posteriors of clips
    reference    what it makes of real recordings: measured, or shipped and read without a network
    recogniser   two listeners that nobody here trained: PocketSphinx and Whisper
    sources      clips of a run, of shipped weights, of a folder, through the pictures
    figures      one figure: value, interval, the same of real recordings; its JSON
    intervals    which figure gets its interval how, and the table of all
    subject      clips that all listeners have heard, beside the real recordings
    likeness     how like the real ones they are as a crowd: distances, scores, coverage, voices
    answers      whether it is the word that was asked for, class by class
    memory       what was learned by heart
    soundness    whether the signal is in order; DNSMOS
    measuring    evaluate(): everything at once
    telling      an evaluation in words, for the terminal
    pictures     an evaluation in pictures
    page         a page with pictures and sound
    ruler        rows whose rank is known: real, resynthesised, repeated, shuffled, noise, silence
    scoreboard   every shipped generator and the ruler in one table
    yardstick, symptoms, watching   the same in small, while a model trains

Nothing here trains. The metrics themselves, with formula, source and limits, are `ganlib.metrics`.
"""
