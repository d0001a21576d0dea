using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Windows
{
    /// <summary>
    /// The functions of kernel32.dll that the transports use, with the names of Microsoft's documentation.
    /// </summary>
    internal static class Kernel32
    {
        internal const uint GenericRead = 0x80000000;
        internal const uint GenericWrite = 0x40000000;
        internal const uint ShareReadAndWrite = 0x3;
        internal const uint OpenExisting = 3;
        internal const uint Overlapped = 0x40000000;

        /// <summary>DCB: the settings of a serial port, 28 bytes.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct PortSettings
        {
            internal uint Length;
            internal uint BaudRate;
            internal uint Flags;
            internal ushort Reserved;
            internal ushort XonLimit;
            internal ushort XoffLimit;
            internal byte ByteSize;
            internal byte Parity;
            internal byte StopBits;
            internal byte XonCharacter;
            internal byte XoffCharacter;
            internal byte ErrorCharacter;
            internal byte EndCharacter;
            internal byte EventCharacter;
            internal ushort Reserved1;
        }

        /// <summary>COMMTIMEOUTS, in milliseconds.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct PortTimeouts
        {
            internal uint ReadInterval;
            internal uint ReadTotalMultiplier;
            internal uint ReadTotalConstant;
            internal uint WriteTotalMultiplier;
            internal uint WriteTotalConstant;
        }

        [DllImport("kernel32.dll", EntryPoint = "CreateFileW", CharSet = CharSet.Unicode, SetLastError = true)]
        internal static extern SafeFileHandle CreateFile(
            string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool ReadFile(
            SafeFileHandle file, IntPtr buffer, uint count, IntPtr read, IntPtr overlapped);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool WriteFile(
            SafeFileHandle file, IntPtr buffer, uint count, IntPtr written, IntPtr overlapped);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool GetOverlappedResult(
            SafeFileHandle file, IntPtr overlapped, out uint count, [MarshalAs(UnmanagedType.Bool)] bool wait);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool CancelIoEx(SafeFileHandle file, IntPtr overlapped);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool GetCommState(SafeFileHandle file, ref PortSettings settings);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool SetCommState(SafeFileHandle file, ref PortSettings settings);

        [DllImport("kernel32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static extern bool SetCommTimeouts(SafeFileHandle file, ref PortTimeouts timeouts);
    }
}
