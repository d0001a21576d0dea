using System.Collections.Generic;
using System.Linq;
using BluetapLib.Json;
using BluetapLib.Transports;

namespace BluetapLib.Sessions
{
    /// <summary>
    /// Chooses the one device to open. It never takes one of several: a POS that pays on the wrong device is worse than
    /// a POS that asks for a serial number.
    /// </summary>
    internal static class DeviceChoice
    {
        /// <param name="devices">What the transport lists.</param>
        /// <param name="wanted">A serial number or an id; null for the only device.</param>
        /// <param name="where">The name of the transport.</param>
        /// <exception cref="BluetapException">There is none, or there are several.</exception>
        public static DeviceInfo Choose(IReadOnlyList<DeviceInfo> devices, string wanted, string where)
        {
            List<DeviceInfo> found = devices.Where(device => device.Id == wanted).ToList();
            if (found.Count == 0)
            {
                // A serial number that is not known before a session is checked after HELLO.
                found = devices
                    .Where(device => wanted == null || (device.SerialNumber ?? wanted) == wanted)
                    .ToList();
            }

            if (found.Count == 1)
            {
                return found[0];
            }

            string named = wanted == null ? string.Empty : " with the serial number or id \"" + wanted + "\"";
            string text;
            if (found.Count > 1)
            {
                text = where + ": " + found.Count + " BlueTap devices" + named + ": " + Describe(found) +
                    ". Choose one by its serial number (environment variable BLUETAP_DEVICE or option Device).";
            }
            else if (devices.Count > 0)
            {
                text = where + ": no BlueTap device" + named + ". Found: " + Describe(devices) +
                    ". Correct BLUETAP_DEVICE or the option Device.";
            }
            else
            {
                text = where + ": no BlueTap device" + named + ". Check its cable and its power.";
            }

            throw new BluetapException(ResultCode.DEVICE_DISCONNECTED, Unprintable.Printable(text));
        }

        private static string Describe(IEnumerable<DeviceInfo> devices)
        {
            return string.Join(", ", devices.Select(device =>
                device.SerialNumber == null ? device.Id : device.SerialNumber + " (" + device.Id + ")"));
        }
    }
}
