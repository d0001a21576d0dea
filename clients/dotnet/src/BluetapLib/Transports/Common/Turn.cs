using System;
using System.Threading;

namespace BluetapLib.Transports.Common
{
    /// <summary>Lets one thread at a time in, with a time limit.</summary>
    internal sealed class Turn
    {
        private readonly object _key = new object();

        /// <summary>Does the work when it is the turn of this thread.</summary>
        /// <param name="limit">How long to wait for the turn. The work looks at the same limit.</param>
        /// <param name="work">The work.</param>
        /// <param name="late">Gives the result if the turn did not come in time.</param>
        internal T Take<T>(TimeLimit limit, Func<T> work, Func<T> late)
        {
            bool taken = false;
            try
            {
                do Monitor.TryEnter(_key, limit.LeftMs, ref taken);
                while (!taken && !limit.IsOver);
                return taken ? work() : late();
            }
            finally
            {
                if (taken) Monitor.Exit(_key);
            }
        }
    }
}
