namespace BluetapLib
{
    /// <summary>
    /// The vendor's result codes. One code can belong to several outcomes: <see cref="CommandResult.Outcome"/> says
    /// whether a command may be sent again.
    /// </summary>
    public enum ResultCode
    {
        /// <summary>
        /// The device executed the command. For a PayCommand: the payment link is shown. It never means that the
        /// shopper has paid.
        /// </summary>
        SUCCESS,

        /// <summary>There is no device, or the device went away and did not come back in time.</summary>
        DEVICE_DISCONNECTED,

        /// <summary>A field breaks its rule.</summary>
        PARAM_ILLEGAL,

        /// <summary>The command was certainly not executed.</summary>
        PROCESS_FAIL,

        /// <summary>The outcome is not known, or an error that was not foreseen.</summary>
        UNKNOWN_EXCEPTION,
    }
}
