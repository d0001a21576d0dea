using System;
using System.Diagnostics;
using System.Threading;

namespace BluetapLib.Transports.Common
{
    /// <summary>
    /// A point in time, measured with a clock that a change of the date does not move. A wait is cut into parts, so
    /// that no part is longer than the system can wait.
    /// </summary>
    internal struct TimeLimit
    {
        private const int LongestPartMs = 1_000_000;
        private readonly Stopwatch _since;
        private readonly TimeSpan _timeout;

        private TimeLimit(TimeSpan timeout)
        {
            _since = Stopwatch.StartNew();
            _timeout = timeout;
        }

        /// <summary>Starts a limit.</summary>
        /// <param name="timeout">
        /// The time until the limit. A negative time is zero; only <see cref="Timeout.InfiniteTimeSpan"/> has no end.
        /// </param>
        internal static TimeLimit After(TimeSpan timeout)
        {
            return new TimeLimit(timeout);
        }

        /// <summary>True when the time is over.</summary>
        internal bool IsOver => LeftMs == 0;

        /// <summary>
        /// The milliseconds that are left, rounded up, so that a wait does not end early. At most 1000000: a caller
        /// looks again when such a part is over.
        /// </summary>
        internal int LeftMs
        {
            get
            {
                if (_timeout == Timeout.InfiniteTimeSpan) return LongestPartMs;
                double left = (_timeout - _since.Elapsed).TotalMilliseconds;
                return left <= 0 ? 0 : (int)Math.Min(Math.Ceiling(left), LongestPartMs);
            }
        }

        /// <summary>The whole time in milliseconds, for a message.</summary>
        internal long TotalMs => (long)Math.Max(0, _timeout.TotalMilliseconds);
    }
}
