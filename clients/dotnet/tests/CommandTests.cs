using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using BluetapLib;
using BluetapLib.Json;
using BluetapLib.Protocol;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>bluetap.exe in a process of its own: JSON, exit codes, Ctrl-C, a process that is killed.</summary>
    internal static class CommandTests
    {
        private const string Method = " --payment-method TRUEMONEY";

        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("command", new Dictionary<string, Action>
            {
                ["a process is killed, and its doubt is asked about after a restart"] = Killed,
                ["Ctrl-C: prints what is known, and exits by the result"] = Interrupted,
                ["pay --json"] = PayJson,
                ["pay for a person"] = PayText,
                ["status, info and cancel"] = Questions,
                ["exit codes of what is wrong"] = ExitCodes,
                ["a variable that is wrong"] = Variables,
                ["lines"] = Lines,
                ["help fits into 80 columns"] = Help,
                ["nothing listens"] = NothingListens,
            });
        }

        /// <summary>What the killed process of a test does: it stores its attempt, pays, and is killed.</summary>
        public static int PayAndBeKilled(string file)
        {
            using (BluetapClient client = new BluetapClient())
            {
                client.Pay(Case.Pay,
                    new CallOptions { OnAttempt = attempt => File.WriteAllText(file, attempt.ToJson()) });
                return 0;
            }
        }

        private static void Killed()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Pay ? Deed.LoseReply : (Deed?)null,
            };
            string file = Path.GetTempFileName();
            try
            {
                using (FakeListener listener = new FakeListener(device))
                {
                    using (Child child = new Child("BluetapTests.exe", listener.Address, "--pay-and-be-killed " + file))
                    {
                        device.WaitFor(MessageType.Pay, 1);
                        child.Signal(Child.Kill);
                        child.Wait();
                    }

                    Attempt attempt = Attempt.FromJson(File.ReadAllText(file));
                    BluetapClientOptions options = new BluetapClientOptions
                    {
                        Address = listener.Address,
                        PendingAttempts = new[] { attempt },
                    };
                    using (BluetapClient client = new BluetapClient(options))
                    {
                        BlockingCollection<ResolvedEventArgs> resolved = new BlockingCollection<ResolvedEventArgs>();
                        client.Resolved += (sender, told) => resolved.Add(told);
                        client.Open();
                        Must.Hold(resolved.TryTake(out ResolvedEventArgs end, Must.Limit), "it is resolved");
                        Must.Equal(Outcome.Executed, end.Facts.Outcome, "the outcome");
                        Must.Equal(LinkLive.Yes, end.Facts.LinkLive, "the payment link");
                    }
                }
            }
            finally
            {
                File.Delete(file);
            }
        }

        private static void Interrupted()
        {
            FakeDevice device = new FakeDevice
            {
                Script = (message, count) => message.Type == MessageType.Pay ? Deed.LoseReply : (Deed?)null,
            };
            using (FakeListener listener = new FakeListener(device))
            using (Child child = new Child("bluetap.exe", listener.Address, "pay --json --timeout 60000" + Method))
            {
                device.WaitFor(MessageType.Pay, 1);
                child.Signal(Child.Interrupt);
                Must.Equal(5, child.Wait(), "the exit code: " + child.Stderr);
                JsonObject told = (JsonObject)JsonReader.Read(child.Stdout);
                Must.Equal("unknown True", told["outcome"] + " " + told["pending"], "what is known");
                Must.Equal("FAKE-1", (string)((JsonObject)told["attempt"])["serialNumber"], "the attempt");
            }
        }

        private static void PayJson()
        {
            Run(new FakeDevice { IsSimulated = true }, "pay --json --amount 1 --order-id=A-1" + Method, 0,
                (stdout, stderr) =>
            {
                Must.Contain(
                    "{\"code\":\"SUCCESS\",\"outcome\":\"executed\",\"linkLive\":\"yes\",\"pending\":false," +
                    "\"state\":\"ready\",\"remaining\":900,\"attempt\":{\"command\":\"PAY\"," +
                    "\"serialNumber\":\"FAKE-1\",\"bootId\":7," +
                    "\"session\":101,\"sequence\":1,\"last\":null},\"device\":{\"model\":\"FAKE\",\"firmware\":\"1\"," +
                    "\"serialNumber\":\"FAKE-1\",\"bootId\":7,\"simulated\":true,\"id\":\"tcp://",
                    stdout);
                Must.Equal(string.Empty, stderr, "stderr");
            });
        }

        private static void PayText()
        {
            Run(new FakeDevice { IsSimulated = true }, "pay" + Method, 0, (stdout, stderr) =>
            {
                Must.Contain("SUCCESS: the device shows the payment link; this never means paid", stdout);
                Must.Contain("SIMULATED", stdout);
            });
            FakeDevice broken = new FakeDevice { Script = (message, count) => Refused(message) };
            Run(broken, "pay" + Method, 4, (stdout, stderr) =>
            {
                Must.Contain("refused by the device", stdout);
                Must.Contain("bluetap: FAKE-1 refused PAY: the NFC part of the device failed (reason 6).", stderr);
            });
        }

        private static void Questions()
        {
            FakeDevice device =
                new FakeDevice { State = PaymentLinkState.Ready, Taps = 2, LastCommand = new CommandId(1, 1) };
            Run(device, "status --json", 0, (stdout, stderr) => Must.Contain(
                "{\"code\":\"SUCCESS\",\"paymentMethod\":\"TRUEMONEY\",\"state\":\"ready\",\"remaining\":900," +
                "\"taps\":2,\"device\":",
                stdout));
            Run(device, "info", 0, (stdout, stderr) => Must.Contain("0x00000007", stdout));
            Run(device, "cancel", 0, (stdout, stderr) =>
                Must.Contain("a phone read the payment link before it ended", stdout));
        }

        private static void ExitCodes()
        {
            FakeDevice device = new FakeDevice();
            Wrong(device, "pay --json", 2, "paymentMethod (--payment-method) is missing");
            Wrong(device, "pay --payment-method Test --json", 2, "reason 2: the payment method is not known");
            Wrong(device, "pay --expiry-time 1e3 --amount 1." + Method, 2, "2 fields break their rules.");
            Wrong(device, "pay --timeout 0" + Method, 64, "--timeout must be");
            Wrong(device, "pay --device= " + Method, 64, "--device must be");
            Wrong(device, "pay --amount --json" + Method, 64, "the value is missing");
            Wrong(device, "pay --amount 1 --amount 2" + Method, 64, "more than once");
            Wrong(device, "pay --colour" + Method, 64, "unknown option '--colour'");
            Wrong(device, "pay --transport usb" + Method, 64, "--transport: ");
            Wrong(device, "dance", 64, "unknown command 'dance'");
            Must.Equal(0, device.Received.Count, "the messages");
        }

        private static void Variables()
        {
            FakeDevice device = new FakeDevice { IsSimulated = true };
            using (FakeListener listener = new FakeListener(device))
            {
                foreach (string variable in new[] { "BLUETAP_ALLOW_SIMULATED=no", "BLUETAP_TRANSPORT=usb" })
                {
                    using (Child child = new Child("bluetap.exe", listener.Address, "status", variable))
                    {
                        Must.Equal(64, child.Wait(), variable);
                        Must.Contain(variable.Split('=')[0], child.Stderr);
                    }
                }

                using (Child child = new Child(
                    "bluetap.exe", listener.Address, "status --json --timeout 2000", "BLUETAP_ALLOW_SIMULATED=0"))
                {
                    Must.Equal(3, child.Wait(), "a simulated device");
                    Must.Contain("is a simulated device", child.Stdout);
                }
            }
        }

        private static void Lines()
        {
            FakeDevice device = new FakeDevice();
            using (FakeListener listener = new FakeListener(device))
            using (Child child = new Child("bluetap.exe", listener.Address, "--lines"))
            {
                string[] lines =
                {
                    "{\"do\":\"pay\",\"paymentMethod\":\"TRUEMONEY\",\"orderId\":\"A-1\"}", "{\"do\":\"status\"}",
                    "{\"do\":\"cancel\"}", "{\"do\":\"outcome\"}", "{\"do\":\"dance\"}", "[]", "{", "\u0e3f",
                    "{\"do\":\"pay\",\"paymentMethod\":7}",
                        "{\"do\":\"pay\",\"paymentMethod\":\"TRUEMONEY\",\"expiryTime\":1.5}",
                    "{\"do\":\"pay\",\"paymentMethod\":\"TRUEMONEY\",\"expiryTime\":2147483648}",
                    "{\"do\":\"status\",\"timeoutMs\":-1}", "{\"do\":\"pay\",\"paymentMethod\":null}",
                };
                foreach (string line in lines)
                {
                    child.Stdin.WriteLine(line);
                }

                child.Stdin.Close();
                Must.Equal(0, child.Wait(), "the exit code: " + child.Stderr);
                string codes = string.Join(" ", child.Stdout.Trim().Split('\n')
                    .Select(line => (string)((JsonObject)JsonReader.Read(line))["code"]));
                string illegal = string.Join(" ", Enumerable.Repeat("PARAM_ILLEGAL", 9));
                Must.Equal("SUCCESS SUCCESS SUCCESS SUCCESS " + illegal, codes, "the codes");
                Must.Equal(2, device.Executed, "the executions");
            }
        }

        private static void Help()
        {
            foreach (string command in new[] { string.Empty, "pay ", "cancel ", "status ", "info ", "list ",
                "--lines " })
            {
                Run(new FakeDevice(), command + "--help", 0, (stdout, stderr) =>
                {
                    Must.Contain("Usage: bluetap", stdout);
                    Must.Hold(stdout.Split('\n').All(line => line.Length <= 80), "no line is longer than 80");
                });
            }

            Run(new FakeDevice(), "--version", 0, (stdout, stderr) => Must.Contain(stdout.Trim(), File.ReadAllText(
                Path.Combine(Case.Root, "packages/sdk/package.json"))));
            Must.Contain(
                "<Version>" + ((JsonObject)JsonReader.Read(File.ReadAllText(
                    Path.Combine(Case.Root, "packages/sdk/package.json"))))["version"] + "</Version>",
                File.ReadAllText(Path.Combine(Case.Root, "clients/dotnet/BluetapLib.csproj")));
        }

        private static void NothingListens()
        {
            using (Child child = new Child("bluetap.exe", "tcp://127.0.0.1:1", "pay --json --timeout 300" + Method))
            {
                Must.Equal(3, child.Wait(), "the exit code");
                Must.Contain("\"code\":\"DEVICE_DISCONNECTED\",\"outcome\":\"not-sent\",\"linkLive\":\"no\"",
                    child.Stdout);
                Must.Equal(string.Empty, child.Stderr, "stderr");
            }
        }

        private static void Wrong(FakeDevice device, string arguments, int exitCode, string part)
        {
            Run(device, arguments, exitCode, (stdout, stderr) =>
            {
                Must.Contain(part, stderr);
                Must.Equal(string.Empty, stdout, "stdout");
            });
        }

        private static void Run(FakeDevice device, string arguments, int exitCode, Action<string, string> check)
        {
            using (FakeListener listener = new FakeListener(device))
            using (Child child = new Child("bluetap.exe", listener.Address, arguments))
            {
                Must.Equal(exitCode, child.Wait(), arguments + ": " + child.Stderr);
                check(child.Stdout, child.Stderr);
            }
        }

        public static Deed? Refused(Message message)
        {
            return message.Type == MessageType.Pay ? Deed.Refuse : (Deed?)null;
        }
    }
}
