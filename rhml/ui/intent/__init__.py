"""What matters now, on Pending and Decide: the line that says it, the control that moves it, and what came of it.

May import: what ui may.
"""
