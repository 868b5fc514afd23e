"""Words that two domains share and neither may import from the other."""

from mainstay.immunizations.forecast import load_schedule
from mainstay.orders.kinds import vaccine_groups


def test_orders_name_the_vaccine_groups_of_the_schedule():
    assert set(vaccine_groups()) == {group.name for group in load_schedule().groups}
