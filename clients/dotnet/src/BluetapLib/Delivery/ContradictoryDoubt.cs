using BluetapLib.Sessions;

namespace BluetapLib.Delivery
{
    /// <summary>What a device says in a new session, as far as a doubt needs it.</summary>
    internal sealed class Seen
    {
        public Seen(string serialNumber, uint bootId, int session, CommandId lastCommand, PaymentLinkState state)
        {
            SerialNumber = serialNumber;
            BootId = bootId;
            Session = session;
            LastCommand = lastCommand;
            State = state;
        }

        public string SerialNumber { get; }

        public uint BootId { get; }

        public int Session { get; }

        public CommandId LastCommand { get; }

        public PaymentLinkState State { get; }

        public static Seen In(HostSession session)
        {
            return new Seen(
                session.Device.SerialNumber,
                session.Device.BootId,
                session.Number,
                session.LastCommandAtHello,
                session.Latest.State);
        }
    }

    /// <summary>Finds a reply to HELLO that contradicts itself in a way that matters for a doubt .</summary>
    internal static class ContradictoryDoubt
    {
        private const int LastSession = 65535;

        /// <summary>Returns the words that follow "the device", or null if there is no contradiction.</summary>
        /// <param name="attempt">The attempt in doubt.</param>
        /// <param name="seen">What the device says in its new session.</param>
        /// <param name="lineStayed">True if the channel of the attempt has stayed open.</param>
        public static string Find(Attempt attempt, Seen seen, bool lineStayed)
        {
            CommandId last = seen.LastCommand;
            bool ready = seen.State == PaymentLinkState.Ready;
            if (seen.SerialNumber != attempt.SerialNumber)
            {
                return null;
            }

            if (last == null && seen.State != PaymentLinkState.Idle)
            {
                return "says that it has executed nothing since it started, and has shown a payment link";
            }

            if (seen.BootId != attempt.BootId)
            {
                return ready && lineStayed
                    ? "says that it has restarted, and that a payment link is live, on a line that stayed open"
                    : null;
            }

            if (last == null)
            {
                return attempt.Last == null
                    ? null
                    : "says that it has not restarted, and has forgotten the command that it executed last";
            }

            return last.Session == attempt.Id.Session
                ? FindInSameSession(attempt, last, ready)
                : FindInOtherSession(attempt, last, seen.Session);
        }

        private static string FindInOtherSession(Attempt attempt, CommandId last, int now)
        {
            bool later = Steps(attempt.Id.Session, last.Session) <= Steps(attempt.Id.Session, now);
            return later || last.Equals(attempt.Last)
                ? null
                : "names a last command of a session before the one in which it was asked";
        }

        private static string FindInSameSession(Attempt attempt, CommandId last, bool ready)
        {
            if (last.Sequence > attempt.Id.Sequence || last.Equals(attempt.Last))
            {
                return null;
            }

            if (last.Sequence < attempt.Id.Sequence)
            {
                return "names a last command of this session that it never reported to have executed";
            }

            return attempt.Command == CommandType.Cancel && ready
                ? "says that it has executed CANCEL, and that the payment link is live"
                : null;
        }

        /// <summary>How many sessions after <paramref name="from"/> a session was opened; 1 follows 65535.</summary>
        private static int Steps(int from, int to)
        {
            return (to - from + LastSession) % LastSession;
        }
    }
}
