"""How good a generator is: clips in, a table of figures, each with its interval, out.

    measuring.ear          the digit classifier that ships: features and posteriors of clips
    measuring.reference    what it makes of real recordings: measured, or shipped and read without
                           a network
    measuring.recogniser   two listeners that nobody here trained: PocketSphinx and Whisper
    measuring.sources      clips of a run, of shipped weights, of a folder, through the pictures
    measuring.figures      one figure: value, interval, the same of real recordings; its JSON
    measuring.intervals    which figure gets its interval how, and the table of all
    measuring.subject      clips that all listeners have heard, beside the real recordings
    measuring.likeness     how like the real ones they are as a crowd: distances, scores, coverage,
                           voices
    measuring.answers      whether it is the word that was asked for, class by class
    measuring.memory       what was learned by heart
    measuring.soundness    whether the signal is in order; DNSMOS
    measuring.evaluate     evaluate(): everything at once
    measuring.ruler        rows whose rank is known: real, resynthesised, repeated, shuffled, noise,
                           silence
    telling.words          an evaluation in words, for the terminal
    telling.pictures       an evaluation in pictures
    telling.page           a page with pictures and sound
    telling.markdown       the scoreboard as text
    scoreboard             every shipped generator and the ruler in one table
    watching               the same in small, while a model trains

Nothing here trains. The metrics themselves, with formula, source and limits, are `ganlib.metrics`.
"""
