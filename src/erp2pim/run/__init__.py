"""The rooms joined: exports to a plan, a plan to the PIM."""

from erp2pim.run.guarding import trips
from erp2pim.run.night import sync
from erp2pim.run.planning import foresee, plan
from erp2pim.run.values import Result, Rooms, Sending

__all__ = ["Result", "Rooms", "Sending", "foresee", "plan", "sync", "trips"]
