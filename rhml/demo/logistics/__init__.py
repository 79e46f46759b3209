"""PRODUCTION AND LOGISTICS: a year of planned shipments with a known truth, dispatched in shifts.

Outcomes come late, and bad ones later than good ones; a hub opens, a carrier worsens. Plain worlds for `demo.year`;
may import what demo may: core, loop, numpy, pandas; never machine, human or streamlit.
"""
