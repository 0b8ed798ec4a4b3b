"""What Prometheus is told."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from mcp_common.metrics import Metrics


def samples(metrics: Metrics, name: str) -> dict[tuple[str, ...], float]:
    """Each series by its label values, in the order of the labels' names."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
        if sample.name == name
    }


def test_a_call_is_counted_and_timed_by_tool_and_outcome() -> None:
    metrics = Metrics()
    metrics.tool_call("get_device", "succeeded", 0.25)
    metrics.tool_call("get_device", "succeeded", 0.5)
    metrics.tool_call("get_device", "denied", 0.001)
    counts = samples(metrics, "mcp_server_operation_duration_seconds_count")
    sums = samples(metrics, "mcp_server_operation_duration_seconds_sum")
    assert counts == {("get_device", "tools/call", "succeeded"): 2, ("get_device", "tools/call", "denied"): 1}
    assert sums["get_device", "tools/call", "succeeded"] == 0.75


def test_authentications_decisions_secret_reads_and_errors_are_counted() -> None:
    metrics = Metrics()
    metrics.auth("ok", 0.002)
    metrics.auth("expired")
    metrics.decision("catalyst-center", "read", allow=True, seconds=0.0001)
    metrics.decision("catalyst-center", "write", allow=False, seconds=0.0001)
    metrics.secret_read("api/catalyst-center", "read")
    metrics.error("policy")
    assert samples(metrics, "mcp_auth_total") == {("ok",): 1, ("expired",): 1}
    assert samples(metrics, "mcp_auth_duration_seconds_count") == {("ok",): 1}
    assert samples(metrics, "mcp_policy_decision_duration_seconds_count") == {
        ("read", "catalyst-center", "allow"): 1,
        ("write", "catalyst-center", "deny"): 1,
    }
    assert samples(metrics, "mcp_secret_reads_total") == {("read", "api/catalyst-center"): 1}
    assert samples(metrics, "mcp_errors_total") == {("policy",): 1}


@pytest.mark.parametrize("name", ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"])
def test_the_use_of_the_process_is_shown(name: str) -> None:
    assert samples(Metrics(), name)[()] > 0


def test_tools_the_service_does_not_have_are_one_label() -> None:
    metrics = Metrics(known_tools=["get_device"])
    for number in range(50):
        metrics.tool_call(f"made_up_{number}", "denied", 0.001)
    metrics.tool_call("get_device", "succeeded", 0.001)
    counts = samples(metrics, "mcp_server_operation_duration_seconds_count")
    assert counts == {("unknown", "tools/call", "denied"): 50, ("get_device", "tools/call", "succeeded"): 1}


def test_no_label_can_grow_the_number_of_series_without_bound() -> None:
    metrics = Metrics(max_series=20)
    for number in range(120):
        metrics.auth(f"reason-{number}")
        metrics.tool_call(f"tool-{number}", "failed", 0.001)
    assert len(samples(metrics, "mcp_auth_total")) == 21
    assert samples(metrics, "mcp_auth_total")["other",] == 100
    assert len(samples(metrics, "mcp_server_operation_duration_seconds_count")) == 21


def test_two_services_in_one_process_do_not_share_metrics() -> None:
    one, other = Metrics(), Metrics()
    one.error("vault")
    assert samples(other, "mcp_errors_total") == {}
