using System;
using System.Diagnostics;
using System.Threading;

namespace Bluetap
{
    /// <summary>
    /// The first signal that asks the program to stop cancels the call, so that the command prints what is known. The
    /// next one ends the program at once.
    /// </summary>
    internal sealed class StopSignals : IDisposable
    {
        /// <summary>Two signals within this time are one keystroke.</summary>
        private const long SameKeystrokeMs = 300;

        /// <summary>The exit code of a shell for a program that a signal has ended is this plus the number.</summary>
        private const int Signalled = 128;

        private const int Interrupt = 2;

        private readonly CancellationTokenSource source = new CancellationTokenSource();
        private readonly Stopwatch sinceFirst = new Stopwatch();

        public StopSignals()
        {
            // Under mono, Console.CancelKeyPress is not raised when stdin is no terminal.
            bool isMonoOnUnix = Type.GetType("Mono.Runtime") != null &&
                Environment.OSVersion.Platform == PlatformID.Unix;
            if (isMonoOnUnix)
            {
                UnixSignals.Listen(Stop);
            }
            else
            {
                Console.CancelKeyPress += OnPress;
            }
        }

        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            Console.CancelKeyPress -= OnPress;
        }

        private void OnPress(object sender, ConsoleCancelEventArgs press)
        {
            press.Cancel = true;
            Stop(Interrupt);
        }

        private void Stop(int signal)
        {
            bool isFirst = !sinceFirst.IsRunning;
            sinceFirst.Start();
            if (isFirst)
            {
                source.Cancel();
            }
            else if (sinceFirst.ElapsedMilliseconds >= SameKeystrokeMs)
            {
                Environment.Exit(Signalled + signal);
            }
        }
    }
}
