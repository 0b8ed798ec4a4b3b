"""Standard changes: what is approved once and for all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandardChange:
    """One published template; `version` counts its revisions."""

    name: str
    short_description: str
    description: str
    implementation_plan: str
    backout_plan: str
    test_plan: str
    category: str = "Network Standard Changes"
    assignment_group: str = "Network Operations"
    version: int = 1
    active: bool = True


STANDARD_CHANGES = (
    StandardChange(
        "Replace access switch transceiver",
        "Replace a transceiver of an access switch uplink",
        "The part is replaced by one of the same type. The other uplink must be up before the work starts.",
        "1. Check that the other uplink is up and forwarding.\r\n2. Shut the port.\r\n"
        "3. Replace the transceiver and clean the fibre.\r\n4. Bring the port up.",
        "Put the old transceiver back and bring the port up.",
        "Light levels within the limits of the part, no errors on the port for ten minutes, neighbour seen by CDP.",
        version=2,
    ),
    StandardChange(
        "Change the VLAN of an access port",
        "Change the VLAN of an access port",
        "One user port gets another VLAN of the same building. Uplinks and ports of access points are not covered.",
        "1. Note the present configuration of the port.\r\n2. Set the VLAN with the template Access VLAN.\r\n3. Save.",
        "Deploy the noted VLAN with the same template.",
        "The device on the port gets an address of the new network.",
    ),
    StandardChange(
        "Restart an access point",
        "Restart an access point",
        "The access point is restarted by its switch port. Its clients move to the neighbours for about five minutes.",
        "1. Check that the neighbouring access points are up.\r\n2. Turn the power of the port off and on.",
        "None: the access point comes back by itself or is replaced under another change.",
        "The access point has joined its controller and serves clients.",
        assignment_group="Network Engineering",
    ),
    StandardChange(
        "Clear BGP sessions of a branch router",
        "Clear BGP sessions of a branch router",
        "Withdrawn: the provider does it from his side now.",
        "1. Soft-clear the session.",
        "None.",
        "Routes are back within five minutes.",
        active=False,
    ),
)
