using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>The HID devices in the files of the kernel, below <c>/sys/class/hidraw</c>.</summary>
    internal sealed class HidSysfs
    {
        private readonly string _folder;

        /// <summary>Reads below a root.</summary>
        /// <param name="root">The folder where sysfs is. Tests use another one than <c>/sys</c>.</param>
        internal HidSysfs(string root)
        {
            _folder = Path.Combine(root, "class", "hidraw");
        }

        /// <summary>One HID device of the kernel. What the kernel does not tell is null.</summary>
        internal sealed class Entry
        {
            internal string Name { get; set; }
            internal int VendorId { get; set; }
            internal int ProductId { get; set; }
            internal int? UsagePage { get; set; }
            internal int? Usage { get; set; }
            internal string SerialNumber { get; set; }
            internal string Product { get; set; }

            /// <summary>True for the HID function of a BlueTap device.</summary>
            internal bool IsBluetap => BluetapUsb.Is(VendorId, ProductId) && BluetapUsb.IsUsage(UsagePage, Usage);
        }

        /// <summary>All HID devices, in the order of their numbers.</summary>
        internal IReadOnlyList<Entry> All()
        {
            return Files.NamesIn(_folder)
                .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)
                .Select(Find).Where(entry => entry != null).ToList();
        }

        /// <summary>The HID device with a name such as <c>hidraw0</c>, or null.</summary>
        internal Entry Find(string name)
        {
            string device = Path.Combine(_folder, name, "device");
            IReadOnlyDictionary<string, string> told = LinesOf(Files.Text(Path.Combine(device, "uevent")));
            if (!told.TryGetValue("HID_ID", out string id)) return null;
            if (!ReadIds(id, out int vendorId, out int productId)) return null;
            told.TryGetValue("HID_UNIQ", out string unique);
            told.TryGetValue("HID_NAME", out string product);
            var entry = new Entry
            {
                Name = name,
                VendorId = vendorId,
                ProductId = productId,
                SerialNumber = DeviceText.SerialNumber(unique),
                Product = DeviceText.Known(product),
            };
            ReadUsage(device, entry);
            ReadUsbDevice(device, entry);
            return entry;
        }

        /// <summary>Reads the lines NAME=VALUE of a file <c>uevent</c>.</summary>
        internal static IReadOnlyDictionary<string, string> LinesOf(string text)
        {
            var lines = new Dictionary<string, string>();
            foreach (string line in (text ?? "").Split('\n'))
            {
                int at = line.IndexOf('=');
                if (at <= 0) continue;
                // The strings of a device stand in this file too. Only the first line of a name is the kernel's own.
                string name = line.Substring(0, at);
                if (!lines.ContainsKey(name)) lines[name] = line.Substring(at + 1);
            }
            return lines;
        }

        /// <summary>
        /// Reads <c>BUS:VENDOR:PRODUCT</c>, three hexadecimal numbers, such as 0003:00001209:00000001.
        /// </summary>
        internal static bool ReadIds(string id, out int vendorId, out int productId)
        {
            string[] parts = id.Trim().Split(':');
            vendorId = 0;
            productId = 0;
            return parts.Length == 3 && ReadHex(parts[1], out vendorId) && ReadHex(parts[2], out productId);
        }

        private static bool ReadHex(string text, out int number)
        {
            return int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }

        private static void ReadUsage(string device, Entry entry)
        {
            byte[] descriptor = Files.Bytes(Path.Combine(device, "report_descriptor"));
            if (descriptor == null) return;
            ReportDescriptor.ReadUsage(descriptor, out int? page, out int? usage);
            entry.UsagePage = page;
            entry.Usage = usage;
        }

        /// <summary>
        /// Takes the strings of the USB device, which is a folder above the HID device. They are whole there, and the
        /// kernel cuts the ones of the HID device.
        /// </summary>
        private static void ReadUsbDevice(string device, Entry entry)
        {
            for (string folder = Files.RealPath(device); folder != null; folder = Path.GetDirectoryName(folder))
            {
                if (Files.Text(Path.Combine(folder, "idVendor")) == null) continue;
                string serialNumber = Files.Text(Path.Combine(folder, "serial"));
                string product = Files.Text(Path.Combine(folder, "product"));
                entry.SerialNumber = DeviceText.SerialNumber(serialNumber) ?? entry.SerialNumber;
                entry.Product = DeviceText.Known(product) ?? entry.Product;
                return;
            }
        }
    }
}
