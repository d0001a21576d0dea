using BluetapLib.Protocol;

namespace BluetapLib.Sessions
{
    /// <summary>What a new LINK number means .</summary>
    internal enum LinkOrder
    {
        New,
        Repeat,
        Gap,
    }

    /// <summary>The payment link at a moment, from one message.</summary>
    internal sealed class LinkSeen
    {
        public LinkSeen(PaymentLinkState state, int taps)
        {
            State = state;
            Taps = taps;
        }

        public PaymentLinkState State { get; }

        public int Taps { get; }

        public bool Differs(LinkSeen other)
        {
            return other == null || other.State != State || other.Taps != Taps;
        }
    }

    /// <summary>One session, which the reply to HELLO opened on a channel. docs/protocol.md section 4.</summary>
    internal sealed class HostSession
    {
        private const int LastSequence = 255;

        private int sequence;
        private int linkSequence;
        private bool latestRepeats;

        public HostSession(FrameChannel channel, Message hello)
        {
            Channel = channel;
            Number = hello.Session;
            LastCommand = hello.LastCommand;
            LastCommandAtHello = hello.LastCommand;
            MostTaps = hello.Taps;
            AtHello = new LinkSeen(hello.State, hello.Taps);
            Device = new DeviceIdentity(
                channel.Device.Id,
                hello.Text(Field.Model),
                hello.Text(Field.Firmware),
                hello.Text(Field.SerialNumber),
                hello.Number(Field.BootId).Value,
                hello[Field.Simulated] != null,
                (TapSource?)(int?)hello[Field.TapSource]);
        }

        public FrameChannel Channel { get; }

        public int Number { get; }

        public DeviceIdentity Device { get; }

        /// <summary>The last command that the device has executed, as far as this host knows: L of R-81.</summary>
        public CommandId LastCommand { get; set; }

        /// <summary>The last command in the reply to HELLO.</summary>
        public CommandId LastCommandAtHello { get; }

        /// <summary>The payment link in the reply to HELLO.</summary>
        public LinkSeen AtHello { get; }

        /// <summary>
        /// The LINK after the latest reply. If it is set, the state must not be taken from the reply.
        /// </summary>
        public LinkSeen Since { get; set; }

        /// <summary>The payment link of the latest message, in a session that has had no other request.</summary>
        public LinkSeen Latest => Since ?? AtHello;

        /// <summary>
        /// True if the latest reply or LINK says that no payment link is live, and no PAY was sent since.
        /// </summary>
        public bool PaymentLinkOver { get; set; }

        /// <summary>
        /// True while a PAY waits for its reply: a LINK can then be about the payment link before it.
        /// </summary>
        public bool PayUnanswered { get; set; }

        /// <summary>The largest number of taps since the latest PAY.</summary>
        public int MostTaps { get; private set; }

        /// <summary>True if the client uses this session. A device that it does not accept raises no event.</summary>
        public bool IsAccepted { get; set; }

        public bool IsSpent => sequence == LastSequence;

        /// <summary>A PAY is sent.</summary>
        public void PaySent()
        {
            MaybeShown();
            PayUnanswered = true;
        }

        /// <summary>A PAY is sent or was executed: the payment link can be another one.</summary>
        public void MaybeShown()
        {
            PaymentLinkOver = false;
            MostTaps = 0;
        }

        /// <summary>
        /// Takes the taps of a message. False if an earlier message had more; the larger number stays.
        /// </summary>
        public bool TakeTaps(int taps)
        {
            if (taps < MostTaps)
            {
                return false;
            }

            MostTaps = taps;
            return true;
        }

        /// <summary>The number of the next request .</summary>
        public int Next()
        {
            latestRepeats = false;
            return ++sequence;
        }

        /// <summary>
        /// The number of a STATUS that the client asks for itself. It stays the same while there is no other request,
        /// so that no number is used up. Null if there is none left.
        /// </summary>
        public int? SequenceOfRepeatedStatus()
        {
            if (!latestRepeats && IsSpent)
            {
                return null;
            }

            int number = latestRepeats ? sequence : Next();
            latestRepeats = true;
            return number;
        }

        /// <summary>Takes the number of a LINK: from 1, and 1 again after 255 .</summary>
        public LinkOrder TakeLinkSequence(int number)
        {
            if (number == linkSequence)
            {
                return LinkOrder.Repeat;
            }

            int next = (linkSequence % LastSequence) + 1;
            linkSequence = number;
            return number == next ? LinkOrder.New : LinkOrder.Gap;
        }
    }
}
