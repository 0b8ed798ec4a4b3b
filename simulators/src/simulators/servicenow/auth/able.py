"""Which users may come in at all."""

from simulators.servicenow.instance import Instance
from simulators.servicenow.store import Record
from simulators.servicenow.users import User


def able(instance: Instance, record: Record | None) -> User | None:
    """The user of a sys_user record, unless inactive or locked out."""
    if record is None or record["active"] != "true" or record["locked_out"] == "true":
        return None
    return instance.user(record["sys_id"])


def able_named(instance: Instance, user_name: str) -> User | None:
    """The same by user_name."""
    return able(instance, instance.tables["sys_user"].find(user_name=user_name))


def with_password(instance: Instance, user_name: str, password: str) -> User | None:
    """The user, when the password is right."""
    known = instance.behaviour.accounts.get(user_name)
    return able_named(instance, user_name) if password and known == password else None
