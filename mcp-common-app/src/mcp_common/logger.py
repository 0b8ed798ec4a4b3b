"""Logs: one JSON line per record, ECS field names, the trace id of the call, no secrets. `configure_logging` once."""

import logging
import logging.handlers
import sys
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.core import LogData
from pythonjsonlogger.json import JsonFormatter

from mcp_common.principal import Principal
from mcp_common.redaction import RedactingFilter
from mcp_common.settings import Settings
from mcp_common.telemetry import current_trace_ids

# Libraries that bring handlers of their own, or say too much.
_ROUTED = ("uvicorn", "uvicorn.error", "uvicorn.access", "fastmcp", "mcp", "fastapi")
_QUIET = ("httpx2", "httpcore2", "hvac", "urllib3", "opentelemetry")
_LEVELS = {"succeeded": logging.INFO, "denied": logging.WARNING, "failed": logging.WARNING, "unknown": logging.ERROR}

_calls = logging.getLogger("mcp_common.tool_calls")


class EcsFormatter(JsonFormatter):
    """A log record in the field names of the Elastic Common Schema. Extra fields keep the names they were given.

    All ASCII: no line separator or terminal sequence of another script can split or steer a line.
    """

    def __init__(self, service: str) -> None:
        super().__init__(json_default=str, json_ensure_ascii=True)
        self._service = service

    def add_fields(self, log_data: LogData, record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Put the fields in the order in which people read them."""
        written = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data |= {
            "@timestamp": written.replace("+00:00", "Z"),
            "log.level": record.levelname.lower(),
            "message": record.message,
            "ecs.version": "8.17.0",
            "service.name": self._service,
            "log.logger": record.name,
        }
        trace_id, span_id = current_trace_ids()
        if trace_id:
            log_data |= {"trace.id": trace_id, "span.id": span_id}
        extra: LogData = {}
        super().add_fields(extra, record, message_dict)
        for own, name in (("exc_info", "error.stack_trace"), ("stack_info", "log.origin.stack")):
            if text := extra.pop(own, None):
                log_data[name] = text
        extra.pop("color_message", None)  # uvicorn's copy of the message, for terminals
        log_data |= {name: value for name, value in extra.items() if name not in log_data}


def configure_logging(settings: Settings, service: str) -> None:
    """Send every log of the process to stdout, and to LOG_FILE when it is set, in one format.

    May be called again; the last call counts. The file may be moved by logrotate: it is opened anew.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stdout)]
    if settings.log_file is not None:
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(logging.handlers.WatchedFileHandler(settings.log_file, encoding="utf-8", errors="replace"))
    root = logging.getLogger()
    for former in root.handlers[:]:
        if isinstance(former.formatter, EcsFormatter):
            root.removeHandler(former)
            former.close()
    for handler in handlers:
        handler.setFormatter(EcsFormatter(service))
        handler.addFilter(RedactingFilter())
        root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name in _ROUTED:
        routed = logging.getLogger(name)
        routed.handlers.clear()
        routed.propagate = True
        routed.setLevel(logging.NOTSET)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def get_logger(name: str) -> logging.Logger:
    """The logger of a module. Pass facts as `extra={"mcp.tool": …}`, with ECS names where ECS has one."""
    return logging.getLogger(name)


def log_mcp_call(tool: str, principal: Principal | None, outcome: str, duration: float, **facts: object) -> None:
    """Log one call: who, which tool, what came of it, how long it took (seconds).

    Args:
        tool: its name.
        principal: the verified caller, if there is one.
        outcome: succeeded, denied, failed or unknown.
        duration: seconds.
        facts: further fields, written as `mcp.<name>`. Never pass an argument's value.
    """
    extra: dict[str, Any] = {
        "event.action": "tool_call",
        "event.duration": round(duration * 1e9),
        "mcp.tool": tool,
        "mcp.outcome": outcome,
    }
    if principal is not None:
        extra |= {"user.id": principal.subject, "user.name": principal.label, "user.roles": list(principal.groups)}
    extra |= {f"mcp.{name}": fact for name, fact in facts.items()}
    _calls.log(_LEVELS.get(outcome, logging.INFO), "tool call %s", outcome, extra=extra)
