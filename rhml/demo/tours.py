"""A tour of three minutes through each field, in the field's own words; every step is checked against the log."""

from __future__ import annotations

from rhml.demo.tour_steps import (
    Step,
    Tour,
    decided,
    differed,
    marked,
    practised,
    read,
    retrained,
    saw_outcome,
    stated,
)

TOURS = (
    Tour(
        "organizational",
        "purchase_requests",
        "Decide two purchase requests, let the quarter end, teach the model, and read who learned what.",
        (
            Step(
                "Decide one request",
                "Read the facts, what the model suggests and why. Then agree, or make your own call.",
                "decide", "Open a request", decided,
            ),
            Step(
                "Decide one differently",
                "Choose *Decide differently*, a reason, and a sentence on what the model does not know.",
                "decide", "Open a request", differed,
            ),
            Step(
                "See what proved right",
                "Requests are reviewed at quarter's end. Let it come, and see which of your calls proved right.",
                "my_learning", "See what came of them", saw_outcome, time_passes=True,
            ),
            Step(
                "Teach the model",
                "Train a version on all that is known by now, your decisions included.",
                "models", "Go to Models", retrained,
            ),
            Step(
                "Read who learned what",
                "What buyers and the model learned from each other, and how sure that is.",
                "improvement", "Read the answer", read, view="Answer",
            ),
        ),
    ),
    Tour(
        "cybersecurity",
        "message_triage",
        "Triage two messages, mark the words that gave it away, teach the model, and see both learn in cycles.",
        (
            Step(
                "Triage one message",
                "Read the message, then dismiss, watch or escalate. Mostly your own call comes first, then the model's.",
                "decide", "Open a message", decided,
            ),
            Step(
                "Differ, and mark the words",
                "After the model has spoken, *Keep my call* or *Decide differently*: a reason, and the words that speak for you.",
                "decide", "Open a message",
                lambda done, looks: differed(done, looks) and marked(done, looks),
            ),
            Step(
                "See what they were",
                "Every message is looked at again days later. Let them pass, and see which calls proved right.",
                "my_learning", "See what came of them", saw_outcome, time_passes=True,
            ),
            Step(
                "Teach the model",
                "Train a version on all that is known by now, your messages and words included.",
                "models", "Go to Models", retrained,
            ),
            Step(
                "Read who learned what",
                "Eight learning cycles: what threat analysts and the model learned, and how sure that is.",
                "improvement", "Read the cycles", read, view="Cycles",
            ),
        ),
    ),
    Tour(
        "workplace_training",
        "claims_training",
        "Test yourself on past claims, decide two new ones, and read what trainees and the model learned.",
        (
            Step(
                "Test yourself first",
                "Begin the course and call three claims of its first test. No answer is told yet.",
                "practice", "Begin the course", practised, view="Course",
            ),
            Step(
                "Decide one claim",
                "A new claim, for real: read what the model suggests and why, then agree, or make your own call.",
                "decide", "Open a claim", decided,
            ),
            Step(
                "Decide one differently",
                "Choose *Decide differently*, a reason, and a sentence on what the model does not know.",
                "decide", "Open a claim", differed,
            ),
            Step(
                "See how they ended",
                "Let time pass, and see which of your calls proved right.",
                "my_learning", "See what came of them", saw_outcome, time_passes=True,
            ),
            Step(
                "Read who learned what",
                "What claims handlers and the model learned from each other, and how sure that is.",
                "improvement", "Read the answer", read, view="Answer",
            ),
        ),
    ),
    Tour(
        "open_science",
        "replications",
        "Give your probability for two findings, let the replications come in, and read who foretold better.",
        (
            Step(
                "Give your probability",
                "Read the finding. Say what you expect, and how sure you are.",
                "decide", "Open a finding", stated,
            ),
            Step(
                "Differ from the model",
                "Choose *Decide differently*, a reason, and a sentence on what the model does not know.",
                "decide", "Open a finding", differed,
            ),
            Step(
                "See what replicated",
                "Let the replications be run, and see which of your forecasts proved right.",
                "my_learning", "See what came of them", saw_outcome, time_passes=True,
            ),
            Step(
                "Teach the model",
                "Train a version on all that is known by now, your forecasts included.",
                "models", "Go to Models", retrained,
            ),
            Step(
                "Read who learned what",
                "What experts and the model learned from each other, and how sure that is.",
                "improvement", "Read the answer", read, view="Answer",
            ),
        ),
    ),
    Tour(
        "logistics",
        "shipments",
        "Keep or change two plans, let the trucks arrive, teach the model, and read who learned what.",
        (
            Step(
                "Decide one shipment",
                "Read the plan, how likely the model takes it to be late, and why. Then keep or change it.",
                "decide", "Open a shipment", decided,
            ),
            Step(
                "Override the model's plan",
                "Choose *Decide differently*, a reason, and a sentence on what the model does not know.",
                "decide", "Open a shipment", differed,
            ),
            Step(
                "See what arrived",
                "Let the shipments arrive, and see which of your calls proved right.",
                "my_learning", "See what came of them", saw_outcome, time_passes=True,
            ),
            Step(
                "Teach the model",
                "Train a version on all that is known by now, your shipments included.",
                "models", "Go to Models", retrained,
            ),
            Step(
                "Read who learned what",
                "What dispatchers and the model learned from each other, and how sure that is.",
                "improvement", "Read the answer", read, view="Answer",
            ),
        ),
    ),
)  # fmt: skip


def tour_of(key: str) -> Tour:
    """The tour through a field."""
    return next(tour for tour in TOURS if tour.field == key)
