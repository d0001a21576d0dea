using System;
using System.Collections.Generic;

namespace BluetapLib.Transports.Common
{
    /// <summary>The HID reports of a BlueTap device (docs/protocol.md, sections 1 and 7).</summary>
    internal static class HidReports
    {
        /// <summary>The bytes of a report, without the report number.</summary>
        internal const int Length = 64;

        /// <summary>
        /// Cuts bytes into reports in the form of the system: a first byte 0, because the device has no report numbers,
        /// and 64 bytes, the last report filled with 00.
        /// </summary>
        internal static IReadOnlyList<byte[]> Of(byte[] data)
        {
            var reports = new List<byte[]>((data.Length + Length - 1) / Length);
            for (int at = 0; at < data.Length; at += Length)
            {
                var report = new byte[1 + Length];
                Array.Copy(data, at, report, 1, Math.Min(Length, data.Length - at));
                reports.Add(report);
            }
            return reports;
        }
    }
}
