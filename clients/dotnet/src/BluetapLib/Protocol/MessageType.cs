namespace BluetapLib.Protocol
{
    /// <summary>The types of docs/protocol.md section 3. Bit 80 marks a reply, bit 40 an event.</summary>
    internal enum MessageType
    {
        Hello = 0x01,
        Pay = 0x02,
        Cancel = 0x03,
        Status = 0x04,
        Link = 0x41,
        HelloReply = 0x81,
        PayReply = 0x82,
        CancelReply = 0x83,
        StatusReply = 0x84,
    }
}
