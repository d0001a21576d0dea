namespace BluetapLib.Transports.Common
{
    /// <summary>How a BlueTap device is recognised at USB (docs/protocol.md, section 7).</summary>
    internal static class BluetapUsb
    {
        /// <summary>The USB vendor id.</summary>
        internal const int VendorId = 0x1209;

        /// <summary>The USB product id. All BlueTap devices have the same pair of ids.</summary>
        internal const int ProductId = 0x0001;

        /// <summary>The usage page of the HID function.</summary>
        internal const int UsagePage = 0xff00;

        /// <summary>The usage of the HID function.</summary>
        internal const int Usage = 0x01;

        /// <summary>True for the ids of a BlueTap device.</summary>
        internal static bool Is(int vendorId, int productId)
        {
            return vendorId == VendorId && productId == ProductId;
        }

        /// <summary>True for the usage of the HID function, and for a usage that the system does not tell.</summary>
        internal static bool IsUsage(int? usagePage, int? usage)
        {
            return (usagePage ?? UsagePage) == UsagePage && (usage ?? Usage) == Usage;
        }
    }
}
