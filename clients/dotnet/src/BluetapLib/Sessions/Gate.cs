using System;
using System.Threading;

namespace BluetapLib.Sessions
{
    /// <summary>
    /// The one lock of a client. Whoever changes the session or reads it holds the gate. The thread that works holds it
    /// the whole time, except while it waits, while it is inside a transport, and while it calls the program. So the
    /// rest of the code reads as if there was one thread.
    /// </summary>
    internal sealed class Gate
    {
        private readonly object door = new object();

        public object Door => door;

        /// <summary>Waits until something has changed, or until a time. The caller holds the gate, once.</summary>
        public void WaitUntil(long untilMs)
        {
            long left = untilMs - Timing.NowMs;
            if (left > 0)
            {
                Monitor.Wait(door, (int)Math.Min(left, int.MaxValue));
            }
        }

        /// <summary>Tells the threads that wait that something has changed.</summary>
        public void Pulse()
        {
            Monitor.PulseAll(door);
        }

        /// <summary>Does something that can take time without the gate. The caller holds the gate, once.</summary>
        public T Outside<T>(Func<T> work)
        {
            Monitor.Exit(door);
            try
            {
                return work();
            }
            finally
            {
                Monitor.Enter(door);
            }
        }

        /// <summary>Does something that can take time without the gate. The caller holds the gate, once.</summary>
        public void Outside(Action work)
        {
            Outside(() =>
            {
                work();
                return true;
            });
        }
    }
}
