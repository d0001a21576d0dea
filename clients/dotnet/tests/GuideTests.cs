using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using BluetapLib;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>Each program of docs/guides/csharp.md is compiled and run, and so is a program that asserts.</summary>
    internal static class GuideTests
    {
        private const string Asserting =
            "using System.Diagnostics; using System.Windows.Forms; using BluetapLib; class P { static void Main() { " +
            "Debug.Assert(new TinyCommand().SendPayCommand(new PayCommand { PaymentMethod = \"TRUEMONEY\" }) == " +
            "ResultCode.SUCCESS); System.Console.WriteLine(\"the end\"); } }";

        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("guide", new Dictionary<string, Action>
            {
                ["FirstPayment"] = () => Run("FirstPayment", new FakeDevice(), "SUCCESS"),
                ["EveryResult"] = () =>
                    Run("EveryResult", new FakeDevice(), "wait until the acquirer says that it is paid"),
                ["AsyncAndEvents"] = () => Run("AsyncAndEvents", new FakeDevice(), "connected: FAKE-1", "SUCCESS"),
                ["Journal"] = () => Run("Journal", new FakeDevice(), "Executed"),
                ["Journal after a process that was killed"] = JournalInDoubt,
                ["a Debug.Assert that holds: exit code 0"] = () => Assert(new FakeDevice(), 0),
                ["a Debug.Assert that fails: exit code 70"] = () => Assert(
                    new FakeDevice { Script = (message, count) => CommandTests.Refused(message) }, 70),
            });
        }

        private static void JournalInDoubt()
        {
            FakeDevice device = new FakeDevice { State = PaymentLinkState.Ready, LastCommand = new CommandId(90, 4) };
            Attempt attempt = new Attempt(CommandType.Pay, false, "FAKE-1", 7, new CommandId(90, 4), null);
            InFolder(folder =>
            {
                string file = Path.Combine(folder, "attempt.json");
                File.WriteAllText(file, attempt.ToJson());
                Run("Journal", folder, device, "the earlier command: Executed", "Executed");
                Must.Hold(!File.Exists(file), "the attempt is not kept");
            });
        }

        private static void Run(string name, FakeDevice device, params string[] parts)
        {
            InFolder(folder => Run(name, folder, device, parts));
        }

        private static void Run(string name, string folder, FakeDevice device, params string[] parts)
        {
            string page = File.ReadAllText(Path.Combine(Case.Root, "docs/guides/csharp.md"));
            string program = Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Cast<Match>()
                .Select(match => match.Groups[1].Value).Single(text => text.Contains("static class " + name));
            string source = Path.Combine(folder, name + ".cs");
            File.WriteAllText(source, program);
            File.Copy(Path.Combine(AppDomain.CurrentDomain.BaseDirectory, "BluetapLib.dll"),
                Path.Combine(folder, "BluetapLib.dll"));
            Must.Equal(0, Start("mcs", "-r:" + folder + "/BluetapLib.dll " + source, null).Key, "mcs");
            using (FakeListener listener = new FakeListener(device))
            using (Child child = new Child(Path.Combine(folder, name + ".exe"), listener.Address, string.Empty))
            {
                Must.Equal(0, child.Wait(), child.Stderr);
                foreach (string part in parts)
                {
                    Must.Contain(part, child.Stdout);
                }
            }
        }

        private static void Assert(FakeDevice device, int exitCode)
        {
            InFolder(folder =>
            {
                string source = Path.Combine(folder, "Asserting.cs");
                File.WriteAllText(source, Asserting);
                using (FakeListener listener = new FakeListener(device))
                {
                    string script = Path.Combine(Case.Root, "clients/dotnet/run-sample.sh");
                    KeyValuePair<int, string> ended = Start("sh", script + " " + source, listener.Address);
                    Must.Equal(exitCode, ended.Key, ended.Value);
                    Must.Equal(exitCode == 0 ? "the end\n" : string.Empty, ended.Value, "stdout");
                }
            });
        }

        private static KeyValuePair<int, string> Start(string program, string arguments, string address)
        {
            ProcessStartInfo start = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            start.EnvironmentVariables["BLUETAP_TRANSPORT"] = address ?? string.Empty;
            using (Process process = Process.Start(start))
            {
                string stdout = process.StandardOutput.ReadToEnd();
                Must.Hold(process.WaitForExit((int)Must.Limit.TotalMilliseconds), program + " ends");
                return new KeyValuePair<int, string>(process.ExitCode, stdout);
            }
        }

        private static void InFolder(Action<string> work)
        {
            string folder = Path.Combine(Path.GetTempPath(), "bluetap-guide-" + Guid.NewGuid());
            Directory.CreateDirectory(folder);
            try
            {
                work(folder);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }
    }
}
