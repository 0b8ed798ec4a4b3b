"""Who works at the company."""

from simulators.world.models import Person

DOMAIN = "nordhaven.example"

# The first six are the accounts the embedded identity provider seeds.
_PEOPLE: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("admin", "Petra Aebischer", "Head of Platform", "Platform Engineering", ("admin",)),
    ("netops", "Jonas Brandt", "Network Engineer", "Network Operations", ("network-engineers",)),
    ("servicedesk", "Maya Okafor", "Service Desk Agent", "Service Desk", ("service-desk",)),
    ("developer", "Lucas Meyer", "Software Engineer", "Automation", ("developers",)),
    ("changemanager", "Ingrid Solberg", "Change Manager", "Service Management", ("change-managers",)),
    ("nobody", "Casual Visitor", "Guest", "External", ()),
    ("rkeller", "Reto Keller", "Senior Network Engineer", "Network Operations", ("network-engineers",)),
    ("shaddad", "Samira Haddad", "Network Architect", "Network Engineering", ("network-engineers",)),
    ("tnakamura", "Taro Nakamura", "Wireless Engineer", "Network Engineering", ("network-engineers",)),
    ("efischer", "Elena Fischer", "Security Engineer", "Security", ("network-engineers",)),
    ("dwhite", "Daniel White", "Service Desk Lead", "Service Desk", ("service-desk",)),
    ("aperez", "Ana Perez", "Service Desk Agent", "Service Desk", ("service-desk",)),
    ("kvisser", "Koen Visser", "Automation Engineer", "Automation", ("developers",)),
    ("npatel", "Neha Patel", "Site Reliability Engineer", "Automation", ("developers",)),
    ("obrown", "Olivia Brown", "Change Coordinator", "Service Management", ("change-managers",)),
    ("mrossi", "Marco Rossi", "Field Engineer", "Field Services", ()),
    ("lchen", "Li Chen", "Branch Manager", "Operations", ()),
    ("gdubois", "Gael Dubois", "Finance Analyst", "Finance", ()),
    ("hlarsen", "Hanne Larsen", "Office Manager", "Facilities", ()),
    ("pnowak", "Piotr Nowak", "Logistics Planner", "Operations", ()),
)


def build_people() -> dict[str, Person]:
    """Everybody, by account name."""
    people = (
        Person(account, name, f"{name.lower().replace(' ', '.')}@{DOMAIN}", title, department, groups)
        for account, name, title, department, groups in _PEOPLE
    )
    return {person.account: person for person in people}
