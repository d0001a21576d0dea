using System;
using System.Diagnostics;
using System.Threading;

namespace Bluetap
{
    /// <summary>
    /// The first Ctrl-C cancels the call, so that the command prints what is known. The second one ends the program at
    /// once.
    /// </summary>
    internal sealed class StopSignals : IDisposable
    {
        /// <summary>Two signals within this time are one keystroke.</summary>
        private const long SameKeystrokeMs = 300;

        private readonly CancellationTokenSource source = new CancellationTokenSource();
        private readonly Stopwatch sinceFirst = new Stopwatch();

        public StopSignals()
        {
            Console.CancelKeyPress += OnPress;
        }

        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            Console.CancelKeyPress -= OnPress;
        }

        private void OnPress(object sender, ConsoleCancelEventArgs press)
        {
            bool isFirst = !sinceFirst.IsRunning;
            sinceFirst.Start();
            press.Cancel = isFirst || sinceFirst.ElapsedMilliseconds < SameKeystrokeMs;
            if (isFirst)
            {
                source.Cancel();
            }
        }
    }
}
