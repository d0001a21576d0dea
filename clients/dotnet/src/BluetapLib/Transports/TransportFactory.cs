using System;
using System.Runtime.InteropServices;
using BluetapLib.Transports.Common;
using BluetapLib.Transports.Linux;
using BluetapLib.Transports.Sockets;
using BluetapLib.Transports.Windows;

namespace BluetapLib.Transports
{
    /// <summary>Makes the transport that an address names. No other code reads such an address.</summary>
    public static class TransportFactory
    {
        /// <summary>The addresses that <see cref="Create"/> takes, for a message.</summary>
        public const string Addresses = "auto, hid, hid:PATH, serial:PATH, tcp://HOST:PORT or unix:PATH";

        private const string HidPath = "hid:";
        private const string SerialPath = "serial:";

        /// <summary>Makes a transport. It opens and connects nothing.</summary>
        /// <param name="address">
        /// <c>hid</c>, or <c>auto</c>, which means the same: every BlueTap device at USB. <c>hid:PATH</c>: one HID
        /// device, such as <c>hid:/dev/hidraw0</c>. <c>serial:PATH</c>: a serial port, such as
        /// <c>serial:/dev/ttyACM0</c> or <c>serial:COM3</c>. <c>tcp://HOST:PORT</c> and <c>unix:PATH</c>: a socket.
        /// </param>
        /// <returns>The transport for this operating system.</returns>
        /// <exception cref="ArgumentNullException">The address is null.</exception>
        /// <exception cref="FormatException">The address is wrong. The message says what is right.</exception>
        public static ITransport Create(string address)
        {
            if (address == null) throw new ArgumentNullException(nameof(address));
            if (Begins(address, "tcp:") || Begins(address, "unix:"))
            {
                return Socket(SocketTarget.Parse(address));
            }
            if (address == "auto" || address == "hid") return Hid(null);
            if (Begins(address, HidPath)) return Hid(PathOf(address, HidPath));
            if (Begins(address, SerialPath)) return Serial(PathOf(address, SerialPath));
            throw new FormatException($"bad address {Printable.Quote(address)}: write {Addresses}");
        }

        private static bool Begins(string address, string with)
        {
            return address.StartsWith(with, StringComparison.Ordinal);
        }

        private static bool IsOn(OSPlatform system)
        {
            return RuntimeInformation.IsOSPlatform(system);
        }

        private static string PathOf(string address, string prefix)
        {
            string path = address.Substring(prefix.Length);
            if (path.Length > 0 && path.IndexOf('\0') < 0) return path;
            string what = path.Length == 0 ? "the path is missing" : "the path contains a zero byte";
            throw new FormatException($"bad address {Printable.Quote(address)}: {what}. Write {prefix}PATH");
        }

        private static ITransport Hid(string path)
        {
            if (IsOn(OSPlatform.Linux)) return new SystemTransport(new HidLinux(path));
            if (IsOn(OSPlatform.Windows)) return new SystemTransport(new HidWindows(path));
            return new MissingTransport(path == null ? "hid" : HidPath + path, "HID devices");
        }

        private static ITransport Socket(SocketTarget target)
        {
            if (!IsOn(OSPlatform.Linux)) return new SocketTransport(target, SocketConnect.To);
            return new SystemTransport(new SocketTransport(target, SocketConnectLinux.To));
        }

        private static ITransport Serial(string path)
        {
            if (IsOn(OSPlatform.Linux)) return new SystemTransport(new SerialLinux(path));
            if (IsOn(OSPlatform.Windows)) return new SystemTransport(new SerialWindows(path));
            return new MissingTransport(SerialPath + path, "serial ports");
        }
    }
}
