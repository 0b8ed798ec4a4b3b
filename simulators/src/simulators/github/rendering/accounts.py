"""Users, organisations, bots."""

from simulators.github.accounts import Account
from simulators.github.answers import Json
from simulators.github.call import Links
from simulators.github.git.objects import Signature
from simulators.github.times import iso, node_id


def account(links: Links, who: Account) -> Json:
    """The short form, as it stands inside other things."""
    own = f"{links.api}/users/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node_id("U", who.id),
        "avatar_url": f"{links.html}/avatars/u/{who.id}?v=4",
        "gravatar_id": "",
        "url": own,
        "html_url": f"{links.html}/{who.login}",
        "followers_url": f"{own}/followers",
        "following_url": f"{own}/following{{/other_user}}",
        "gists_url": f"{own}/gists{{/gist_id}}",
        "starred_url": f"{own}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{own}/subscriptions",
        "organizations_url": f"{own}/orgs",
        "repos_url": f"{own}/repos",
        "events_url": f"{own}/events{{/privacy}}",
        "received_events_url": f"{own}/received_events",
        "type": who.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def account_or_none(links: Links, who: Account | None) -> Json | None:
    """None stays None."""
    return None if who is None else account(links, who)


def signature(who: Signature) -> Json:
    """Name, address and time of a commit's author."""
    return {"name": who.name, "email": who.email, "date": iso(who.when)}
