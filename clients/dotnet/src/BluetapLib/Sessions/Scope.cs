using System;
using System.Threading;

namespace BluetapLib.Sessions
{
    /// <summary>
    /// How long some work may go on: until its time is up, until its caller cancels it, or until the scope around it is
    /// over. Every member needs the gate.
    /// </summary>
    internal sealed class Scope
    {
        private readonly Gate gate;
        private readonly Scope parent;
        private readonly CancellationToken token;
        private readonly long deadlineMs;
        private readonly Func<Exception> expired;
        private Exception reason;

        /// <param name="gate">The gate of the client.</param>
        /// <param name="parent">The scope around it, or null.</param>
        /// <param name="deadlineMs">The end of the time, by <see cref="Timing.NowMs"/>.</param>
        /// <param name="expired">Makes the reason when the time is up.</param>
        /// <param name="token">
        /// The token of the caller. Whoever creates the scope sees to it that a cancel pulses the gate.
        /// </param>
        public Scope(
            Gate gate,
            Scope parent = null,
            long deadlineMs = long.MaxValue,
            Func<Exception> expired = null,
            CancellationToken token = default(CancellationToken))
        {
            this.gate = gate;
            this.parent = parent;
            this.deadlineMs = deadlineMs;
            this.expired = expired;
            this.token = token;
        }

        /// <summary>Why the scope is over; null if it is not.</summary>
        public Exception Reason
        {
            get
            {
                if (reason == null)
                {
                    reason = FindReason();
                }

                return reason;
            }
        }

        public bool IsOver => Reason != null;

        /// <summary>True if the scope is over because its time was up.</summary>
        public bool TimeWasUp { get; private set; }

        public long DeadlineMs => parent == null ? deadlineMs : Math.Min(deadlineMs, parent.DeadlineMs);

        public void Abort(Exception why)
        {
            reason = reason ?? why;
            gate.Pulse();
        }

        /// <exception cref="Exception">The reason, if the scope is over.</exception>
        public void ThrowIfOver()
        {
            if (IsOver)
            {
                throw Reason;
            }
        }

        /// <summary>Waits until something has changed, until a time, or until the scope is over.</summary>
        public void WaitUntil(long untilMs)
        {
            gate.WaitUntil(Math.Min(untilMs, DeadlineMs));
        }

        private Exception FindReason()
        {
            if (parent?.Reason != null)
            {
                return parent.Reason;
            }

            if (token.IsCancellationRequested)
            {
                return new OperationCanceledException("The call was cancelled.", token);
            }

            if (Timing.NowMs < deadlineMs)
            {
                return null;
            }

            TimeWasUp = true;
            return expired();
        }
    }
}
