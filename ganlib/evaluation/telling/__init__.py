"""An evaluation as words, pictures, a page, and the scoreboard as text: nothing here measures."""
