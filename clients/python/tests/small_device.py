"""A small device in Python: the rules of docs/protocol.md section 4 for a device, without a tag and without USB."""

from typing import Any, Dict, List, NamedTuple, Optional

from bluetaplib.protocol import CommandNumber, Message, Previous

_TYPES = {"HELLO": "HELLO_REPLY", "PAY": "PAY_REPLY", "CANCEL": "CANCEL_REPLY", "STATUS": "STATUS_REPLY"}


class Shown(NamedTuple):
    """A payment link that the device shows."""

    method: str
    amount: Optional[str]
    order_id: Optional[str]


class SmallDevice:
    """One device. `shown` lists each payment link that it has shown: a PAY that is executed twice is in it twice."""

    def __init__(self, serial_number: str = "T-0001", simulated: bool = True) -> None:
        self.serial_number, self.simulated = serial_number, simulated
        self.boot_id, self.opened, self.session = 7, 40000, 0
        self.last: Optional[CommandNumber] = None
        self.state, self.taps = "idle", 0
        self.link: Optional[Shown] = None
        self.shown: List[Shown] = []
        self.heard: List[Message] = []
        self._latest = (0, Message("", 0, 0, {}), Message("", 0, 0, {}))
        self._links = 0

    def restart(self) -> None:
        """Starts again: no session, no payment link, another boot id."""
        self.boot_id, self.session, self.last = self.boot_id + 1, 0, None
        self.state, self.taps, self.link = "idle", 0, None
        self.opened = (self.opened * 7) % 60000 + 1

    def hello(self) -> None:
        """Another host opens a session."""
        self.opened = self.opened % 65535 + 1
        self.session, self._latest, self._links = self.opened, (0, Message("", 0, 0, {}), Message("", 0, 0, {})), 0

    def pay_of_another_host(self) -> None:
        """Another host opens a session and shows its payment link."""
        self.hello()
        self.receive(Message("PAY", self.session, 1, {"paymentMethod": "ALIPAY_CN", "orderId": "OTHER"}))

    def tap(self) -> Message:
        """A phone reads the payment link. Returns the LINK that tells it."""
        self.taps += 1
        return self.tell_link()

    def tell_link(self) -> Message:
        """Returns the next LINK."""
        self._links = self._links % 255 + 1
        fields: Dict[str, Any] = {"state": self.state, "taps": self.taps}
        if self.link is not None and self.link.order_id is not None:
            fields["orderId"] = self.link.order_id
        return Message("LINK", self.session, self._links, fields)

    def receive(self, message: Message) -> Message:
        """Executes a request, and returns the reply."""
        self.heard.append(message)
        if message.name == "HELLO":
            return self._hello(message)
        if message.session != self.session or self.session == 0:
            return self.refuse(message, 4, "PROCESS_FAIL")
        sequence, request, answer = self._latest
        if message.sequence == sequence and message == request:
            return self._with_current_state(answer)
        if message.sequence <= sequence:
            return self.refuse(message, 10, "PROCESS_FAIL")
        answer = self._execute(message)
        self._latest = (message.sequence, message, answer)
        return answer

    def refuse(self, message: Message, reason: int, result: str) -> Message:
        """Returns a refusal."""
        fields = {"result": result, "reason": reason, "state": self.state}
        return Message(_TYPES[message.name], message.session, message.sequence, fields)

    def _hello(self, message: Message) -> Message:
        self.hello()
        fields: Dict[str, Any] = {
            **{"result": "SUCCESS", "state": self.state, "nonce": message.fields["nonce"], "model": "BT-TEST"},
            **{"firmware": "1.0.0", "serialNumber": self.serial_number, "bootId": self.boot_id},
        }
        if self.taps:
            fields["taps"] = self.taps
        if self.simulated:
            fields["simulated"] = True
        if self.last is not None:
            fields["lastCommand"] = self.last
        return Message("HELLO_REPLY", self.session, 0, fields)

    def _execute(self, message: Message) -> Message:
        fields: Dict[str, Any] = {"result": "SUCCESS"}
        if message.name == "PAY":
            if self.state != "idle":
                fields["previous"] = Previous(self.state, self.taps)
            told = message.fields
            self.link = Shown(told["paymentMethod"], told.get("amount"), told.get("orderId"))
            self.shown.append(self.link)
            self.state, self.taps = "ready", 0
            fields["remaining"] = told.get("expiryTime", 900)
        elif message.name == "CANCEL":
            order_id = message.fields.get("orderId")
            if self.state == "ready" and order_id not in (None, self.link and self.link.order_id):
                return self.refuse(message, 5, "PROCESS_FAIL")
            self.state = "cancelled" if self.state == "ready" else self.state
        if message.name != "STATUS":
            self.last = CommandNumber(message.session, message.sequence)
        return self._with_current_state(Message(_TYPES[message.name], message.session, message.sequence, fields))

    def _with_current_state(self, answer: Message) -> Message:
        fields = {**answer.fields, "state": self.state}
        if fields["result"] == "SUCCESS":
            if answer.name == "PAY_REPLY":
                fields["remaining"] = fields["remaining"] if self.state == "ready" else 0
            elif self.taps:
                fields["taps"] = self.taps
            if answer.name == "STATUS_REPLY" and self.state == "ready" and self.link is not None:
                told = {"paymentMethod": self.link.method, "amount": self.link.amount, "orderId": self.link.order_id}
                fields.update({"remaining": 900, **{key: value for key, value in told.items() if value is not None}})
        return answer._replace(fields=fields)
