"""The trouble that every system shows a part of."""

FLAGSHIP = "zrh01-f02-acc-02"
"""The switch in trouble. Its template set storm control so low that ordinary broadcast trips it."""

UPLINK = "TenGigabitEthernet1/1/1"
"""Its first uplink. Storm control err-disables it, recovery brings it back after `RECOVERY` seconds, and so on."""

SECOND_UPLINK = "TenGigabitEthernet1/1/2"
"""Its second uplink, which is up: the switch stays reachable."""

CAUSE = "storm-control"
LEVEL = "0.10"
"""Percent of the bandwidth that broadcast may use on the uplink, as configured by mistake."""

LOWEST = 0.50
"""Percent. Below it ordinary broadcast trips storm control on an uplink."""

RECOVERY = 30
"""Seconds of `errdisable recovery interval`."""

FLAPS_PER_HOUR = 112
"""How often the uplink goes down in an hour: some two seconds up, then `RECOVERY` seconds err-disabled."""
