"""What a device prints when somebody types a command at it."""

from simulators.cli.answering import Output, answer, answer_of, session
from simulators.cli.box import Box

__all__ = ["Box", "Output", "answer", "answer_of", "session"]
