"""THE PRESS: findings in words, drawings and sections, printed as one HTML page, as a PDF or as JSON.

Page and print share the words for a measure, a verdict and a claim: they are here once. May import core, stats,
reports, babel and typst; pandas for periods of time. Never store, loop, Streamlit or Plotly: values in, texts out.
"""
