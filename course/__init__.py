"""The course builder: from notebooks/src/NN_slug.py to notebooks and pages, `python -m course`.

Reading order:

    chapters.py   a chapter's source, and the notebook that is generated from it
    notebooks.py  their files: written where they are ours, left alone where a learner worked
    files.py      files that are written whole or not at all
    inputs.py     what a chapter's result depends on, as one digest
    execute.py    run a notebook in this environment, and name the cell that fails
    mathml.py     equations that a browser shows without any script
    pages.py      the page of a chapter and the index, readable without a network
    build.py      all of it in order, and only what changed
"""
