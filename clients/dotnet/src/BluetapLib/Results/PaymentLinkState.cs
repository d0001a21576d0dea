namespace BluetapLib
{
    /// <summary>The states of the payment link, with the numbers of docs/protocol.md section 3.</summary>
    public enum PaymentLinkState
    {
        /// <summary>Nothing was shown since the start of the device, or its NFC part failed.</summary>
        Idle = 0,

        /// <summary>A payment link is live: a phone can read it.</summary>
        Ready = 1,

        /// <summary>The time of the latest payment link is over.</summary>
        Expired = 2,

        /// <summary>A CANCEL ended the latest payment link.</summary>
        Cancelled = 3,
    }
}
