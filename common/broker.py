"""What the queue needs of its Redis."""

import redis
from django.conf import settings

SECONDS = 2


def eviction() -> str:
    """The policy under which Redis throws queued messages away when its memory is full ("allkeys-lru"), or "" when it
    keeps them, may not be asked, or is not used at all. Raises redis.RedisError when it does not answer.
    """
    if not settings.REDIS_URL:
        return ""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as server:
        try:
            policy = str(server.config_get("maxmemory-policy").get("maxmemory-policy", ""))
        except redis.ResponseError:  # a hosted Redis may forbid CONFIG
            return ""
    return policy if policy.startswith("allkeys") else ""  # queued messages have no expiry: volatile-* spares them
