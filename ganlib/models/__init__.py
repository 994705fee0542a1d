"""Models: one file a paper; functions that return `keras.Model`."""
