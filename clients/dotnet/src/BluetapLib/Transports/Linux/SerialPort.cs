using System;

namespace BluetapLib.Transports.Linux
{
    /// <summary>The settings of an open serial port on Linux.</summary>
    internal static class SerialPort
    {
        private const uint Exclusive = 0x540c; // TIOCEXCL
        private const uint NotExclusive = 0x540d; // TIOCNXCL
        private const uint SetLines = 0x5416; // TIOCMBIS
        private const int DtrAndRts = 0x002 | 0x004;

        private const uint CharacterSize = 0x30;
        private const uint EightBits = 0x30;
        private const uint TwoStopBits = 0x40;
        private const uint Receive = 0x80;
        private const uint Parity = 0x100;
        private const uint HangUpOnClose = 0x400;
        private const uint Local = 0x800;
        private const uint HardwareFlow = 0x80000000;
        private const uint Baud115200 = 0x1002;
        private const int MinimumBytes = 6; // VMIN
        private const int Tenths = 5; // VTIME

        /// <summary>
        /// Takes a port for this program alone, and sets 115200 baud, 8 data bits, no parity, 1 stop bit, and no
        /// translation of bytes.
        /// </summary>
        /// <returns>0, or the error number. <see cref="Errno.Busy"/> if another program has the port.</returns>
        internal static int Prepare(int port)
        {
            if (Libc.GetSettings(port, out Libc.Termios settings) != 0) return Files.LastError();
            // Programs that use serialport of Node agree by this lock. It also holds against a program of root.
            if (Libc.Flock(port, Libc.LockExclusive | Libc.LockNonBlocking) != 0) return BusyOr(Files.LastError());
            Libc.Ioctl(port, (UIntPtr)Exclusive, null);
            MakeRaw(ref settings);
            if (Libc.SetSettings(port, 0, ref settings) != 0)
            {
                int error = Files.LastError();
                Release(port);
                return error;
            }
            // The lines tell a device that a host is there. A pseudo-terminal has none, so an error means nothing.
            Libc.Ioctl(port, (UIntPtr)SetLines, BitConverter.GetBytes(DtrAndRts));
            return 0;
        }

        /// <summary>Lets other programs open the port again. It is called before the port is closed.</summary>
        internal static void Release(int port)
        {
            Libc.Ioctl(port, (UIntPtr)NotExclusive, null);
        }

        private static int BusyOr(int error)
        {
            return error == Errno.TryAgain ? Errno.Busy : error;
        }

        private static void MakeRaw(ref Libc.Termios settings)
        {
            settings.InputFlags = 0;
            settings.OutputFlags = 0;
            settings.LocalFlags = 0;
            settings.ControlFlags &= ~(CharacterSize | TwoStopBits | Parity | HardwareFlow);
            settings.ControlFlags |= EightBits | Receive | Local | HangUpOnClose;
            settings.ControlCharacters[MinimumBytes] = 1;
            settings.ControlCharacters[Tenths] = 0;
            Libc.SetInputSpeed(ref settings, Baud115200);
            Libc.SetOutputSpeed(ref settings, Baud115200);
        }
    }
}
