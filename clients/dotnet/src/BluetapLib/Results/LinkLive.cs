namespace BluetapLib
{
    /// <summary>
    /// Whether the payment link of a command may be live: the second fact of every result. For a PAY, it is the payment
    /// link that the PAY shows. For a CANCEL, it is the payment link that the CANCEL had to end.
    /// </summary>
    public enum LinkLive
    {
        /// <summary>Nothing is known about it.</summary>
        Unknown,

        /// <summary>A phone can read it.</summary>
        Yes,

        /// <summary>No phone can read it.</summary>
        No,
    }
}
