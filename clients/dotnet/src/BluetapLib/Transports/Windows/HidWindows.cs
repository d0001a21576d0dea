using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using BluetapLib.Transports.Common;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Windows
{
    /// <summary>
    /// The transport over USB HID on Windows, with hid.dll and setupapi.dll. It was written from Microsoft's
    /// documentation and has not been tried on Windows.
    /// </summary>
    internal sealed class HidWindows : ITransport
    {
        /// <summary>A string of USB has at most 126 characters.</summary>
        private const int StringBytes = 2 * 127;

        private static readonly WindowsErrors.Kind Kind = new WindowsErrors.Kind
        {
            Holders = HidAdvice.Holders,
            Access = "run it as a user who may open the device, and close other programs that use it",
        };

        private readonly string _only;

        /// <summary>Creates the transport. It opens nothing.</summary>
        /// <param name="only">The path of the only device to use, or null for every BlueTap device.</param>
        internal HidWindows(string only = null)
        {
            _only = only;
        }

        /// <inheritdoc/>
        public string Name => _only == null ? "hid" : "hid:" + _only;

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            if (_only != null) return new[] { Look(_only) ?? new DeviceInfo(_only, "hid", path: _only) };
            HidDll.GetHidGuid(out Guid kind);
            IReadOnlyList<string> paths = SetupApi.PathsOf(kind, out int error);
            if (error != 0)
            {
                throw Advice.Failed($"HID devices cannot be listed ({WindowsErrors.InWords(error)}): try again");
            }
            var devices = new List<DeviceInfo>();
            foreach (string path in paths)
            {
                // Most paths belong to keyboards and mice. They are not opened.
                if (!DevicePath.ReadIds(path, out int vendorId, out int productId)) continue;
                DeviceInfo device = BluetapUsb.Is(vendorId, productId) ? Look(path) : null;
                if (device != null) devices.Add(device);
            }
            return devices;
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            if (device == null) throw new ArgumentNullException(nameof(device));
            if (string.IsNullOrEmpty(device.Path)) throw Advice.NotThere("a HID device without a path");
            if (device.Id != device.Path || (_only != null && device.Path != _only))
            {
                throw Advice.OfOtherTransport(Name, device);
            }
            string name = HidAdvice.NameOf(device.Path);
            SafeFileHandle file = Create(device.Path, Kernel32.GenericRead | Kernel32.GenericWrite);
            int error = file.IsInvalid ? Marshal.GetLastWin32Error() : 0;
            if (error != 0) throw WindowsErrors.OfOpen(name, error, Kind);
            try
            {
                return ChannelOf(name, file);
            }
            catch (TransportException)
            {
                file.Dispose();
                throw;
            }
        }

        private static IChannel ChannelOf(string name, SafeFileHandle file)
        {
            HidDll.Capabilities? told = CapabilitiesOf(file);
            int input = told?.InputLength ?? (1 + HidReports.Length);
            int output = told?.OutputLength ?? (1 + HidReports.Length);
            if (input != 1 + HidReports.Length || output != 1 + HidReports.Length)
            {
                throw Advice.Failed($"{name} has reports of another length than a BlueTap device: check the path");
            }
            var lengths = new OverlappedChannel.TransferLengths { Read = input, Write = output, Skip = 1 };
            return new OverlappedChannel(name, file, Kind, lengths, HidReports.Of);
        }

        /// <summary>
        /// What Windows tells of a device, or null if it is another function or is gone. Without read and write access,
        /// a device can be asked also while another program uses it.
        /// </summary>
        private static DeviceInfo Look(string path)
        {
            using (SafeFileHandle file = Create(path, 0))
            {
                if (file.IsInvalid)
                {
                    // The path is still in the list. Opening says why the device cannot be used.
                    return WindowsErrors.CodeOf(Marshal.GetLastWin32Error()) == TransportErrorCode.NotFound
                        ? null
                        : new DeviceInfo(path, "hid", path: path);
                }
                HidDll.Capabilities? told = CapabilitiesOf(file);
                if (!BluetapUsb.IsUsage(told?.UsagePage, told?.Usage)) return null;
                string serialNumber = TextOf(buffer => HidDll.GetSerialNumber(file, buffer, StringBytes));
                string product = TextOf(buffer => HidDll.GetProduct(file, buffer, StringBytes));
                return new DeviceInfo(
                    path, "hid", DeviceText.SerialNumber(serialNumber), DeviceText.Known(product), path);
            }
        }

        private static HidDll.Capabilities? CapabilitiesOf(SafeFileHandle file)
        {
            if (!HidDll.GetPreparsedData(file, out IntPtr data)) return null;
            try
            {
                int status = HidDll.GetCapabilities(data, out HidDll.Capabilities capabilities);
                return status == HidDll.Success ? capabilities : (HidDll.Capabilities?)null;
            }
            finally
            {
                HidDll.FreePreparsedData(data);
            }
        }

        private static string TextOf(Func<byte[], bool> get)
        {
            var buffer = new byte[StringBytes];
            return get(buffer) ? Encoding.Unicode.GetString(buffer) : null;
        }

        private static SafeFileHandle Create(string path, uint access)
        {
            return Kernel32.CreateFile(
                path,
                access,
                Kernel32.ShareReadAndWrite,
                IntPtr.Zero,
                Kernel32.OpenExisting,
                Kernel32.Overlapped,
                IntPtr.Zero);
        }
    }
}
