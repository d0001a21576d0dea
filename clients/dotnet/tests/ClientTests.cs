using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using BluetapLib;
using BluetapLib.Protocol;
using BluetapLib.Transports;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>
    /// The client: threads, async calls, cancels, events, doubts, and what is wrong with its options.
    /// </summary>
    internal static class ClientTests
    {
        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("client", new Dictionary<string, Action>
            {
                ["many threads: one command at a time"] = ManyThreads,
                ["async calls end in order"] = AsyncCalls,
                ["a cancel of a call that waits: not sent"] = CancelWaiting,
                ["a cancel of a call that was sent: in doubt, and resolved later"] = CancelSent,
                ["a cancelled status throws"] = CancelStatus,
                ["a call has its limit also while opening hangs"] = HangingOpen,
                ["events of the payment link, in order"] = Events,
                ["a listener that throws, or calls the client"] = HostileListener,
                ["a lost LINK: asked with STATUS"] = LinkGap,
                ["a LINK after the payment link is over is not believed"] = LinkContradiction,
                ["connected and disconnected"] = Reconnects,
                ["a doubt of an earlier run is resolved"] = EarlierDoubt,
                ["a callback that throws: nothing is sent"] = ThrowingCallback,
                ["status and info"] = StatusAndInfo,
                ["two devices: none is chosen, and both are named"] = TwoDevices,
                ["a device by its serial number"] = BySerialNumber,
                ["a simulated device is refused on request"] = Simulated,
                ["dispose: twice, during a call, and calls after it"] = Dispose,
                ["no permission: the message of the transport is told"] = NoPermission,
                ["wrong options"] = WrongOptions,
            });
        }

        private static void ManyThreads()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                ConcurrentBag<CommandResult> results = new ConcurrentBag<CommandResult>();
                List<Thread> threads = Enumerable.Range(0, 10).Select(number => new Thread(() =>
                {
                    for (int count = 0; count < 5; count++)
                    {
                        results.Add(number % 2 == 0 ? client.Pay(Case.Pay) : client.Cancel());
                    }
                })).ToList();
                threads.ForEach(thread => thread.Start());
                threads.ForEach(thread => thread.Join());
                Must.Equal(50, results.Count(result => result.Code == ResultCode.SUCCESS), "the results");
                Must.Equal(50, device.Executed, "the executions");
                Must.Equal(50, results.Select(result => result.Attempt.Id).Distinct().Count(), "the numbers");
            }
        }

        private static void AsyncCalls()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                List<Task<CommandResult>> tasks = Enumerable.Range(1, 20).Select(number => client.PayAsync(
                    new PayCommand { PaymentMethod = "ALIPAY_CN", OrderId = "O-" + number })).ToList();
                Must.Hold(Task.WaitAll(tasks.ToArray<Task>(), Must.Limit), "the calls end");
                string orders = string.Join(" ", device.Received.Where(message => message.Type == MessageType.Pay)
                    .Select(message => message.Text(Field.OrderId)));
                Must.Equal(string.Join(" ", Enumerable.Range(1, 20).Select(number => "O-" + number)), orders,
                    "the order");
            }
        }

        private static void CancelWaiting()
        {
            FakeDevice device = new FakeDevice { Script = (message, count) => Deed.LoseRequest };
            using (CancellationTokenSource source = new CancellationTokenSource())
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                Task<CommandResult> waiting =
                    client.PayAsync(Case.Pay, new CallOptions { CancellationToken = source.Token });
                device.WaitFor(MessageType.Hello, 1);
                source.Cancel();
                Must.Hold(waiting.Wait(Must.Limit), "the call ends");
                Case.Facts(waiting.Result, ResultCode.PROCESS_FAIL, Outcome.NotSent, LinkLive.No);
                Case.Facts(
                    client.Pay(Case.Pay, new CallOptions { CancellationToken = source.Token }),
                    ResultCode.PROCESS_FAIL,
                    Outcome.NotSent,
                    LinkLive.No);
                Must.Equal(0, device.Count(MessageType.Pay), "the PAYs");
            }
        }

        private static void CancelSent()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Pay ? Deed.LoseReply : (Deed?)null,
            };
            using (CancellationTokenSource source = new CancellationTokenSource())
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                BlockingCollection<ResolvedEventArgs> resolved = new BlockingCollection<ResolvedEventArgs>();
                client.Resolved += (sender, told) => resolved.Add(told);
                Task<CommandResult> sent =
                    client.PayAsync(Case.Pay, new CallOptions { CancellationToken = source.Token });
                device.WaitFor(MessageType.Pay, 1);
                source.Cancel();
                Must.Hold(sent.Wait(Must.Limit), "the call ends");
                Case.Facts(sent.Result, ResultCode.UNKNOWN_EXCEPTION, Outcome.Unknown, LinkLive.Unknown, true);
                Must.Hold(resolved.TryTake(out ResolvedEventArgs end, Must.Limit), "it is resolved");
                Must.Equal(Outcome.Executed, end.Facts.Outcome, "the outcome");
                Must.Equal(LinkLive.Yes, end.Facts.LinkLive, "the payment link");
                Must.Equal(sent.Result.Attempt.Id, end.Attempt.Id, "the attempt");
                Must.Equal(Outcome.Executed, client.OutcomeOf(sent.Result.Attempt).Outcome, "the outcome, asked again");
                Must.Equal(1, device.Count(MessageType.Pay), "the copies: only HELLO was sent after the doubt (R-80)");
            }
        }

        private static void CancelStatus()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Status ? Deed.LoseRequest : (Deed?)null,
            };
            using (CancellationTokenSource source = new CancellationTokenSource())
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                Task<PaymentLinkStatus> asked =
                    client.StatusAsync(new CallOptions { CancellationToken = source.Token });
                device.WaitFor(MessageType.Status, 1);
                source.Cancel();
                Exception error = Case.Throws<AggregateException>(() => asked.Wait(Must.Limit));
                Must.Hold(((AggregateException)error).InnerException is OperationCanceledException, "it is a cancel");
            }
        }

        private static void HangingOpen()
        {
            FakeTransport transport = new FakeTransport(new FakeDevice()) { Hang = new ManualResetEventSlim() };
            using (BluetapClient client = Case.Client(transport))
            {
                CommandResult result = client.Pay(Case.Pay, Case.Within(50));
                Case.Facts(result, ResultCode.DEVICE_DISCONNECTED, Outcome.NotSent, LinkLive.No);
            }

            // The late channel is closed, and does not stay open for ever.
            transport.Hang.Set();
            SpinWait.SpinUntil(() => transport.OpenChannels == 0, Must.Limit);
            transport.MustClose();
        }

        private static void Events()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                BlockingCollection<string> told = Listen(client);
                client.Pay(Case.Pay);
                device.Change(PaymentLinkState.Ready, 1);
                device.Change(PaymentLinkState.Expired, 1);
                Must.Equal("connected FAKE-1 Idle 0", Take(told), "the first event");
                Must.Equal("link Ready 1", Take(told), "a tap");
                Must.Equal("link Expired 1", Take(told), "the expiry");
            }
        }

        private static void HostileListener()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            using (ManualResetEventSlim called = new ManualResetEventSlim())
            {
                client.Connected += (sender, told) => throw new InvalidOperationException("a mistake of the program");
                client.LinkChanged += (sender, told) =>
                {
                    client.Status();
                    called.Set();
                };
                Case.Facts(client.Pay(Case.Pay), ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
                device.Change(PaymentLinkState.Ready, 1);
                Must.Hold(called.Wait(Must.Limit), "the listener has called the client");
                Case.Facts(client.Pay(Case.Pay), ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
            }
        }

        private static void LinkGap()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                client.Pay(Case.Pay);
                device.Change(PaymentLinkState.Ready, 3, 2);
                device.WaitFor(MessageType.Status, 1);
            }
        }

        private static void LinkContradiction()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                client.Pay(Case.Pay);
                client.Cancel();
                device.Change(PaymentLinkState.Ready, 1);
                device.WaitFor(MessageType.Status, 1);
                Must.Equal(1L, client.Statistics.Contradictions, "the contradictions");
            }
        }

        private static void Reconnects()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Status && count == 1 ? Deed.CloseBefore
                    : (Deed?)null,
            };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                BlockingCollection<string> told = Listen(client);
                client.Open();
                Must.Equal("connected FAKE-1 Idle 0", Take(told), "before any call");
                Must.Equal(PaymentLinkState.Idle, client.Status().State, "the state");
                Must.Equal("disconnected", Take(told), "the unplug");
                Must.Equal("connected FAKE-1 Idle 0", Take(told), "the device is there again");
            }
        }

        private static void EarlierDoubt()
        {
            FakeDevice device = new FakeDevice { State = PaymentLinkState.Ready, LastCommand = new CommandId(90, 4) };
            Attempt attempt = new Attempt(CommandType.Pay, false, "FAKE-1", 7, new CommandId(90, 4), null);
            Attempt restarted = new Attempt(CommandType.Pay, false, "FAKE-1", 6, new CommandId(90, 4), null);
            Attempt elsewhere = new Attempt(CommandType.Pay, false, "FAKE-9", 7, new CommandId(90, 4), null);
            Attempt[] pending = { Attempt.FromJson(attempt.ToJson()), restarted, elsewhere };
            using (BluetapClient client =
                Case.Client(new FakeTransport(device), options => options.PendingAttempts = pending))
            {
                BlockingCollection<ResolvedEventArgs> resolved = new BlockingCollection<ResolvedEventArgs>();
                client.Resolved += (sender, told) => resolved.Add(told);
                client.Open();
                Must.Hold(resolved.TryTake(out ResolvedEventArgs first, Must.Limit), "the first is resolved");
                Must.Equal(Outcome.Executed, first.Facts.Outcome, "the first");
                Must.Hold(resolved.TryTake(out ResolvedEventArgs second, Must.Limit), "the second is resolved");
                Must.Equal(Outcome.Unknown, second.Facts.Outcome, "the second");
                Must.Hold(client.OutcomeOf(elsewhere).IsPending, "the attempt of another device stays in doubt");
            }
        }

        private static void ThrowingCallback()
        {
            FakeDevice device = new FakeDevice();
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                CallOptions options =
                    new CallOptions { OnAttempt = attempt => throw new InvalidOperationException("disk full") };
                CommandResult result = client.Pay(Case.Pay, options);
                Case.Facts(result, ResultCode.PROCESS_FAIL, Outcome.NotSent, LinkLive.No);
                Must.Contain("disk full", result.Error.Message);
                Must.Equal(0, device.Count(MessageType.Pay), "the PAYs");
            }
        }

        private static void StatusAndInfo()
        {
            FakeDevice device =
                new FakeDevice { State = PaymentLinkState.Ready, Taps = 3, LastCommand = new CommandId(1, 1) };
            using (BluetapClient client = Case.Client(new FakeTransport(device)))
            {
                DeviceIdentity identity = client.Info();
                Must.Equal("FAKE-1 FAKE 1 7 fake:FAKE-1", identity.SerialNumber + " " + identity.Model + " " +
                    identity.Firmware + " " + identity.BootId + " " + identity.Id, "the device");
                PaymentLinkStatus status = client.Status();
                Must.Equal("Ready 3 900 TRUEMONEY", status.State + " " + status.Taps + " " + status.Remaining + " " +
                    status.PaymentMethod, "the payment link");
            }
        }

        private static void TwoDevices()
        {
            FakeTransport transport = new FakeTransport(new FakeDevice(), new FakeDevice { SerialNumber = "FAKE-2" });
            using (BluetapClient client = Case.Client(transport))
            {
                CommandResult result = client.Pay(Case.Pay, Case.Within(1500));
                Case.Facts(result, ResultCode.DEVICE_DISCONNECTED, Outcome.NotSent, LinkLive.No);
                foreach (string part in new[] { "FAKE-1", "FAKE-2", "BLUETAP_DEVICE" })
                {
                    Must.Contain(part, result.Error.Message);
                }
            }
        }

        private static void BySerialNumber()
        {
            FakeDevice wanted = new FakeDevice { SerialNumber = "FAKE-2" };
            FakeTransport transport = new FakeTransport(new FakeDevice(), wanted);
            using (BluetapClient client = Case.Client(transport, options => options.Device = "FAKE-2"))
            {
                Must.Equal("FAKE-2", client.Pay(Case.Pay).Device.SerialNumber, "the device");
                Must.Equal(1, wanted.Executed, "the executions");
            }
        }

        private static void Simulated()
        {
            FakeTransport transport = new FakeTransport(new FakeDevice { IsSimulated = true });
            using (BluetapClient client = Case.Client(transport, options => options.AllowSimulated = false))
            {
                CommandResult result = client.Pay(Case.Pay, Case.Within(1500));
                Case.Facts(result, ResultCode.DEVICE_DISCONNECTED, Outcome.NotSent, LinkLive.No);
                Must.Contain("simulated", result.Error.Message);
            }
        }

        private static void Dispose()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Pay ? Deed.LoseReply : (Deed?)null,
            };
            FakeTransport transport = new FakeTransport(device);
            BluetapClient client = Case.Client(transport);
            Task<CommandResult> sent = client.PayAsync(Case.Pay);
            device.WaitFor(MessageType.Pay, 1);
            Task<CommandResult> waiting = client.PayAsync(Case.Pay);
            client.Dispose();
            client.Dispose();
            Must.Hold(Task.WaitAll(new Task[] { sent, waiting }, Must.Limit), "the calls end");
            Case.Facts(sent.Result, ResultCode.UNKNOWN_EXCEPTION, Outcome.Unknown, LinkLive.Unknown, true);
            Case.Facts(waiting.Result, ResultCode.PROCESS_FAIL, Outcome.NotSent, LinkLive.No);
            Case.Facts(client.Pay(Case.Pay), ResultCode.PROCESS_FAIL, Outcome.NotSent, LinkLive.No);
            transport.MustClose();
        }

        private static void NoPermission()
        {
            FakeTransport transport = new FakeTransport(new FakeDevice())
            {
                Failure =
                    new TransportException(TransportErrorCode.AccessDenied, "no permission: install the udev rule"),
            };
            using (BluetapClient client = Case.Client(transport))
            {
                CommandResult result = client.Pay(Case.Pay, Case.Within(1500));
                Case.Facts(result, ResultCode.DEVICE_DISCONNECTED, Outcome.NotSent, LinkLive.No);
                Must.Contain("install the udev rule", result.Error.Message);
            }
        }

        private static void WrongOptions()
        {
            Case.Throws<ArgumentNullException>(() => new BluetapClient(null));
            Case.Throws<FormatException>(() => new BluetapClient(new BluetapClientOptions { Address = "usb" }));
            Case.Throws<ArgumentException>(() =>
                Case.Client(new FakeTransport(), options => options.Device = string.Empty));
            Case.Throws<ArgumentException>(() =>
                Case.Client(new FakeTransport(), options => options.PendingAttempts = new Attempt[] { null }));
            Case.Throws<BluetapException>(() =>
                Case.Client(new FakeTransport(), options => options.Timeout = TimeSpan.Zero));
            using (BluetapClient client = Case.Client(new FakeTransport()))
            {
                foreach (double ms in new[] { 0, -1, 0.5, 2147483648.0 })
                {
                    CallOptions options = new CallOptions { Timeout = TimeSpan.FromTicks((long)(ms * 10000)) };
                    Case.Facts(client.Pay(Case.Pay, options), ResultCode.PARAM_ILLEGAL, Outcome.NotSent, LinkLive.No);
                }

                Case.Throws<ArgumentNullException>(() => client.OutcomeOf(null));
            }
        }

        private static BlockingCollection<string> Listen(BluetapClient client)
        {
            BlockingCollection<string> told = new BlockingCollection<string>();
            client.Connected += (sender, each) => told.Add(
                "connected " + each.Device.SerialNumber + " " + each.State + " " + each.Taps);
            client.Disconnected += (sender, each) => told.Add("disconnected");
            client.LinkChanged += (sender, each) => told.Add("link " + each.State + " " + each.Taps);
            return told;
        }

        private static string Take(BlockingCollection<string> told)
        {
            Must.Hold(told.TryTake(out string one, Must.Limit), "an event comes");
            return one;
        }
    }
}
