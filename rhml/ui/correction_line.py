"""What a card says of the team's corrections: that they apply here, and what the model alone would suggest."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.store.case_file import StoredRecommendation
from rhml.ui import resources, words


def on_card(domain: DecisionDomain, shown: StoredRecommendation) -> str:
    """'**Changed by the team’s correction.** The model alone would suggest **Lend** (64 of 100). When …'."""
    alone = words.plain(domain.label(shown.uncorrected_action))
    about = words.number(100 * (shown.uncorrected_probability or 0.0))
    if shown.uncorrected_action == shown.action:
        said = f"**With the team’s correction.** The model alone would suggest the same ({about} of 100)."
    else:
        said = f"**Changed by the team’s correction.** The model alone would suggest **{alone}** ({about} of 100)."
    sentences = resources.correction_words(domain.name, shown.corrections, shown.made_at)
    return "  \n".join([said, *(words.plain(sentence) for sentence in sentences)])
