"""Reciprocal human-machine learning: people and a model decide together and teach each other.

The map of the house; each room's door says what it may import.

    core      the words: what is decided and what is recorded
    store     the memory: an append-only log of facts, and named reads of it
    intake    the reception: an organization's files in, checked frames or a table of problems out
    stats     the arithmetic of both: measures with intervals, verdicts in words
    machine   how the machine learns: frames in, values out
    human     how people learn: frames in, values out
    reports   the findings: frames in, frozen results out
    printed   the press: findings in words, as one HTML page, a PDF or JSON
    loop      the reciprocal loop: gather, compute, record; one verb a file
    demo      an organization of simulated managers, working through the loop like anyone else
    proof     simulated organizations whose truth is known, to hold the reports against
    commands  python -m rhml: the loop's verbs for a terminal
    api       the door outside: what other systems read over HTTP with a key
    ui        the front of house: with pages/ the only place that knows Streamlit
"""

__version__ = "0.1.0"


def frames(path_or_url, domain=None):
    """The documented views as DataFrames, for notebooks: of a snapshot's folder or file, or of the log at a URL.

    `views = rhml.frames("folder")`, then `views.decided`, `views["overrides"]`, `views.meaning`.
    """
    from rhml.notebook import frames as opened  # here, so that naming the product loads nothing

    return opened(path_or_url, domain)
