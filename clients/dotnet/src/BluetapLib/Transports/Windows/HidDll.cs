using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Windows
{
    /// <summary>The functions of hid.dll that the transport uses. Their BOOLEAN has one byte, unlike BOOL.</summary>
    internal static class HidDll
    {
        /// <summary>HIDP_STATUS_SUCCESS.</summary>
        internal const int Success = 0x00110000;

        /// <summary>HIDD_ATTRIBUTES.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Attributes
        {
            internal uint Size;
            internal ushort VendorId;
            internal ushort ProductId;
            internal ushort Version;
        }

        /// <summary>HIDP_CAPS, 64 bytes. Only its first numbers are used.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Capabilities
        {
            internal ushort Usage;
            internal ushort UsagePage;
            internal ushort InputLength;
            internal ushort OutputLength;
            internal ushort FeatureLength;
            [MarshalAs(UnmanagedType.ByValArray, SizeConst = 27)]
            internal ushort[] Others;
        }

        [DllImport("hid.dll", EntryPoint = "HidD_GetHidGuid")]
        internal static extern void GetHidGuid(out Guid guid);

        [DllImport("hid.dll", EntryPoint = "HidD_GetAttributes", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        internal static extern bool GetAttributes(SafeFileHandle device, ref Attributes attributes);

        [DllImport("hid.dll", EntryPoint = "HidD_GetSerialNumberString", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        internal static extern bool GetSerialNumber(SafeFileHandle device, byte[] buffer, uint length);

        [DllImport("hid.dll", EntryPoint = "HidD_GetProductString", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        internal static extern bool GetProduct(SafeFileHandle device, byte[] buffer, uint length);

        [DllImport("hid.dll", EntryPoint = "HidD_GetPreparsedData", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        internal static extern bool GetPreparsedData(SafeFileHandle device, out IntPtr data);

        [DllImport("hid.dll", EntryPoint = "HidD_FreePreparsedData", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.U1)]
        internal static extern bool FreePreparsedData(IntPtr data);

        [DllImport("hid.dll", EntryPoint = "HidP_GetCaps")]
        internal static extern int GetCapabilities(IntPtr data, out Capabilities capabilities);
    }
}
