using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using BluetapLib.Transports.Common;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Windows
{
    /// <summary>
    /// The transport over one serial port on Windows. It was written from Microsoft's documentation and has not been
    /// tried on Windows.
    /// </summary>
    internal sealed class SerialWindows : ITransport
    {
        private const uint BaudRate = 115200;
        private const uint BinaryWithDtrAndRts = 0x1 | (1 << 4) | (1 << 12);
        private const uint AsSoonAsPossible = 0xffffffff;
        private const uint LongestReadMs = 60_000;
        private const int Length = 4096;

        private static readonly WindowsErrors.Kind Kind = new WindowsErrors.Kind
        {
            Holders = "the other POS program, or a terminal program",
            Access = "run it as a user who may open the port",
            DeniedIsBusy = true,
        };

        private readonly string _port;

        /// <summary>Creates the transport over a port such as COM3. It opens nothing.</summary>
        internal SerialWindows(string port)
        {
            _port = port;
        }

        /// <inheritdoc/>
        public string Name => "serial:" + _port;

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            return new[] { new DeviceInfo(_port, "serial", path: _port) };
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            if (device == null) throw new ArgumentNullException(nameof(device));
            if (device.Id != _port) throw Advice.OfOtherTransport(Printable.Of(Name), device);
            string name = "the serial port " + Printable.Of(_port);
            // Windows gives a serial port to one program at a time, so it is not shared.
            SafeFileHandle file = Kernel32.CreateFile(
                DevicePath.OfPort(_port),
                Kernel32.GenericRead | Kernel32.GenericWrite,
                0,
                IntPtr.Zero,
                Kernel32.OpenExisting,
                Kernel32.Overlapped,
                IntPtr.Zero);
            int error = file.IsInvalid ? Marshal.GetLastWin32Error() : Prepare(file);
            if (error != 0)
            {
                file.Dispose();
                throw OpenError(name, error);
            }
            var lengths = new OverlappedChannel.TransferLengths { Read = Length, Write = Length };
            return new OverlappedChannel(name, file, Kind, lengths, Cut);
        }

        /// <summary>Cuts the bytes of a write, so that each piece fits into the memory of one call.</summary>
        internal static IReadOnlyList<byte[]> Cut(byte[] data)
        {
            var pieces = new List<byte[]>();
            for (int at = 0; at < data.Length; at += Length)
            {
                var piece = new byte[Math.Min(Length, data.Length - at)];
                Array.Copy(data, at, piece, 0, piece.Length);
                pieces.Add(piece);
            }
            return pieces;
        }

        private static TransportException OpenError(string name, int error)
        {
            if (error != WindowsErrors.InvalidParameter) return WindowsErrors.OfOpen(name, error, Kind);
            string why = WindowsErrors.InWords(error);
            return Advice.Failed($"{name} refuses its settings ({why}): check that it is a serial port");
        }

        private static int Prepare(SafeFileHandle file)
        {
            var settings = new Kernel32.PortSettings();
            settings.Length = (uint)Marshal.SizeOf(typeof(Kernel32.PortSettings));
            if (!Kernel32.GetCommState(file, ref settings)) return Marshal.GetLastWin32Error();
            settings.BaudRate = BaudRate;
            settings.Flags = BinaryWithDtrAndRts;
            settings.ByteSize = 8;
            settings.Parity = 0;
            settings.StopBits = 0; // ONESTOPBIT
            if (!Kernel32.SetCommState(file, ref settings)) return Marshal.GetLastWin32Error();
            // A read ends with its first bytes. Writes have no limit here: the channel gives them up.
            var timeouts = new Kernel32.PortTimeouts
            {
                ReadInterval = AsSoonAsPossible,
                ReadTotalMultiplier = AsSoonAsPossible,
                ReadTotalConstant = LongestReadMs,
            };
            return Kernel32.SetCommTimeouts(file, ref timeouts) ? 0 : Marshal.GetLastWin32Error();
        }
    }
}
