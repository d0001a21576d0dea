namespace BluetapLib.Transports.Common
{
    /// <summary>Strings that a system reports about a device.</summary>
    internal static class DeviceText
    {
        /// <summary>
        /// A string without the spaces around it and without what follows its first zero byte. Null if it is absent,
        /// empty, or only question marks, which some systems report for no value.
        /// </summary>
        internal static string Known(string text)
        {
            if (text == null) return null;
            int end = text.IndexOf('\0');
            string known = (end < 0 ? text : text.Substring(0, end)).Trim();
            return known.Trim('?', '\ufffd').Length == 0 ? null : known;
        }

        /// <summary>
        /// A serial number, or null. If a device has no serial number, Windows makes a name from the place where it is
        /// plugged in, such as <c>7&amp;18DA7745&amp;0&amp;0002</c>. That is not a serial number.
        /// </summary>
        internal static string SerialNumber(string text)
        {
            string known = Known(text);
            return known != null && known.Contains("&") ? null : known;
        }
    }
}
