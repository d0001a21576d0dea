namespace BluetapLib
{
    /// <summary>What a device counts as a tap, with the numbers of docs/protocol.md section 3.</summary>
    public enum TapSource
    {
        /// <summary>A phone has read the whole payment link.</summary>
        Read = 0,

        /// <summary>A phone was there while the payment link was live.</summary>
        Field = 1,

        /// <summary>The device counts nothing, so taps of 0 say nothing.</summary>
        None = 2,
    }
}
