using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Transports
{
    /// <summary>A signal in the middle of a call, with pipes as a POS has them and not a terminal.</summary>
    internal static class SignalTests
    {
        internal static readonly Dictionary<string, Action> Cases = new Dictionary<string, Action>
        {
            ["SIGINT: the command prints what is known"] = () => Stops(2),
            ["SIGTERM: the command prints what is known"] = () => Stops(15),
        };

        private static void Stops(int signal)
        {
            string folder = Path.GetDirectoryName(typeof(SignalTests).Assembly.Location);
            using (FarEnd device = SocketFarEnd.Unix())
            {
                var start = new ProcessStartInfo("mono")
                {
                    Arguments = Path.Combine(folder, "bluetap.exe") + " pay --json --payment-method TRUEMONEY --timeout "
                        + $"15000 --transport {device.Transport.Name}",
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                };
                using (Process command = Process.Start(start))
                {
                    // The device has the first HELLO, so the call is under way. The device never answers.
                    device.Accept();
                    device.Receive(1);
                    Must.Equal(0, Kill(command.Id, signal), "kill");
                    string line = command.StandardOutput.ReadToEnd();
                    Must.Hold(command.WaitForExit((int)Must.Limit.TotalMilliseconds), "the command ends");
                    Must.Contain("\"outcome\":\"not-sent\"", line);
                    Must.Equal(4, command.ExitCode, "the exit code");
                }
            }
        }

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        private static extern int Kill(int process, int signal);
    }
}
