using System;

namespace BluetapLib.Transports
{
    /// <summary>
    /// A transport could not list, open, read or write. The message says what happened and what to do.
    /// </summary>
    public class TransportException : Exception
    {
        /// <summary>Creates an exception of a transport.</summary>
        /// <param name="code">Why the transport failed.</param>
        /// <param name="message">What happened, to which device, and what to do.</param>
        /// <param name="inner">The exception behind it, or null.</param>
        public TransportException(TransportErrorCode code, string message, Exception inner = null)
            : base(message, inner)
        {
            Code = code;
        }

        /// <summary>Why the transport failed.</summary>
        public TransportErrorCode Code { get; }
    }
}
