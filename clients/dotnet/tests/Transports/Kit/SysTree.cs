using System;
using System.IO;
using System.Linq;

namespace BluetapTests.Transports.Kit
{
    /// <summary>A made tree of files, as the kernel has them for HID devices at USB.</summary>
    internal sealed class SysTree : IDisposable
    {
        private static readonly byte[] BluetapDescriptor =
        {
            0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40,
            0x09, 0x02, 0x81, 0x02, 0x09, 0x03, 0x91, 0x02, 0xc0,
        };

        private readonly string _root = Path.Combine(Scratch.Folder, Scratch.Name());

        internal SysTree()
        {
            Directory.CreateDirectory(Path.Combine(Sys, "class", "hidraw"));
            Directory.CreateDirectory(Dev);
        }

        internal string Sys => Path.Combine(_root, "sys");

        internal string Dev => Path.Combine(_root, "dev");

        /// <summary>The node of a device. The tree makes none.</summary>
        internal string Node(int number)
        {
            return Path.Combine(Dev, "hidraw" + number);
        }

        /// <summary>Adds a device. A null is a file or a line that the kernel does not have.</summary>
        internal void Add(
            int number,
            string serial = null,
            string product = "BlueTap",
            string id = "0003:00001209:00000001",
            string unique = "",
            byte[] descriptor = null,
            bool hasUsbParent = true)
        {
            string usb = Path.Combine(_root, "sys", "devices", "usb1", "1-" + number);
            string device = Path.Combine(usb, "1-" + number + ":1.0", "0003:1209:0001." + number.ToString("x4"));
            string node = Path.Combine(device, "hidraw", "hidraw" + number);
            Directory.CreateDirectory(node);
            File.WriteAllText(Path.Combine(device, "uevent"),
                $"DRIVER=hid-generic\nHID_ID={id}\nHID_NAME={product}\nHID_PHYS=usb-1/input0\nHID_UNIQ={unique}\n"
                + "MODALIAS=hid:b0003\n");
            File.WriteAllBytes(Path.Combine(device, "report_descriptor"), descriptor ?? BluetapDescriptor);
            PseudoTerminal.Link("../..", Path.Combine(node, "device"));
            PseudoTerminal.Link(
                $"../../devices/usb1/1-{number}/1-{number}:1.0/{Path.GetFileName(device)}/hidraw/hidraw{number}",
                Path.Combine(Sys, "class", "hidraw", "hidraw" + number));
            if (!hasUsbParent) return;
            File.WriteAllText(Path.Combine(usb, "idVendor"), "1209\n");
            File.WriteAllText(Path.Combine(usb, "idProduct"), "0001\n");
            if (product != null) File.WriteAllText(Path.Combine(usb, "product"), product + "\n");
            if (serial != null) File.WriteAllText(Path.Combine(usb, "serial"), serial + "\n");
        }

        /// <summary>Takes a device away.</summary>
        internal void Remove(int number)
        {
            File.Delete(Path.Combine(Sys, "class", "hidraw", "hidraw" + number));
            File.Delete(Node(number));
            Directory.Delete(Path.Combine(_root, "sys", "devices", "usb1", "1-" + number), true);
        }

        public void Dispose()
        {
            Directory.Delete(_root, true);
        }
    }
}
