using System.Diagnostics;

namespace BluetapLib.Sessions
{
    /// <summary>The times of docs/protocol.md section 5, in milliseconds, and the clock that measures them.</summary>
    internal static class Timing
    {
        /// <summary>How long a host waits for a reply before it sends the same bytes again.</summary>
        public const int ReplyMs = 1000;

        /// <summary>How often the same bytes are sent before the host asks in a new session.</summary>
        public const int Copies = 3;

        /// <summary>How many HELLOs may stay unanswered before the channel is given up.</summary>
        public const int HelloTries = 3;

        /// <summary>
        /// The pause before the client looks for a device again. More often would slow the device down.
        /// </summary>
        public const int RetryMs = 1000;

        /// <summary>How long no HELLO goes to a place where another device has answered.</summary>
        public const int OtherDeviceMs = 30000;

        /// <summary>The limit of listing and opening together.</summary>
        public const int OpenMs = 5000;

        /// <summary>How long closing waits for the work that is under way.</summary>
        public const int CloseMs = 1000;

        /// <summary>How many calls into a transport may hang before no further call is made.</summary>
        public const int MaxHanging = 3;

        /// <summary>The limit of a call that has none of its own.</summary>
        public const int DefaultCallMs = 5000;

        /// <summary>
        /// The time in milliseconds. It never goes back, whatever happens to the clock of the system.
        /// </summary>
        public static long NowMs => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000);
    }
}
