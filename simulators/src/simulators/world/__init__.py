"""One coherent company that every simulator shows a part of."""

from simulators.world.build import build_world
from simulators.world.models import World

__all__ = ["World", "build_world"]
