// Three payments in the vendor's shape, and one that the library refuses. It needs a device, or BLUETAP_TRANSPORT.
using System;
using System.Diagnostics;
using BluetapLib;

static class Payments
{
    static void Main()
    {
        TinyCommand tinyCommand = new TinyCommand();
        foreach (PaymentMethod method in new[] { PaymentMethod.TRUEMONEY, PaymentMethod.SEVEN_11, PaymentMethod.ALIPAY_PLUS })
        {
            ResultCode result = tinyCommand.SendPayCommand(new PayCommand { PaymentMethod = method.ToString() });
            Console.WriteLine(method + ": " + result);
            Debug.Assert(result == ResultCode.SUCCESS, method + " was not shown");
        }

        // No such payment method exists, so the library sends nothing.
        ResultCode refused = tinyCommand.SendPayCommand(new PayCommand { PaymentMethod = "Test" });
        Debug.Assert(refused == ResultCode.PARAM_ILLEGAL, "an unknown payment method was sent");
    }
}
