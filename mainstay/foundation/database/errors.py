"""What can be wrong with a database server, in sentences for the person at the keyboard."""


class DatabaseTrouble(Exception):
    """The database cannot be used as things stand; the message says why and what to do."""
