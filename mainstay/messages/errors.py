"""What can go wrong with calls and messages, in words."""

from mainstay.foundation.errors import IllegalMove


class CallOver(IllegalMove):
    """This call is documented and closed. Start a new one."""

    code = "call-over"


class ThreadClosed(IllegalMove):
    """This conversation is closed."""

    code = "thread-closed"
