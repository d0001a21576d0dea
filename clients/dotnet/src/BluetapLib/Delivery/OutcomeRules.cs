using BluetapLib.Protocol;

namespace BluetapLib.Delivery
{
    /// <summary>What to do after a refusal .</summary>
    internal enum RefusalWeight
    {
        /// <summary>The refusal is about the command.</summary>
        Final,

        /// <summary>
        /// The only copy was sent in a session that is not current: it may be sent again as a new request.
        /// </summary>
        Again,

        /// <summary>The refusal is about one copy of several, and says nothing about the others.</summary>
        Doubt,
    }

    /// <summary>
    /// The rules that decide the outcome of a command, and whether it may be sent again. They stand only here.
    /// docs/protocol.md section 4.
    /// </summary>
    internal static class OutcomeRules
    {
        /// <summary>Decides the outcome of a command in doubt from the reply to HELLO .</summary>
        public static OutcomeFacts Settle(Attempt attempt, Seen seen, bool lineStayed)
        {
            bool ready = seen.State == PaymentLinkState.Ready;
            if (ContradictoryDoubt.Find(attempt, seen, lineStayed) != null)
            {
                // A device without a live payment link does not show the one of this attempt either.
                return new OutcomeFacts(Outcome.Unknown, ready ? LinkLive.Unknown : LinkLive.No);
            }

            if (seen.SerialNumber != attempt.SerialNumber)
            {
                return new OutcomeFacts(Outcome.Unknown, LinkLive.Unknown, true);
            }

            // The payment link of a PAY ends at a restart, and at a command of another host. The one that is live now
            // can be the one that a CANCEL had to end.
            LinkLive live = attempt.Command == CommandType.Cancel && ready ? LinkLive.Unknown : LinkLive.No;
            if (seen.BootId != attempt.BootId)
            {
                return new OutcomeFacts(Outcome.Unknown, live);
            }

            if (attempt.Id.Equals(seen.LastCommand))
            {
                return new OutcomeFacts(Outcome.Executed, LinkLiveAfter(attempt, Outcome.Executed, seen.State));
            }

            if (Equals(seen.LastCommand, attempt.Last))
            {
                return new OutcomeFacts(Outcome.NotExecuted, LinkLiveAfter(attempt, Outcome.NotExecuted, seen.State));
            }

            return new OutcomeFacts(Outcome.Unknown, live);
        }

        /// <summary>
        /// Decides whether the payment link of a command may be live, when the device has told its state.
        /// </summary>
        public static LinkLive LinkLiveAfter(
            Attempt attempt, Outcome outcome, PaymentLinkState state, int? reason = null)
        {
            bool cancel = attempt.Command == CommandType.Cancel;
            if (cancel && outcome == Outcome.Refused && Reason.IsOfTheCopy(reason))
            {
                // Another device can be at the end of the same line now.
                return LinkLive.Unknown;
            }

            if (state != PaymentLinkState.Ready)
            {
                return LinkLive.No;
            }

            if (!cancel)
            {
                return outcome == Outcome.Executed ? LinkLive.Yes : LinkLive.No;
            }

            if (outcome == Outcome.Executed || reason == Reason.OrderMismatch)
            {
                return LinkLive.No;
            }

            return attempt.OneOrder ? LinkLive.Unknown : LinkLive.Yes;
        }

        /// <summary>Decides what a refusal means for the command .</summary>
        /// <param name="reason">The reason of the device.</param>
        /// <param name="copies">How many copies were sent.</param>
        /// <param name="helloUsed">True if this call has opened another session because of reason 4 already.</param>
        public static RefusalWeight Weigh(int reason, int copies, bool helloUsed)
        {
            if (!Reason.IsOfTheCopy(reason))
            {
                return RefusalWeight.Final;
            }

            if (copies > 1)
            {
                return RefusalWeight.Doubt;
            }

            return reason == Reason.NoSuchSession && !helloUsed ? RefusalWeight.Again : RefusalWeight.Final;
        }
    }
}
