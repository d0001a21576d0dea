using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace BluetapLib.Transports.Windows
{
    /// <summary>Lists device interfaces with setupapi.dll.</summary>
    internal static class SetupApi
    {
        private const uint PresentInterfaces = 0x02 | 0x10;
        private const int PathOffset = 4;
        private static readonly IntPtr NoSet = new IntPtr(-1);

        /// <summary>The paths of the attached devices of a class, each an argument of CreateFile.</summary>
        /// <param name="kind">The class, for example the one of HID.</param>
        /// <param name="error">The error number of Windows, or 0.</param>
        internal static IReadOnlyList<string> PathsOf(Guid kind, out int error)
        {
            var paths = new List<string>();
            error = 0;
            IntPtr set = GetClassDevs(ref kind, IntPtr.Zero, IntPtr.Zero, PresentInterfaces);
            if (set == NoSet)
            {
                error = Marshal.GetLastWin32Error();
                return paths;
            }
            try
            {
                for (uint index = 0; ; index++)
                {
                    var entry = new InterfaceData { Size = (uint)Marshal.SizeOf(typeof(InterfaceData)) };
                    if (!EnumDeviceInterfaces(set, IntPtr.Zero, ref kind, index, ref entry))
                    {
                        int last = Marshal.GetLastWin32Error();
                        error = last == WindowsErrors.NoMoreItems ? 0 : last;
                        return paths;
                    }
                    string path = PathOf(set, ref entry);
                    if (path != null) paths.Add(path);
                }
            }
            finally
            {
                DestroyDeviceInfoList(set);
            }
        }

        /// <summary>
        /// The size that SP_DEVICE_INTERFACE_DETAIL_DATA_W must contain: its fixed part as the C compiler of Windows
        /// lays it out, with one wide character. It is packed to one byte only where a pointer has four.
        /// </summary>
        internal static int DetailSize(int pointerBytes)
        {
            return pointerBytes == 8 ? 8 : 6;
        }

        private static string PathOf(IntPtr set, ref InterfaceData entry)
        {
            // The first call only tells the length. A device can go away before the second.
            GetDetail(set, ref entry, IntPtr.Zero, 0, out uint length, IntPtr.Zero);
            if (length <= PathOffset) return null;
            IntPtr detail = Marshal.AllocHGlobal((int)length);
            try
            {
                Marshal.WriteInt32(detail, DetailSize(IntPtr.Size));
                return GetDetail(set, ref entry, detail, length, out length, IntPtr.Zero)
                    ? Marshal.PtrToStringUni(IntPtr.Add(detail, PathOffset))
                    : null;
            }
            finally
            {
                Marshal.FreeHGlobal(detail);
            }
        }

        /// <summary>SP_DEVICE_INTERFACE_DATA.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct InterfaceData
        {
            internal uint Size;
            internal Guid Class;
            internal uint Flags;
            internal UIntPtr Reserved;
        }

        [DllImport("setupapi.dll", EntryPoint = "SetupDiGetClassDevsW", SetLastError = true)]
        private static extern IntPtr GetClassDevs(ref Guid kind, IntPtr enumerator, IntPtr window, uint flags);

        [DllImport("setupapi.dll", EntryPoint = "SetupDiEnumDeviceInterfaces", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool EnumDeviceInterfaces(
            IntPtr set, IntPtr device, ref Guid kind, uint index, ref InterfaceData entry);

        [DllImport("setupapi.dll", EntryPoint = "SetupDiGetDeviceInterfaceDetailW", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool GetDetail(
            IntPtr set, ref InterfaceData entry, IntPtr detail, uint length, out uint needed, IntPtr device);

        [DllImport("setupapi.dll", EntryPoint = "SetupDiDestroyDeviceInfoList", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool DestroyDeviceInfoList(IntPtr set);
    }
}
