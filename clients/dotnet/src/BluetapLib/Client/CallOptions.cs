using System;
using System.Threading;

namespace BluetapLib
{
    /// <summary>The options of one call.</summary>
    public sealed class CallOptions
    {
        /// <summary>
        /// The limit of the whole call, with its wait for the calls before it: 1 millisecond to 24.8 days. Null means
        /// <see cref="BluetapClientOptions.Timeout"/>.
        /// </summary>
        public TimeSpan? Timeout { get; set; }

        /// <summary>
        /// Cancels the call. A command whose bytes may have left is then in doubt, and its result says so.
        /// </summary>
        public CancellationToken CancellationToken { get; set; }

        /// <summary>
        /// Called before the first byte of a PAY or a CANCEL leaves, on a thread of the library. Store the attempt
        /// here: the command waits for it. If it throws, nothing is sent. It is called again, with another attempt, if
        /// another host had taken the session.
        /// </summary>
        public Action<Attempt> OnAttempt { get; set; }
    }
}
