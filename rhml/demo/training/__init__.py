"""WORKPLACE TRAINING: warranty claims with a known end, an experienced team, and newcomers who take the course.

Plain worlds for `demo.year`, and trainees who learn through the course's own verbs. May import what demo may: core,
loop, numpy, pandas; never machine, human or streamlit.
"""
