"""The body of a feedback request as the CDS Hooks specification describes it, as a JSON Schema of our own writing."""

from jsonschema import Draft202012Validator

UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}
SCHEMA = {
    "type": "object",
    "required": ["feedback"],
    "additionalProperties": False,
    "properties": {
        "extension": {"type": "object"},
        "feedback": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["card", "outcome", "outcomeTimestamp"],
                "additionalProperties": False,
                "properties": {
                    "card": UUID,
                    "outcome": {"enum": ["accepted", "overridden"]},
                    "acceptedSuggestions": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["id"],
                            "additionalProperties": False,
                            "properties": {"id": UUID},
                        },
                    },
                    "overrideReason": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": False,
                        "properties": {
                            "reason": {
                                "type": "object",
                                "required": ["code", "system"],
                                "additionalProperties": False,
                                "properties": {
                                    "code": {"type": "string", "pattern": r"^\S+( \S+)*$"},
                                    "system": {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:\\S+$"},
                                    "display": {"type": "string"},
                                },
                            },
                            "userComment": {"type": "string"},
                        },
                    },
                    "outcomeTimestamp": {
                        "type": "string",
                        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
                    },
                },
                "if": {"properties": {"outcome": {"const": "accepted"}}},
                "then": {"required": ["acceptedSuggestions"], "not": {"required": ["overrideReason"]}},
                "else": {"not": {"required": ["acceptedSuggestions"]}},
            },
        },
    },
}
Draft202012Validator.check_schema(SCHEMA)


def check(body: dict) -> None:
    """Hold a body against the specification."""
    Draft202012Validator(SCHEMA).validate(body)
