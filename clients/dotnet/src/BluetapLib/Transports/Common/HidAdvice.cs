namespace BluetapLib.Transports.Common
{
    /// <summary>What messages about HID devices say on every system.</summary>
    internal static class HidAdvice
    {
        /// <summary>The other programs that can use a HID device. It follows the word "close".</summary>
        internal const string Holders = "the other POS program, or a browser tab that uses WebHID";

        /// <summary>The device in a message.</summary>
        internal static string NameOf(string path)
        {
            return "the HID device " + Printable.Of(path);
        }
    }
}
