using System;
using System.Runtime.InteropServices;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// The functions of the C library that the transports use, with the numbers of Linux on x86 and ARM. No other
    /// library is needed.
    /// </summary>
    internal static class Libc
    {
        internal const int ReadOnly = 0;
        internal const int ReadWrite = 0x2;
        internal const int NoControllingTerminal = 0x100;
        internal const int NonBlocking = 0x800;
        internal const int CloseOnExec = 0x80000;

        internal const short PollIn = 0x1;
        internal const short PollOut = 0x4;

        internal const int NoSignal = 0x4000;

        internal const int LockExclusive = 2;
        internal const int LockNonBlocking = 4;
        internal const int PathMax = 4096;

        /// <summary>One entry of <c>poll</c>.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct PollEntry
        {
            internal int Descriptor;
            internal short Events;
            internal short Returned;
        }

        /// <summary>The settings of a terminal: 60 bytes in the C libraries of Linux (glibc and musl).</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Termios
        {
            internal uint InputFlags;
            internal uint OutputFlags;
            internal uint ControlFlags;
            internal uint LocalFlags;
            internal byte LineDiscipline;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)]
            internal byte[] ControlCharacters;
            internal uint InputSpeed;
            internal uint OutputSpeed;
        }

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        internal static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        internal static extern int Close(int descriptor);

        [DllImport("libc", EntryPoint = "read", SetLastError = true)]
        internal static extern IntPtr Read(int descriptor, byte[] buffer, UIntPtr count);

        [DllImport("libc", EntryPoint = "write", SetLastError = true)]
        internal static extern IntPtr Write(int descriptor, byte[] buffer, UIntPtr count);

        [DllImport("libc", EntryPoint = "socket", SetLastError = true)]
        internal static extern int Socket(int family, int kind, int protocol);

        [DllImport("libc", EntryPoint = "connect", SetLastError = true)]
        internal static extern int Connect(int socket, byte[] address, uint length);

        [DllImport("libc", EntryPoint = "send", SetLastError = true)]
        internal static extern IntPtr Send(int socket, byte[] buffer, UIntPtr count, int flags);

        [DllImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
        internal static extern int SetOption(int socket, int level, int option, byte[] value, uint length);

        [DllImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
        internal static extern int GetOption(
            int socket, int level, int option, [In, Out] byte[] value, ref uint length);

        [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
        internal static extern int Poll([In, Out] PollEntry[] entries, UIntPtr count, int timeoutMs);

        [DllImport("libc", EntryPoint = "eventfd", SetLastError = true)]
        internal static extern int EventFd(uint value, int flags);

        [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
        internal static extern int Flock(int descriptor, int operation);

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        internal static extern int Ioctl(int descriptor, UIntPtr request, byte[] value);

        [DllImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
        internal static extern int GetSettings(int descriptor, out Termios settings);

        [DllImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
        internal static extern int SetSettings(int descriptor, int when, ref Termios settings);

        [DllImport("libc", EntryPoint = "cfsetispeed", SetLastError = true)]
        internal static extern int SetInputSpeed(ref Termios settings, uint speed);

        [DllImport("libc", EntryPoint = "cfsetospeed", SetLastError = true)]
        internal static extern int SetOutputSpeed(ref Termios settings, uint speed);

        [DllImport("libc", EntryPoint = "realpath", SetLastError = true)]
        internal static extern IntPtr RealPath(byte[] path, byte[] resolved);
    }
}
