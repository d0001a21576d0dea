"""Two payments in the vendor's shape, and what each result says. It needs a device, or BLUETAP_TRANSPORT."""

import bluetaplib

tiny_command = bluetaplib.TinyCommand()

for method in (bluetaplib.PaymentMethod.TRUEMONEY, bluetaplib.PaymentMethod.SEVEN_11):
    result = tiny_command.SendPayCommand(bluetaplib.PayCommand(method))
    if result == bluetaplib.ResultCode.SUCCESS:
        print(f"{method.value}: the device shows the payment link. This does not say that the shopper has paid.")
    else:
        # The library has printed the reason on stderr.
        print(f"{method.value}: {result.value}")
