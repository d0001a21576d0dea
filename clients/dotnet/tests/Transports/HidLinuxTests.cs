using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using BluetapLib.Transports;
using BluetapLib.Transports.Linux;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Transports
{
    /// <summary>How HID devices are found and refused on Linux.</summary>
    internal static class HidLinuxTests
    {
        private static readonly byte[] Keyboard = { 0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0xc0 };

        internal static readonly Dictionary<string, Action> Cases = new Dictionary<string, Action>
        {
            ["two devices, and no other vendor's"] = TwoDevices,
            ["the devices come in the order of their numbers"] = Order,
            ["strings that are missing, blank or made by a system"] = MissingStrings,
            ["control characters are kept in the list and escaped in messages"] = ControlCharacters,
            ["a device string cannot take the place of the ids"] = InjectedLines,
            ["only the function with the right usage is listed"] = UsageDecides,
            ["without files of the kernel there is no device"] = NoSysfs,
            ["broken files of the kernel are no device"] = BrokenFiles,
            ["a device without a node says what to do"] = NoNode,
            ["a missing permission names the udev rule"] = NoPermission,
            ["another device at the same path is refused"] = Replaced,
            ["a named path is listed, with what the kernel knows"] = NamedPath,
            ["a named link leads to its device"] = NamedLink,
            ["a named path that is no HID device is refused"] = NamedOther,
            ["every error number has a code and an advice"] = ErrorNumbers,
            ["usages are read from any descriptor"] = Descriptors,
            ["a file of the kernel is read, although it tells a wrong length"] = KernelFile,
        };

        private static void WithTree(Action<SysTree, HidLinux> action)
        {
            using (var tree = new SysTree()) action(tree, new HidLinux(null, tree.Sys, tree.Dev));
        }

        private static void TwoDevices()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "BT-A", product: "BlueTap One");
                tree.Add(1, serial: "OTHER", id: "0003:0000046D:0000C31C");
                tree.Add(2, serial: "BT-B");
                tree.Add(3, serial: "SAME-VENDOR", id: "0003:00001209:00000002");
                IReadOnlyList<DeviceInfo> found = hid.List();
                Must.Equal("BT-A,BT-B", string.Join(",", found.Select(one => one.SerialNumber)), "the serial numbers");
                Must.Equal(tree.Node(0), found[0].Id, "the id");
                Must.Equal("BlueTap One", found[0].Product, "the product");
                Must.Equal(tree.Node(2), found[1].Path, "the path");
                Must.Equal("hid", found[0].Transport, "the transport");
            });
        }

        private static void Order()
        {
            WithTree((tree, hid) =>
            {
                foreach (int number in new[] { 10, 2, 0, 1 }) tree.Add(number, serial: "N" + number);
                Must.Equal("N0,N1,N2,N10", string.Join(",", hid.List().Select(one => one.SerialNumber)), "the order");
            });
        }

        private static void MissingStrings()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: null, product: "");
                tree.Add(1, serial: " ?? ", unique: "FROM-HID");
                tree.Add(2, serial: "7&18DA7745&0&0002");
                tree.Add(3, serial: null, unique: "UNIQUE", hasUsbParent: false);
                tree.Add(4, serial: "CUT\0rest");
                IReadOnlyList<DeviceInfo> found = hid.List();
                string[] expected = { null, "FROM-HID", null, "UNIQUE", "CUT" };
                for (int at = 0; at < expected.Length; at++)
                {
                    Must.Equal(expected[at], found[at].SerialNumber, "serial number " + at);
                }
                Must.Equal(null, found[0].Product, "the blank product");
            });
        }

        private static void ControlCharacters()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "A\u001b[31mB\u0007\u202eC");
                DeviceInfo device = hid.List()[0];
                Must.Equal("A\u001b[31mB\u0007\u202eC", device.SerialNumber, "the serial number");
                tree.Remove(0);
                tree.Add(0, serial: "D\nE");
                Action open = () => hid.Open(device, Must.Limit);
                string message = Must.Fail(open, TransportErrorCode.NotFound).Message;
                Must.Contain("\"A\\u001b[31mB\\u0007\\u202eC\"", message);
                Must.Contain("\"D\\u000aE\"", message);
                Must.Hold(!message.Any(char.IsControl), "the message has no control character");
            });
        }

        private static void InjectedLines()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "X", product: "Mouse\nHID_ID=0003:00001209:00000001", id: "0003:0000046D:00000001");
                Must.Equal(0, hid.List().Count, "the devices");
            });
        }

        private static void UsageDecides()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "KEYS", descriptor: Keyboard);
                tree.Add(1, serial: "GOOD");
                tree.Add(2, serial: "UNTOLD", descriptor: new byte[0]);
                string found = string.Join(",", hid.List().Select(one => one.SerialNumber));
                Must.Equal("GOOD,UNTOLD", found, "the devices");
                var keyboard = new DeviceInfo(tree.Node(0), "hid", "KEYS", path: tree.Node(0));
                File.WriteAllText(tree.Node(0), "");
                Must.Fail(() => hid.Open(keyboard, Must.Limit), TransportErrorCode.NotFound);
                Must.Equal(0L, new FileInfo(tree.Node(0)).Length, "the bytes that the keyboard got");
            });
        }

        private static void NoSysfs()
        {
            Must.Equal(0, new HidLinux(null, "/nonexistent", "/dev").List().Count, "the devices");
        }

        private static void BrokenFiles()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, id: "0003:00001209");
                tree.Add(1, id: "0003:0000120G:00000001");
                tree.Add(2, id: "");
                Directory.CreateDirectory(Path.Combine(tree.Sys, "class", "hidraw", "hidraw9"));
                PseudoTerminal.Link("nowhere", Path.Combine(tree.Sys, "class", "hidraw", "hidraw8"));
                Must.Equal(0, hid.List().Count, "the devices");
            });
        }

        private static void NoNode()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "BT-A");
                Action open = () => hid.Open(hid.List()[0], Must.Limit);
                string message = Must.Fail(open, TransportErrorCode.NotFound).Message;
                Must.Contain("no such device node", message);
                Must.Contain("docker: --device " + tree.Node(0), message);
            });
        }

        private static void NoPermission()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "BT-A");
                using (var terminal = new PseudoTerminal())
                {
                    PseudoTerminal.Link(terminal.Path, tree.Node(0));
                    OtherUser.Do(() =>
                    {
                        Action open = () => hid.Open(hid.List()[0], Must.Limit);
                        string message = Must.Fail(open, TransportErrorCode.AccessDenied).Message;
                        Must.Contain("this user may not open the HID device " + tree.Node(0), message);
                        Must.Contain("`bluetap udev-rules`", message);
                        Must.Contain("/etc/udev/rules.d/70-bluetap.rules", message);
                    });
                }
            });
        }

        private static void Replaced()
        {
            WithTree((tree, hid) =>
            {
                tree.Add(0, serial: "BT-A");
                DeviceInfo device = hid.List()[0];
                tree.Remove(0);
                tree.Add(0, serial: "BT-B");
                Action open = () => hid.Open(device, Must.Limit);
                string message = Must.Fail(open, TransportErrorCode.NotFound).Message;
                Must.Contain("BT-A", message);
                Must.Contain("BT-B", message);
            });
        }

        private static void NamedPath()
        {
            using (var tree = new SysTree())
            {
                tree.Add(0, serial: "BT-A");
                var hid = new HidLinux(tree.Node(0), tree.Sys, tree.Dev);
                Must.Equal("hid:" + tree.Node(0), hid.Name, "the name");
                Must.Equal("BT-A", hid.List().Single().SerialNumber, "the serial number");
                tree.Remove(0);
                Must.Equal(null, hid.List().Single().SerialNumber, "the serial number of an unplugged device");
                Must.Fail(() => hid.Open(hid.List()[0], Must.Limit), TransportErrorCode.NotFound);
            }
        }

        private static void NamedLink()
        {
            using (var tree = new SysTree())
            {
                tree.Add(0, serial: "BT-A");
                File.WriteAllText(tree.Node(0), "");
                string link = Path.Combine(tree.Dev, "bluetap");
                PseudoTerminal.Link("hidraw0", link);
                DeviceInfo device = new HidLinux(link, tree.Sys, tree.Dev).List().Single();
                Must.Equal("BT-A", device.SerialNumber, "the serial number");
            }
        }

        private static void NamedOther()
        {
            foreach (string path in new[] { "/dev/null", "/dev", "/etc/passwd" })
            {
                ITransport hid = TransportFactory.Create("hid:" + path);
                Action open = () => hid.Open(hid.List()[0], Must.Limit);
                Must.Contain("is not a HID device", Must.Fail(open, TransportErrorCode.Io).Message);
            }
        }

        private static void ErrorNumbers()
        {
            var hid = new HidLinux(null, "/nonexistent");
            var expected = new Dictionary<int, TransportErrorCode>
            {
                [1] = TransportErrorCode.AccessDenied,
                [13] = TransportErrorCode.AccessDenied,
                [16] = TransportErrorCode.Busy,
                [2] = TransportErrorCode.NotFound,
                [6] = TransportErrorCode.NotFound,
                [19] = TransportErrorCode.NotFound,
                [20] = TransportErrorCode.NotFound,
                [110] = TransportErrorCode.Timeout,
                [5] = TransportErrorCode.Io,
                [24] = TransportErrorCode.Io,
                [71] = TransportErrorCode.Io,
            };
            foreach (KeyValuePair<int, TransportErrorCode> one in expected)
            {
                TransportException error = hid.OpenError("/dev/hidraw0", "the HID device /dev/hidraw0", one.Key);
                Must.Equal(one.Value, error.Code, "the code of errno " + one.Key);
                Must.Contain("/dev/hidraw0", error.Message);
                Must.Contain(": ", error.Message);
            }
        }

        private static void Descriptors()
        {
            Check(null, null);
            Check(0xff00, 1, 0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01);
            Check(1, 6, 0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x09, 0x02);
            Check(0xff00, 1, 0x0b, 0x01, 0x00, 0x00, 0xff, 0xa1, 0x01);
            Check(0xff00, 1, 0xfe, 0x02, 0x10, 0xaa, 0xbb, 0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01);
            Check(null, null, 0x06, 0x00);
            Check(null, null, 0xfe);
            Check(null, null, 0xfe, 0xff, 0x00);
            Check(null, null, 0xa1, 0x01, 0x06, 0x00, 0xff);
        }

        private static void KernelFile()
        {
            const string Path = "/sys/class/mem/null/uevent";
            Must.Equal("null", HidSysfs.LinesOf(Files.Text(Path))["DEVNAME"], "the name in " + Path);
            Must.Equal(null, Files.Text("/nonexistent"), "the text of a missing file");
            Must.Equal(null, Files.Bytes("/sys"), "the bytes of a folder");
        }

        private static void Check(int? page, int? usage, params int[] bytes)
        {
            byte[] descriptor = bytes.Select(one => (byte)one).ToArray();
            ReportDescriptor.ReadUsage(descriptor, out int? foundPage, out int? foundUsage);
            Must.Equal(page, foundPage, "the page in " + BitConverter.ToString(descriptor));
            Must.Equal(usage, foundUsage, "the usage in " + BitConverter.ToString(descriptor));
        }
    }
}
