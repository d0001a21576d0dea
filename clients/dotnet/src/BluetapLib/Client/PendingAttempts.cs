using System;
using System.Collections.Generic;
using BluetapLib.Delivery;
using BluetapLib.Sessions;

namespace BluetapLib.Client
{
    /// <summary>The attempts in doubt. A session with their device settles them .</summary>
    internal sealed class PendingAttempts
    {
        /// <summary>Each belongs to another device, or to another start of one, that has not come back.</summary>
        private const int MaxPending = 1000;

        private readonly List<KeyValuePair<Attempt, FrameChannel>> pending =
            new List<KeyValuePair<Attempt, FrameChannel>>();

        /// <param name="attempt">An attempt whose outcome is unknown.</param>
        /// <param name="channel">
        /// The channel on which it was sent; null if an earlier run of the program sent it.
        /// </param>
        public void Add(Attempt attempt, FrameChannel channel)
        {
            pending.Add(new KeyValuePair<Attempt, FrameChannel>(attempt, channel));
            if (pending.Count > MaxPending)
            {
                pending.RemoveAt(0);
            }
        }

        /// <summary>Settles what this session settles.</summary>
        /// <param name="session">A new session.</param>
        /// <param name="onContradiction">Called for each answer that is not believed.</param>
        public List<ResolvedEventArgs> Settle(HostSession session, Action onContradiction)
        {
            List<ResolvedEventArgs> settled = new List<ResolvedEventArgs>();
            Seen seen = Seen.In(session);
            foreach (KeyValuePair<Attempt, FrameChannel> each in pending.ToArray())
            {
                bool lineStayed = each.Value == session.Channel;
                if (ContradictoryDoubt.Find(each.Key, seen, lineStayed) != null)
                {
                    onContradiction();
                }

                OutcomeFacts facts = OutcomeRules.Settle(each.Key, seen, lineStayed);
                if (!facts.IsPending)
                {
                    pending.Remove(each);
                    settled.Add(new ResolvedEventArgs(each.Key, facts, seen.State, session.Latest.Taps));
                }
            }

            return settled;
        }
    }
}
