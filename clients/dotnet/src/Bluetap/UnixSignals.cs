using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Mono.Unix;
using Mono.Unix.Native;

namespace Bluetap
{
    /// <summary>
    /// SIGINT, SIGTERM and SIGHUP under mono. Only this file needs Mono.Posix.dll, which mono brings.
    /// </summary>
    internal static class UnixSignals
    {
        /// <summary>Calls the listener at each signal, with its number, on a thread of its own.</summary>
        public static void Listen(Action<int> listener)
        {
            List<Signum> signums = new List<Signum> { Signum.SIGINT, Signum.SIGTERM };
            if (!IsHangUpIgnored())
            {
                signums.Add(Signum.SIGHUP);
            }

            UnixSignal[] signals = signums.Select(each => new UnixSignal(each)).ToArray();
            Thread thread = new Thread(() =>
            {
                while (true)
                {
                    int place = UnixSignal.WaitAny(signals);
                    if (place >= 0 && place < signals.Length)
                    {
                        signals[place].Reset();
                        listener(NativeConvert.FromSignum(signals[place].Signum));
                    }
                }
            });
            thread.IsBackground = true;
            thread.Start();
        }

        /// <summary>True under nohup: a closed terminal must not end the program then.</summary>
        private static bool IsHangUpIgnored()
        {
            try
            {
                string line = File.ReadLines("/proc/self/status").First(each => each.StartsWith("SigIgn:",
                    StringComparison.Ordinal));
                return (Convert.ToUInt64(line.Substring("SigIgn:".Length).Trim(), 16) & 1) != 0;
            }
            catch (Exception error) when (error is IOException || error is InvalidOperationException)
            {
                // There is no /proc.
                return false;
            }
        }
    }
}
