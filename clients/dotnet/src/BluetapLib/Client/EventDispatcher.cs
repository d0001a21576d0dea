using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace BluetapLib.Client
{
    /// <summary>
    /// Calls the event listeners of the program, in order, on a thread of their own. So a listener can be slow, throw,
    /// or call the client, and no payment notices it.
    /// </summary>
    internal sealed class EventDispatcher
    {
        private readonly object door = new object();
        private readonly Queue<Action> waiting = new Queue<Action>();
        private Thread thread;
        private bool isClosed;

        public void Post(Action raise)
        {
            lock (door)
            {
                if (isClosed)
                {
                    return;
                }

                waiting.Enqueue(raise);
                if (thread == null)
                {
                    thread = new Thread(Run) { IsBackground = true, Name = "BluetapLib events" };
                    thread.Start();
                }

                Monitor.PulseAll(door);
            }
        }

        /// <summary>No further event is raised. A listener that runs is not waited for.</summary>
        public void Close()
        {
            lock (door)
            {
                isClosed = true;
                waiting.Clear();
                Monitor.PulseAll(door);
            }
        }

        private void Run()
        {
            while (true)
            {
                Action raise;
                lock (door)
                {
                    while (waiting.Count == 0)
                    {
                        if (isClosed)
                        {
                            return;
                        }

                        Monitor.Wait(door);
                    }

                    raise = waiting.Dequeue();
                }

                try
                {
                    raise();
                }
                catch (Exception error)
                {
                    Trace.TraceError("BluetapLib: an event listener has thrown: " + error);
                }
            }
        }
    }
}
