namespace BluetapLib
{
    /// <summary>
    /// The whole result of a PAY or a CANCEL. <see cref="Outcome"/> and <see cref="LinkLive"/> are the two facts that
    /// every result has: decide by them, and not by the code. docs/start/outcomes.md shows how.
    /// </summary>
    public sealed class CommandResult
    {
        internal CommandResult(ResultCode code, OutcomeFacts facts)
        {
            Code = code;
            Facts = facts;
        }

        /// <summary>The vendor's code.</summary>
        public ResultCode Code { get; }

        /// <summary>The outcome of the command.</summary>
        public Outcome Outcome => Facts.Outcome;

        /// <summary>Whether the payment link of the command may be live.</summary>
        public LinkLive LinkLive => Facts.LinkLive;

        /// <summary>
        /// True only if the outcome is unknown and can still become known. The client then raises
        /// <see cref="BluetapClient.Resolved"/>.
        /// </summary>
        public bool IsPending => Facts.IsPending;

        /// <summary>The state of the payment link of the device; null if the device did not tell it.</summary>
        public PaymentLinkState? State { get; internal set; }

        /// <summary>
        /// How many seconds the payment link stays live, rounded up. Only a PAY whose reply came has it.
        /// </summary>
        public long? Remaining { get; internal set; }

        /// <summary>
        /// The payment link that this PAY replaced; null if there was none, or if the device does not tell it.
        /// </summary>
        public PreviousPaymentLink Previous { get; internal set; }

        /// <summary>
        /// How often a phone read the payment link. If it is above 0 and the payment link is over, the shopper may have
        /// paid. 255 means 255 or more. Null if it is not known.
        /// </summary>
        public int? Taps { get; internal set; }

        /// <summary>The reason of the device (docs/protocol.md section 3); null if the device did not refuse.</summary>
        public int? Reason => Error?.Reason;

        /// <summary>Names the command on the wire; null if no byte of it left this computer.</summary>
        public Attempt Attempt { get; internal set; }

        /// <summary>
        /// The device that answered last; null if none did. <see cref="Attempt"/> names the one that got the command.
        /// </summary>
        public DeviceIdentity Device { get; internal set; }

        /// <summary>What happened and what to do; null if the command was executed.</summary>
        public BluetapException Error { get; internal set; }

        internal OutcomeFacts Facts { get; }
    }
}
