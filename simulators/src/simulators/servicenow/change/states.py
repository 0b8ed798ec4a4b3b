"""The states a change can be in."""

NEW, ASSESS, AUTHORIZE, SCHEDULED, IMPLEMENT, REVIEW, CLOSED, CANCELED = "-5", "-4", "-3", "-2", "-1", "0", "3", "4"

LABELS = {
    NEW: "New",
    ASSESS: "Assess",
    AUTHORIZE: "Authorize",
    SCHEDULED: "Scheduled",
    IMPLEMENT: "Implement",
    REVIEW: "Review",
    CLOSED: "Closed",
    CANCELED: "Canceled",
}
ENDED = (CLOSED, CANCELED)


def state_of(text: str) -> str | None:
    """The value of a state given by value or by name: `-2`, `-2.0`, `Scheduled`, `scheduled`."""
    text = text.strip().removesuffix(".0")
    if text in LABELS:
        return text
    return next((value for value, label in LABELS.items() if label.lower() == text.lower()), None)
