"""What this team, and each of its people, would call on a case: learned from their own calls, not from outcomes.

May import what `rhml.machine` may; like all of it, pure functions of frames. A person's weights are for that
person's own card and for nobody else.
"""
