using System;
using System.Collections.Generic;
using System.Linq;
using BluetapLib;
using BluetapLib.Protocol;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>One command against devices that do everything that can go wrong. docs/protocol.md section 4.</summary>
    internal static class DeliveryTests
    {
        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("delivery", new Dictionary<string, Action>
            {
                ["a PAY and a CANCEL"] = PayAndCancel,
                ["one lost reply: the same bytes, executed once"] = OneLostReply,
                ["every reply lost: executed, by HELLO"] = () =>
                    Pay(Deed.LoseReply, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes, 3),
                ["every request lost: not executed, by HELLO"] = () =>
                    Pay(Deed.LoseRequest, ResultCode.PROCESS_FAIL, Outcome.NotExecuted, LinkLive.No, 3),
                ["a restart after PAY: unknown"] = () =>
                    Pay(Deed.Restart, ResultCode.UNKNOWN_EXCEPTION, Outcome.Unknown, LinkLive.No, 3, 1, true),
                ["another host after PAY: unknown"] = () =>
                    Pay(Deed.OtherHost, ResultCode.UNKNOWN_EXCEPTION, Outcome.Unknown, LinkLive.No, 3, 1, true),
                ["a CANCEL whose replies are lost"] = LostCancel,
                ["a reply twice"] = () => Pay(Deed.Twice, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes, 1),
                ["garbage and foreign replies before the reply"] = () =>
                    Pay(Deed.Noise, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes, 1),
                ["an unplug before PAY is executed"] = () =>
                    Pay(Deed.CloseBefore, ResultCode.PROCESS_FAIL, Outcome.NotExecuted, LinkLive.No, 1),
                ["an unplug after PAY is executed"] = () =>
                    Pay(Deed.CloseAfter, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes, 1),
                ["an unplug together with the reply"] = () =>
                    Pay(Deed.AnswerAndClose, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes, 1),
                ["an unplug during HELLO, and again"] = UnplugDuringHello,
                ["another device in its place: unknown and pending"] = Replaced,
                ["a refusal"] = Refusal,
                ["a reason of a later version"] = LaterReason,
                ["a session that another host took"] = SessionTaken,
                ["a session that is taken again and again"] = SessionTakenAgain,
                ["a new session after sequence 255"] = ManyCommands,
            });
        }

        private static void PayAndCancel()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                CommandResult paid = client.Pay(Case.Pay);
                Case.Facts(paid, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
                Must.Equal(900L, paid.Remaining.Value, "remaining");
                Must.Equal("FAKE-1", paid.Device.SerialNumber, "the device");
                Must.Equal(1, paid.Attempt.Id.Sequence, "the sequence");
                Message sent = device.Received.Single(message => message.Type == MessageType.Pay);
                Must.Equal("27.01", sent.Text(Field.Amount), "the amount");
                Must.Hold(sent[Field.ExpiryTime] == null, "an expiry time of 900 is left out (R-7)");
                device.Taps = 2;
                CommandResult ended = client.Cancel("A-1");
                Case.Facts(ended, ResultCode.SUCCESS, Outcome.Executed, LinkLive.No);
                Must.Equal(2, ended.Taps.Value, "the taps");
            }
        }

        private static void OneLostReply()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Pay && count == 1 ? Deed.LoseReply
                    : (Deed?)null,
            };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                Case.Facts(client.Pay(Case.Pay), ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
                List<Message> copies = device.Received.Where(message => message.Type == MessageType.Pay).ToList();
                Must.Equal(2, copies.Count, "the copies");
                Must.SameBytes(MessageEncoder.Encode(copies[0]), MessageEncoder.Encode(copies[1]), "the copies");
                Must.Equal(1, device.Executed, "the executions");
            }
        }

        /// <summary>The first PAYs meet a deed; after that everything is answered.</summary>
        private static void Pay(
            Deed deed, ResultCode code, Outcome outcome, LinkLive live, int copies, int deeds = 3,
            bool thenLost = false)
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type != MessageType.Pay ? (Deed?)null
                    : count <= deeds ? deed : thenLost ? Deed.LoseRequest : (Deed?)null,
            };
            FakeTransport transport = new FakeTransport(device);
            using (BluetapClient client = Case.Client(transport))
            {
                CommandResult result = client.Pay(Case.Pay, Case.Within(10000));
                Case.Facts(result, code, outcome, live);
                Must.Equal(copies, device.Count(MessageType.Pay), "the copies");
                Must.Equal(
                    1,
                    device.Received.Where(message => message.Type == MessageType.Pay)
                        .Select(message => message.Session + "/" + message.Sequence).Distinct().Count(),
                    "the numbers of the copies (R-76)");
                Must.Hold(device.Executed <= 1, "it is executed at most once");
            }

            transport.MustClose();
        }

        private static void LostCancel()
        {
            FakeDevice device = new FakeDevice
            {
                State = PaymentLinkState.Ready,
                LastCommand = new CommandId(1, 1),
                Taps = 1,
                Script = (message, count) => message.Type == MessageType.Cancel ? Deed.LoseReply : (Deed?)null,
            };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                CommandResult result = client.Cancel(null, Case.Within(10000));
                Case.Facts(result, ResultCode.SUCCESS, Outcome.Executed, LinkLive.No);
                Must.Equal(1, result.Taps.Value, "the taps");
            }
        }

        private static void UnplugDuringHello()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type != MessageType.Hello ? (Deed?)null
                    : count == 1 ? Deed.CloseBefore : count == 2 ? Deed.CloseAfter : (Deed?)null,
            };
            FakeTransport transport = new FakeTransport(device);
            using (BluetapClient client = Case.Client(transport))
            {
                Case.Facts(client.Pay(Case.Pay, Case.Within(10000)), ResultCode.SUCCESS, Outcome.Executed,
                    LinkLive.Yes);
            }

            transport.MustClose();
        }

        private static void Replaced()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Pay ? Deed.Replace : (Deed?)null,
            };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                CommandResult result = client.Pay(Case.Pay, Case.Within(10000));
                Case.Facts(result, ResultCode.DEVICE_DISCONNECTED, Outcome.Unknown, LinkLive.Unknown, true);
                Must.Equal("FAKE-1", result.Attempt.SerialNumber, "the device of the attempt");
                Must.Equal("FAKE-2", result.Device.SerialNumber, "the device that answers");
            }
        }

        private static void Refusal()
        {
            FakeDevice device = new FakeDevice { Script = (message, count) => OnPay(message, Deed.Refuse) };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                CommandResult result = client.Pay(Case.Pay);
                Case.Facts(result, ResultCode.PROCESS_FAIL, Outcome.Refused, LinkLive.No);
                Must.Equal(Reason.NfcFault, result.Reason.Value, "the reason");
                Must.Contain("FAKE-1 refused PAY", result.Error.Message);
            }
        }

        private static void LaterReason()
        {
            FakeDevice device = new FakeDevice
            {
                RefusalReason = 200,
                Script = (message, count) => OnPay(message, Deed.Refuse),
            };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                CommandResult result = client.Pay(Case.Pay);
                Case.Facts(result, ResultCode.PROCESS_FAIL, Outcome.Refused, LinkLive.No);
                Must.Equal(200, result.Reason.Value, "the reason");
            }
        }

        private static void SessionTaken()
        {
            FakeDevice device = new FakeDevice { RefusalReason = Reason.NoSuchSession };
            device.Script = (message, count) => count == 1 ? OnPay(message, Deed.Refuse) : null;
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                List<Attempt> told = new List<Attempt>();
                CommandResult result = client.Pay(Case.Pay, new CallOptions { OnAttempt = told.Add });
                Case.Facts(result, ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
                Must.Equal(2, told.Count, "the attempts that the program was told");
                Must.Equal(told[1].Id, result.Attempt.Id, "the attempt of the result");
            }
        }

        private static void SessionTakenAgain()
        {
            FakeDevice device = new FakeDevice { RefusalReason = Reason.NoSuchSession };
            device.Script = (message, count) => OnPay(message, Deed.Refuse);
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                Case.Facts(client.Pay(Case.Pay), ResultCode.PROCESS_FAIL, Outcome.Refused, LinkLive.No);
                Must.Equal(2, device.Count(MessageType.Hello), "the sessions (R-79)");
                Must.Equal(2, device.Count(MessageType.Pay), "the requests (R-79)");
            }
        }

        private static void ManyCommands()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                for (int count = 0; count < 300; count++)
                {
                    Case.Facts(client.Pay(Case.Pay), ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
                }

                Must.Equal(2, device.Count(MessageType.Hello), "the sessions");
                Must.Equal(255, device.Received.Max(message => message.Sequence), "the largest sequence");
            }
        }

        private static Deed? OnPay(Message message, Deed deed)
        {
            return message.Type == MessageType.Pay ? deed : (Deed?)null;
        }
    }
}
