using System;
using System.Collections.Generic;
using System.Linq;
using BluetapLib;
using BluetapLib.Protocol;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>The vendor's shape: a code, never an exception.</summary>
    internal static class TinyCommandTests
    {
        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("tiny command", new Dictionary<string, Action>
            {
                ["pay, cancel and the last result"] = PayAndCancel,
                ["each wrong field is named, and nothing is sent"] = WrongFields,
                ["right fields at their limits"] = RightFields,
                ["an exception of a transport becomes a code"] = HostileTransport,
                ["a wrong address becomes a code"] = WrongAddress,
                ["dispose: before a call, twice, and calls after it"] = Dispose,
                ["the default of the expiry time is 900"] = () =>
                    Must.Equal(900, new PayCommand().ExpiryTime, "the default"),
            });
        }

        private static void PayAndCancel()
        {
            FakeDevice device = new FakeDevice();
            using (TinyCommand tiny = Tiny(new FakeTransport(device)))
            {
                Must.Hold(tiny.LastResult == null, "there is no result before the first call");
                Must.Equal(ResultCode.SUCCESS, tiny.SendPayCommand(Case.Pay), "PAY");
                Must.Equal(Outcome.Executed, tiny.LastResult.Outcome, "the outcome");
                Must.Equal(ResultCode.SUCCESS, tiny.SendCancelCommand("A-1"), "CANCEL of an order");
                Must.Equal(ResultCode.SUCCESS, tiny.SendCancelCommand(), "CANCEL");
                Must.Equal(LinkLive.No, tiny.SendCancelCommandWithResult().LinkLive, "the payment link");
            }
        }

        private static void WrongFields()
        {
            FakeDevice device = new FakeDevice();
            using (TinyCommand tiny = Tiny(new FakeTransport(device)))
            {
                Wrong(tiny, null, "PayCommand");
                Wrong(tiny, new PayCommand(), "PaymentMethod");
                foreach (string method in new[] { "Test", string.Empty, "truemoney", " TRUEMONEY", "TRUEMONEY\0",
                    "\u0e3f" })
                {
                    Wrong(tiny, new PayCommand { PaymentMethod = method }, "PaymentMethod");
                }

                string[] amounts =
                {
                    string.Empty, "1,00", "-1", "+1", "1.", ".5", "1.2.3", "1e3", " 1", "1 ", "123456789", "\u0e51",
                        "NaN", "0x1",
                    new string('1', 100000),
                };
                foreach (string amount in amounts)
                {
                    Wrong(tiny, new PayCommand { PaymentMethod = "TRUEMONEY", Amount = amount }, "Amount");
                }

                foreach (string order in new[] { string.Empty, "A 1", "A\n", "12345678901234567", "\u00e9",
                    "\u001b[2J", "\ud83d\ude00" })
                {
                    Wrong(tiny, new PayCommand { PaymentMethod = "TRUEMONEY", OrderId = order }, "OrderId");
                    Must.Equal(ResultCode.PARAM_ILLEGAL, tiny.SendCancelCommand(order), "CANCEL of \"" + order + "\"");
                }

                foreach (int expiry in new[] { 0, -1, int.MinValue })
                {
                    Wrong(tiny, new PayCommand { PaymentMethod = "TRUEMONEY", ExpiryTime = expiry }, "ExpiryTime");
                }

                PayCommand all = new PayCommand { PaymentMethod = "x", Amount = "x", OrderId = " ", ExpiryTime = 0 };
                tiny.SendPayCommand(all);
                Must.Equal(4, tiny.LastResult.Error.Fields.Count, "the wrong fields");
            }

            Must.Equal(0, device.Received.Count, "the messages");
        }

        private static void RightFields()
        {
            FakeDevice device = new FakeDevice();
            using (TinyCommand tiny = Tiny(new FakeTransport(device)))
            {
                foreach (string amount in new[] { "0", "00000000", "99999.99", "0.50", null })
                {
                    PayCommand pay = new PayCommand
                    {
                        PaymentMethod = PaymentMethod.ALIPAY_PLUS.ToString(),
                        Amount = amount,
                        OrderId = "!~34567890123456",
                        ExpiryTime = int.MaxValue,
                    };
                    Must.Equal(ResultCode.SUCCESS, tiny.SendPayCommand(pay), "an amount of " + amount);
                }

                Message last = device.Received.Last();
                Must.Equal(2147483647u, last.Number(Field.ExpiryTime).Value, "the expiry time");
            }
        }

        private static void Wrong(TinyCommand tiny, PayCommand command, string field)
        {
            CommandResult result = tiny.SendPayCommandWithResult(command);
            Case.Facts(result, ResultCode.PARAM_ILLEGAL, Outcome.NotSent, LinkLive.No);
            Must.Equal(field, result.Error.Fields.Single().Field, "the wrong field");
            Must.Hold(result.Error.Message.Length < 300, "the message is short");
        }

        private static void HostileTransport()
        {
            Exception[] failures =
            {
                new DllNotFoundException("libhidapi is missing"), new InvalidOperationException("a mistake"),
                new EntryPointNotFoundException("poll"), new OutOfMemoryException(),
            };
            foreach (Exception failure in failures)
            {
                FakeTransport transport = new FakeTransport(new FakeDevice()) { Failure = failure };
                using (TinyCommand tiny = Tiny(transport, 1500))
                {
                    Must.Equal(ResultCode.DEVICE_DISCONNECTED, tiny.SendPayCommand(Case.Pay), failure.GetType().Name);
                    Must.Contain(failure.Message, tiny.LastResult.Error.Message);
                }
            }
        }

        private static void WrongAddress()
        {
            using (TinyCommand tiny = new TinyCommand(new BluetapClientOptions { Address = "usb" }))
            {
                Must.Equal(ResultCode.DEVICE_DISCONNECTED, tiny.SendPayCommand(Case.Pay), "the code");
                Must.Equal(ResultCode.PARAM_ILLEGAL, tiny.SendPayCommand(null), "a wrong field is told first");
            }
        }

        private static void Dispose()
        {
            new TinyCommand().Dispose();
            FakeTransport transport = new FakeTransport(new FakeDevice());
            TinyCommand tiny = Tiny(transport);
            Must.Equal(ResultCode.SUCCESS, tiny.SendPayCommand(Case.Pay), "PAY");
            tiny.Dispose();
            tiny.Dispose();
            Must.Equal(ResultCode.PROCESS_FAIL, tiny.SendPayCommand(Case.Pay), "PAY after Dispose");
            transport.MustClose();
        }

        private static TinyCommand Tiny(FakeTransport transport, int timeoutMs = 5000)
        {
            return new TinyCommand(new BluetapClientOptions
            {
                Transport = transport,
                Timeout = TimeSpan.FromMilliseconds(timeoutMs),
            });
        }
    }
}
