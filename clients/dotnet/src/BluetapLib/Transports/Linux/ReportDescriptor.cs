namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// Reads the usage of the first collection from a HID report descriptor (HID 1.11, section 6.2.2).
    /// </summary>
    internal static class ReportDescriptor
    {
        private const byte LongItem = 0xfe;
        private const byte TagAndType = 0xfc;
        private const byte UsagePageItem = 0x04;
        private const byte UsageItem = 0x08;
        private const byte CollectionItem = 0xa0;

        /// <summary>Reads the usage page and the usage.</summary>
        /// <param name="descriptor">The bytes of the descriptor.</param>
        /// <param name="page">The usage page, or null if the descriptor does not tell it.</param>
        /// <param name="usage">The usage, or null.</param>
        internal static void ReadUsage(byte[] descriptor, out int? page, out int? usage)
        {
            page = null;
            usage = null;
            for (int at = 0; at < descriptor.Length;)
            {
                byte head = descriptor[at];
                // A long item has its own length byte. No device uses one, but a descriptor may contain it.
                int length = head == LongItem ? LongLength(descriptor, at) : ShortLength(head);
                if (at + 1 + length > descriptor.Length || (head & TagAndType) == CollectionItem) return;
                int value = ValueOf(descriptor, at + 1, length);
                if ((head & TagAndType) == UsagePageItem && page == null) page = value;
                if ((head & TagAndType) == UsageItem && usage == null)
                {
                    usage = value & 0xffff;
                    // A usage of four bytes contains its page.
                    if (length == 4) page = (value >> 16) & 0xffff;
                }
                at += 1 + length;
            }
        }

        private static int ShortLength(byte head)
        {
            int size = head & 0x03;
            return size == 3 ? 4 : size;
        }

        private static int LongLength(byte[] descriptor, int at)
        {
            return at + 1 < descriptor.Length ? 2 + descriptor[at + 1] : 2;
        }

        private static int ValueOf(byte[] bytes, int at, int length)
        {
            int value = 0;
            for (int index = 0; index < length && index < 4; index++) value |= bytes[at + index] << (8 * index);
            return value;
        }
    }
}
