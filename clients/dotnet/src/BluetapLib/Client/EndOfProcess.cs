using System;
using System.Collections.Generic;

namespace BluetapLib.Client
{
    /// <summary>
    /// Closes the clients that are still open when the process ends. Mono aborts the process (SIGABRT, with a crash
    /// report) if a thread starts another one after the end has begun, and the worker does that when it looks for its
    /// device. The clients are held weakly: a client that nothing refers to can be collected.
    /// </summary>
    internal static class EndOfProcess
    {
        private static readonly List<WeakReference<Worker>> Open = new List<WeakReference<Worker>>();

        static EndOfProcess()
        {
            AppDomain.CurrentDomain.ProcessExit += (sender, args) => CloseAll();
            AppDomain.CurrentDomain.DomainUnload += (sender, args) => CloseAll();
        }

        /// <summary>Closes a worker at the end of the process, if it is not closed before.</summary>
        public static void Watch(Worker worker)
        {
            lock (Open)
            {
                Open.RemoveAll(each => !each.TryGetTarget(out Worker ignored));
                Open.Add(new WeakReference<Worker>(worker));
            }
        }

        private static void CloseAll()
        {
            WeakReference<Worker>[] open;
            lock (Open)
            {
                open = Open.ToArray();
                Open.Clear();
            }

            foreach (WeakReference<Worker> each in open)
            {
                if (each.TryGetTarget(out Worker worker))
                {
                    worker.Close(new BluetapException(ResultCode.PROCESS_FAIL, "The program has ended."));
                }
            }
        }
    }
}
