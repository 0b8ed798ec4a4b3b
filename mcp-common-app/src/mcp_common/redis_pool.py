"""Connections to the Redis or Valkey of REDIS_URL; opened when they are first needed."""

from collections.abc import Callable
from typing import Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mcp_common.errors import Unavailable

CONNECTIONS: Final = 32


class StoreNotConfigured(Unavailable):
    """REDIS_URL cannot be used; the text never repeats it, since it may hold a password."""

    retryable = False


def connect_redis(url: str, *, timeout: float) -> Redis:
    """Make a pool whose every wait is at most `timeout` seconds; it answers bytes.

    Raises:
        StoreNotConfigured: when the URL cannot be used.

    """
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=timeout,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 1),  # a connection that the store dropped while it was idle is made anew
        )
        connect: Callable[[], object] = pool.make_connection
        connect()  # opens nothing yet, but finds a misspelt option now and not at the first command
        if pool.connection_kwargs.get("decode_responses"):
            raise ValueError("what is kept are bytes")
    except (ValueError, TypeError, RedisError):
        # Without the cause: it quotes the URL, and so perhaps the password.
        raise StoreNotConfigured(
            "REDIS_URL is not the address of a Redis or Valkey server: expected "
            "rediss://[USER]:[PASSWORD]@HOST:PORT/NUMBER (redis:// without TLS), special characters as %XX."
        ) from None
    return Redis.from_pool(pool)
