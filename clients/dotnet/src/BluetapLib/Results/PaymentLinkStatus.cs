namespace BluetapLib
{
    /// <summary>What the device shows now, from its reply to STATUS.</summary>
    public sealed class PaymentLinkStatus
    {
        internal PaymentLinkStatus(PaymentLinkState state, int taps)
        {
            State = state;
            Taps = taps;
        }

        /// <summary>The state of the payment link. Only <see cref="PaymentLinkState.Ready"/> is live.</summary>
        public PaymentLinkState State { get; }

        /// <summary>
        /// How often a phone has read the live payment link, or else the latest one. 255 means 255 or more.
        /// </summary>
        public int Taps { get; }

        /// <summary>How many seconds the payment link stays live, rounded up; null if none is live.</summary>
        public long? Remaining { get; internal set; }

        /// <summary>The wallet of the live payment link, or null.</summary>
        public string PaymentMethod { get; internal set; }

        /// <summary>The amount of the live payment link; null if it has none.</summary>
        public string Amount { get; internal set; }

        /// <summary>The order id of the live payment link; null if it has none.</summary>
        public string OrderId { get; internal set; }
    }
}
