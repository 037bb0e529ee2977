"""A Control Room that exists only in tests: the work item protocol on the wire, faults on demand."""

from tests.emulators.control_room.room import Refused, Room, WorkItem
from tests.emulators.control_room.server import ControlRoom, Fault

__all__ = ["ControlRoom", "Fault", "Refused", "Room", "WorkItem"]
