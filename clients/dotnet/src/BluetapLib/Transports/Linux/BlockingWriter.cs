using System;
using System.Collections.Generic;
using System.Threading;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// Writes reports on a thread of its own, so that a write has a time limit. Linux waits up to 5 seconds for a HID
    /// device that takes no report, and nothing can end that wait. The thread starts with the first write, does not
    /// keep the process alive, and ends with the channel.
    /// </summary>
    internal sealed class BlockingWriter
    {
        private readonly object _key = new object();
        private readonly string _name;
        private readonly Func<byte[], TransportException> _write;
        private Job _job;
        private bool _started;
        private bool _closed;

        /// <summary>Creates a writer.</summary>
        /// <param name="name">The device in a message.</param>
        /// <param name="write">Writes one report and returns its error, or null. It can take long.</param>
        internal BlockingWriter(string name, Func<byte[], TransportException> write)
        {
            _name = name;
            _write = write;
        }

        /// <summary>
        /// Writes reports in order. A report that was not begun when the time is over is not written.
        /// </summary>
        /// <exception cref="TransportException">A report was not written.</exception>
        internal void Write(IReadOnlyList<byte[]> reports, TimeLimit limit)
        {
            var job = new Job(reports);
            lock (_key)
            {
                // A report of an earlier write can still be with the system.
                WaitUntil(() => _job == null, limit);
                _job = job;
                Start();
                Monitor.PulseAll(_key);
                try
                {
                    WaitUntil(() => job.IsDone, limit);
                }
                finally
                {
                    job.IsGivenUp = true;
                }
            }
            if (job.Error != null) throw job.Error;
        }

        /// <summary>Ends the waits and the thread. It does not wait for the thread.</summary>
        internal void Close()
        {
            lock (_key)
            {
                _closed = true;
                Monitor.PulseAll(_key);
            }
        }

        private void WaitUntil(Func<bool> isSo, TimeLimit limit)
        {
            while (!isSo())
            {
                if (_closed) throw Advice.Closed(_name);
                if (limit.IsOver) throw Advice.WriteTimeout(_name, limit.TotalMs);
                Monitor.Wait(_key, limit.LeftMs);
            }
        }

        private void Start()
        {
            if (_started) return;
            _started = true;
            new Thread(Run) { IsBackground = true, Name = "BluetapLib: writes to " + _name }.Start();
        }

        private void Run()
        {
            while (true)
            {
                Job job;
                lock (_key)
                {
                    while (_job == null && !_closed) Monitor.Wait(_key);
                    if (_job == null || _closed) return;
                    job = _job;
                }
                WriteAll(job);
                lock (_key)
                {
                    job.IsDone = true;
                    _job = null;
                    Monitor.PulseAll(_key);
                }
            }
        }

        private void WriteAll(Job job)
        {
            foreach (byte[] report in job.Reports)
            {
                lock (_key)
                {
                    if (job.IsGivenUp) return;
                    if (_closed) job.Error = Advice.Closed(_name);
                }
                if (job.Error == null) job.Error = _write(report);
                if (job.Error != null) return;
            }
        }

        private sealed class Job
        {
            internal Job(IReadOnlyList<byte[]> reports)
            {
                Reports = reports;
            }

            internal IReadOnlyList<byte[]> Reports { get; }

            internal TransportException Error { get; set; }

            internal bool IsDone { get; set; }

            internal bool IsGivenUp { get; set; }
        }
    }
}
