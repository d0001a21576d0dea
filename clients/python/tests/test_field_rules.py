"""The rules of the fields. docs/protocol.md section 6. A wrong value names its field, and nothing is sent."""

from enum import Enum, IntEnum
from typing import Any

import pytest

from bluetaplib import LinkLive, Outcome, ParamIllegal, PaymentMethod, ResultCode, State
from bluetaplib.field_rules import cancel_fields, pay_fields, show

from scripted_world import World


class Wallet(Enum):
    """An enum of another kind."""

    TRUEMONEY = "TRUEMONEY"


class Seconds(IntEnum):
    """A number of another kind."""

    MINUTE = 60


class Rude:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no text")


WRONG_KINDS = [0, 1, -1, 1.5, True, False, b"TRUEMONEY", [], {}, object(), Wallet.TRUEMONEY, Rude(), 10**6000]
WRONG = [
    *[("paymentMethod", value) for value in [
        None, *WRONG_KINDS, "", "truemoney", " TRUEMONEY", "TRUEMONEY ", "TRUEMONEY\n", "CASH", "SEVEN11", "A" * 10**6,
        "\u0000", "TRUEM\u00d6NEY", ResultCode.SUCCESS, State.READY,
    ]],
    *[("amount", value) for value in [
        *WRONG_KINDS, "", " ", "1 ", " 1", "1\n", "-1", "+1", "1.", ".1", "1..2", "1.2.3", "1,5", "1e3", "123456789",
        "12345.678", "\u0661", "\uff11", "0x1", "1_0", "NaN", "\ud800", PaymentMethod.TRUEMONEY,
    ]],
    *[("orderId", value) for value in [
        *WRONG_KINDS, "", " ", "A B", "A\n", "A\t", "A" * 17, "\u00e9", "\u0e01", "\x7f", "\0", "\ud800",
    ]],
    *[("expiryTime", value) for value in [
        0, -1, 2**31, 2**64, 1.0, 900.0, float("nan"), float("inf"), True, False, "900", "", b"1", [], Seconds.MINUTE,
        Rude(), 10**6000,
    ]],
]
NAMES = {"paymentMethod": "payment_method", "amount": "amount", "orderId": "order_id", "expiryTime": "expiry_time"}


def describe(value: Any) -> str:
    return show(value)[:24]


@pytest.mark.parametrize("field, value", WRONG, ids=describe)
def test_a_wrong_value_names_its_field_and_nothing_is_sent(field: str, value: Any) -> None:
    world = World()
    client = world.client()
    given = {"payment_method": "TRUEMONEY", NAMES[field]: value}
    result = client.pay(given.pop("payment_method"), **given)
    assert (result.code, result.outcome, result.link_live) == (ResultCode.PARAM_ILLEGAL, Outcome.NOT_SENT, LinkLive.NO)
    assert result.error is not None
    text = result.error.message
    assert field in text and "Nothing was sent" in text
    assert text.isascii() and text.isprintable() and len(text) < 500
    assert [each for each in NAMES if each in text] == [field]
    assert (world.opened, world.sent) == (0, [])


@pytest.mark.parametrize("value", [value for field, value in WRONG if field == "orderId"], ids=describe)
def test_a_wrong_order_id_of_a_cancel(value: Any) -> None:
    world = World()
    result = world.client().cancel(value)
    assert (result.code, result.outcome) == (ResultCode.PARAM_ILLEGAL, Outcome.NOT_SENT)
    assert result.error is not None and "orderId" in result.error.message
    assert world.opened == 0


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(ParamIllegal) as caught:
        pay_fields("CASH", "x", "a b", 0)
    assert all(field in str(caught.value) for field in NAMES)


@pytest.mark.parametrize("amount", ["0", "1", "00", "0.0", "100", "0.50", "99999.99", "12345678", "1.234567"])
def test_a_right_amount_is_sent_as_it_is(amount: str) -> None:
    assert pay_fields("TRUEMONEY", amount)["amount"] == amount


@pytest.mark.parametrize("order_id", ["!", "~", "A" * 16, "\"'\\%00<>"])
def test_a_right_order_id_is_sent_as_it_is(order_id: str) -> None:
    assert cancel_fields(order_id) == {"orderId": order_id}
    assert pay_fields("SEVEN_11", order_id=order_id) == {"paymentMethod": "SEVEN_11", "orderId": order_id}


@pytest.mark.parametrize("expiry", [1, 900, 2**31 - 1])
def test_a_right_expiry_time(expiry: int) -> None:
    fields = pay_fields(PaymentMethod.ALIPAY_CN, expiry_time=expiry)
    assert fields == {"paymentMethod": "ALIPAY_CN", "expiryTime": expiry}


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "5", [], 2**31])
def test_a_wrong_timeout_sends_nothing(timeout: Any) -> None:
    world = World()
    client = world.client()
    for result in (client.pay("TRUEMONEY", timeout=timeout), client.cancel(timeout=timeout)):
        assert result.code is ResultCode.PARAM_ILLEGAL and result.error is not None
        assert "timeout" in result.error.message
    for call in (lambda: client.status(timeout=timeout), lambda: client.connect(timeout=timeout)):
        with pytest.raises(ParamIllegal, match="timeout"):
            call()
    with pytest.raises(ParamIllegal, match="timeout"):
        world.client(timeout=timeout)
    assert world.opened == 0


def test_other_wrong_options() -> None:
    world = World()
    for wrong in ({"allow_simulated": 0}, {"allow_simulated": "no"}, {"device": 5}, {"pending_attempts": ["x"]}):
        with pytest.raises(ParamIllegal):
            world.client(**wrong)
    wrong_function = world.client().pay("TRUEMONEY", on_attempt="yes")  # type: ignore[arg-type]
    assert wrong_function.error is not None and "on_attempt" in wrong_function.error.message
    with pytest.raises(ParamIllegal, match="attempt"):
        world.client().outcome_of(None)  # type: ignore[arg-type]
    assert world.opened == 0


def test_the_two_facts_of_a_call_on_a_closed_client() -> None:
    client = World().client()
    client.close()
    assert (client.pay("TRUEMONEY").outcome, client.cancel().link_live) == (Outcome.NOT_SENT, LinkLive.UNKNOWN)
