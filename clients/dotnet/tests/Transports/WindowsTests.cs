using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using BluetapLib.Transports;
using BluetapLib.Transports.Common;
using BluetapLib.Transports.Windows;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Transports
{
    /// <summary>The parts of the Windows transports that need no Windows.</summary>
    internal static class WindowsTests
    {
        private const string Hid =
            @"\\?\hid#vid_1209&pid_0001&mi_00#7&18da7745&0&0000#{4d1e55b2-f16f-11cf-88cb-001111000030}";

        private static readonly WindowsErrors.Kind Kind = new WindowsErrors.Kind { Holders = "X", Access = "do Y" };

        internal static readonly Dictionary<string, Action> Cases = new Dictionary<string, Action>
        {
            ["USB ids in a path"] = Ids,
            ["names of serial ports"] = Ports,
            ["structures have the sizes of Windows"] = Sizes,
            ["error numbers of an open"] = OpenErrors,
            ["error numbers of a channel"] = ChannelErrors,
            ["reports are cut and filled"] = Reports,
            ["long writes to a port are cut"] = Pieces,
            ["a system without the libraries says so"] = MissingLibraries,
        };

        private static void Ids()
        {
            var expected = new Dictionary<string, string>
            {
                [Hid] = "True 1209 1",
                [Hid.ToUpperInvariant()] = "True 1209 1",
                [@"\\?\hid#vid_046d&pid_c31c#6&1&0&0000#{4d1e55b2}"] = "True 46d c31c",
                [@"\\?\hid#{00001124-0000-1000-8000-00805f9b34fb}_vid&0002054c_pid&0ce6#8"] = "False 0 0",
                [@"\\?\hid#vid_12090&pid_0001#1"] = "False 0 0",
                [@"\\?\hid#vid_1209&pid_00011#1"] = "False 0 0",
                [""] = "False 0 0",
            };
            foreach (KeyValuePair<string, string> one in expected)
            {
                bool isRead = DevicePath.ReadIds(one.Key, out int vendorId, out int productId);
                Must.Equal(one.Value, $"{isRead} {vendorId:x} {productId:x}", one.Key);
            }
        }

        private static void Ports()
        {
            Must.Equal(@"\\.\COM3", DevicePath.OfPort("COM3"), "COM3");
            Must.Equal(@"\\.\COM12", DevicePath.OfPort("COM12"), "COM12");
            Must.Equal(@"\\.\COM12", DevicePath.OfPort(@"\\.\COM12"), "a name with the prefix");
        }

        private static void Sizes()
        {
            Must.Equal(28, Marshal.SizeOf(typeof(Kernel32.PortSettings)), "DCB");
            Must.Equal(20, Marshal.SizeOf(typeof(Kernel32.PortTimeouts)), "COMMTIMEOUTS");
            Must.Equal(12, Marshal.SizeOf(typeof(HidDll.Attributes)), "HIDD_ATTRIBUTES");
            Must.Equal(64, Marshal.SizeOf(typeof(HidDll.Capabilities)), "HIDP_CAPS");
            Must.Equal(24 + IntPtr.Size, Marshal.SizeOf(typeof(SetupApi.InterfaceData)), "SP_DEVICE_INTERFACE_DATA");
            Must.Equal(8, SetupApi.DetailSize(8), "SP_DEVICE_INTERFACE_DETAIL_DATA of 64 bits");
            Must.Equal(6, SetupApi.DetailSize(4), "SP_DEVICE_INTERFACE_DETAIL_DATA of 32 bits");
        }

        private static void OpenErrors()
        {
            var expected = new Dictionary<int, TransportErrorCode>
            {
                [5] = TransportErrorCode.AccessDenied,
                [32] = TransportErrorCode.Busy,
                [170] = TransportErrorCode.Busy,
                [2] = TransportErrorCode.NotFound,
                [3] = TransportErrorCode.NotFound,
                [1167] = TransportErrorCode.NotFound,
                [121] = TransportErrorCode.Timeout,
                [31] = TransportErrorCode.Io,
            };
            foreach (KeyValuePair<int, TransportErrorCode> one in expected)
            {
                TransportException error = WindowsErrors.OfOpen("the HID device P", one.Key, Kind);
                Must.Equal(one.Value, error.Code, "the code of error " + one.Key);
                Must.Contain("the HID device P", error.Message);
            }
            var port = new WindowsErrors.Kind { Holders = "X", Access = "do Y", DeniedIsBusy = true };
            Must.Equal(TransportErrorCode.Busy, WindowsErrors.OfOpen("P", 5, port).Code, "a port that is denied");
        }

        private static void ChannelErrors()
        {
            foreach (int number in new[] { 2, 5, 6, 22, 31, 32, 121, 433, 1167, 1617, 99999 })
            {
                TransportException error = WindowsErrors.OfChannel("the HID device P", number, Kind);
                Must.Equal(TransportErrorCode.Disconnected, error.Code, "the code of error " + number);
                Must.Contain("the HID device P", error.Message);
            }
        }

        private static void Reports()
        {
            foreach (int length in new[] { 0, 1, 63, 64, 65, 128, 130 })
            {
                byte[] data = FarEnd.Numbered(length);
                IReadOnlyList<byte[]> reports = HidReports.Of(data);
                Must.Equal((length + 63) / 64, reports.Count, $"the reports of {length} bytes");
                Must.Hold(reports.All(report => report.Length == 65), "each report has 65 bytes");
                Must.Hold(reports.All(report => report[0] == 0), "the first byte of each report is 0");
                byte[] joined = reports.SelectMany(report => report.Skip(1)).ToArray();
                Must.SameBytes(data, joined.Take(length).ToArray(), "the bytes");
                Must.Hold(joined.Skip(length).All(one => one == 0), "the rest is filled with 00");
            }
        }

        private static void Pieces()
        {
            byte[] data = FarEnd.Numbered(9000);
            IReadOnlyList<byte[]> pieces = SerialWindows.Cut(data);
            Must.Equal("4096,4096,808", string.Join(",", pieces.Select(piece => piece.Length)), "the lengths");
            Must.SameBytes(data, pieces.SelectMany(piece => piece).ToArray(), "the bytes");
            Must.Equal(0, SerialWindows.Cut(new byte[0]).Count, "the pieces of nothing");
        }

        private static void MissingLibraries()
        {
            var hid = new SystemTransport(new HidWindows());
            string message = Must.Fail(() => hid.List(), TransportErrorCode.MissingLibrary).Message;
            Must.Contain("lacks a library", message);
            var other = new MissingTransport("hid", "HID devices");
            Must.Contain("Linux and Windows", Must.Fail(() => other.List(), TransportErrorCode.MissingLibrary).Message);
            Must.Fail(() => other.Open(null, Must.Limit), TransportErrorCode.MissingLibrary);
        }
    }
}
