"""What can go wrong with stock, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import IllegalMove, InvalidInput, Stale, StopFound


class NothingLeft(Stale):
    """There is not enough left of this lot here. Somebody may have taken the last of it; look at the stock again."""

    code = "nothing-left"


class LotNotHere(InvalidInput):
    """This lot is not in stock at this site."""

    code = "lot-not-here"


class AlreadyDrawn(Stale):
    """This dose is out of stock already: it was drawn for the same record a moment ago."""

    code = "already-drawn"


class AlreadyLogged(Stale):
    """Somebody has logged this reading already."""

    code = "already-logged"


class LotNotFit(StopFound):
    """This lot cannot be used."""

    code = "lot-not-fit"


class AlreadyBack(IllegalMove):
    """This dose is back in stock already."""

    code = "already-back"


means("stock_never_negative", NothingLeft)
means("one_draw_per_use_and_stock", AlreadyDrawn)
means("one_daily_reading_per_slot", AlreadyLogged)
