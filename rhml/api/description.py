"""What the door offers, for machines: a small OpenAPI document."""

from __future__ import annotations

from typing import Any

import rhml
from rhml.api.questions import PAGE
from rhml.loop.feed import MOST

TIME = {"type": "string", "format": "date-time"}
CARD = {"type": "string", "format": "uuid", "description": "The recommendation's id."}


def description() -> dict[str, Any]:
    """The OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Override feed",
            "version": rhml.__version__,
            "description": "What people did with the model's recommendations, in the shape of CDS Hooks feedback.",
        },
        "paths": {
            "/api/domains/{domain}/feedback": {"get": _feedback()},
            "/api/openapi.json": {
                "get": {"operationId": "description", "responses": {"200": {"description": "This document."}}}
            },
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Page": FEEDBACK, "Problem": PROBLEM},
        },
    }


def _feedback() -> dict[str, Any]:
    refused = {
        str(status): {
            "description": words,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, words in REFUSALS.items()
    }
    page = {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}
    return {
        "operationId": "feedback",
        "summary": "The next entries of a domain's override feed, in the order of the log.",
        "security": [{"key": []}],
        "parameters": [
            {"name": "domain", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "after", "in": "query", "description": "rhml.next of the last answer; 0 for the beginning.",
             "schema": {"type": "integer", "minimum": 0, "default": 0}},
            {"name": "limit", "in": "query",
             "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}},
        ],
        "responses": {"200": {"description": "A page, which may be empty.", "content": page}, **refused},
    }  # fmt: skip


REFUSALS = {
    401: "No valid key in the Authorization header.",
    403: "The key is for another domain.",
    405: "Only GET, HEAD and OPTIONS are known.",
    413: "The request has a body.",
    414: "The address is too long.",
    422: "A parameter is not right.",
    429: "Too many requests; Retry-After says when to go on.",
    431: "The headers are too large.",
    503: "The log cannot be read now.",
}

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence with a remedy."},
    },
}

CODING = {
    "type": "object",
    "required": ["code", "system"],
    "properties": {"code": {"type": "string"}, "system": {"type": "string", "format": "uri"},
                   "display": {"type": "string"}},
}  # fmt: skip

ENTRY = {
    "type": "object",
    "required": ["card", "outcome", "outcomeTimestamp"],
    "properties": {
        "card": CARD,
        "outcome": {"enum": ["accepted", "overridden"]},
        "acceptedSuggestions": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string", "format": "uuid"}},
            },
        },
        "overrideReason": {
            "type": "object",
            "properties": {"reason": CODING, "userComment": {"type": "string"}},
        },
        "outcomeTimestamp": TIME,
    },
}

WITHDRAWN = {
    "type": "object",
    "required": ["card", "outcomeTimestamp", "withdrawnTimestamp"],
    "properties": {"card": CARD, "outcomeTimestamp": TIME, "withdrawnTimestamp": TIME},
}

FEEDBACK = {
    "type": "object",
    "required": ["feedback", "extension"],
    "properties": {
        "feedback": {"type": "array", "items": ENTRY},
        "extension": {
            "type": "object",
            "required": ["rhml.next", "rhml.more"],
            "properties": {
                "rhml.next": {"type": "integer", "description": "Go on after this number."},
                "rhml.more": {"type": "boolean", "description": "Whether there are more entries now."},
                "rhml.withdrawn": {
                    "type": "array",
                    "items": WITHDRAWN,
                    "description": "Decisions taken back since: forget these entries, where you have them.",
                },
                "rhml.timeOfRecord": {
                    "type": "array",
                    "items": CARD,
                    "description": "Imported entries whose time of decision nobody knows; theirs is the time of record.",
                },
            },
        },
    },
}
