"""The listening test: a page that people rate clips on, and the table of what they answered.

    stimuli      the clips of a test: models, hidden real recordings, a low anchor
    loudness     clips made equally loud
    page         the page and its key, as two files
    web/         the page itself: page.html, page.css, sheet.js, page.js
    ratings      the CSV files that come back: who rated what
    checking     each of their lines
    statistics   mean opinion score, human accuracy, their intervals, inattentive listeners
    report       all of it as one table

A listener hears one clip at a time, says which digit it was and how natural it sounded from 1 to 5,
as in ITU-T P.800 (absolute category rating), and sends back a CSV file.
"""
