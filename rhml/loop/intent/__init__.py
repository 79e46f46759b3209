"""What matters now, as a lead states it: the preview of what it moves, the statement, and what was kept of its promise.

May import: what loop may.
"""
