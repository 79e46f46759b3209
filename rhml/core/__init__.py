"""THE WORDS: what is decided and what is recorded.

May import the standard library, and pydantic for domain files. Never pandas, a database, a model or
Streamlit; never the clock or chance: times and seeds are arguments.
"""
