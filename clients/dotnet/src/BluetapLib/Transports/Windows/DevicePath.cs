using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BluetapLib.Transports.Windows
{
    /// <summary>Reads the paths of devices of Windows.</summary>
    internal static class DevicePath
    {
        private const string Namespace = @"\\.\";

        /// <summary>
        /// Reads the USB ids in the path of a HID device, such as
        /// <c>\\?\hid#vid_1209&amp;pid_0001&amp;mi_00#7&amp;18da7745&amp;0&amp;0000#{4d1e55b2-f16f-11cf-88cb-
        /// 001111000030}</c>.
        /// </summary>
        /// <returns>False if the path has no such ids. A HID device at Bluetooth has others.</returns>
        internal static bool ReadIds(string path, out int vendorId, out int productId)
        {
            Match match = Regex.Match(
                path,
                "#vid_([0-9a-f]{4})&pid_([0-9a-f]{4})(?:[&#]|$)",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            vendorId = match.Success ? Hex(match.Groups[1].Value) : 0;
            productId = match.Success ? Hex(match.Groups[2].Value) : 0;
            return match.Success;
        }

        /// <summary>
        /// The name that CreateFile takes for a serial port. Without the prefix it finds only COM1 to COM9.
        /// </summary>
        internal static string OfPort(string port)
        {
            return port.StartsWith(@"\\", StringComparison.Ordinal) ? port : Namespace + port;
        }

        private static int Hex(string text)
        {
            return int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }
    }
}
