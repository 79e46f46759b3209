"""The Overrides page: its filters, its views, the cases behind them.

May import: what ui may.
"""
