namespace BluetapLib.Protocol
{
    /// <summary>The fields of docs/protocol.md section 3, in the order of their tags.</summary>
    internal enum Field
    {
        PaymentMethod,
        Amount,
        OrderId,
        ExpiryTime,
        Result,
        Reason,
        State,
        Remaining,
        Taps,
        Previous,
        Nonce,
        Model,
        Firmware,
        SerialNumber,
        BootId,
        Simulated,
        LastCommand,
        TapSource,
    }
}
