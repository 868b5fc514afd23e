"""PostgreSQL of our own: found, made, started, attached to and stopped, without Django.

`Cluster` is one data directory and its server. `Cluster.owned()` is for whoever serves from it,
`Cluster.borrowed()` for a command that passes by and must leave things as they were.
"""

from mainstay.foundation.database.address import Address
from mainstay.foundation.database.binaries import Binaries, find_binaries
from mainstay.foundation.database.cluster import Cluster
from mainstay.foundation.database.errors import DatabaseTrouble
from mainstay.foundation.database.places import Place, default_place, place_at
from mainstay.foundation.database.profiles import DURABLE, THROWAWAY, Profile

__all__ = [
    "DURABLE",
    "THROWAWAY",
    "Address",
    "Binaries",
    "Cluster",
    "DatabaseTrouble",
    "Place",
    "Profile",
    "default_place",
    "find_binaries",
    "place_at",
]
