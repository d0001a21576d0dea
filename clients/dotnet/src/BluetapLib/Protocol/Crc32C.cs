namespace BluetapLib.Protocol
{
    /// <summary>CRC-32C (Castagnoli), docs/protocol.md section 2.</summary>
    internal static class Crc32C
    {
        private const uint Polynomial = 0x82F63B78;
        private static readonly uint[] Table = CreateTable();

        /// <summary>Returns the CRC of the first <paramref name="count"/> bytes.</summary>
        public static uint Of(byte[] bytes, int count)
        {
            uint crc = 0xFFFFFFFF;
            for (int at = 0; at < count; at++)
            {
                crc = (crc >> 8) ^ Table[(crc ^ bytes[at]) & 0xFF];
            }

            return crc ^ 0xFFFFFFFF;
        }

        private static uint[] CreateTable()
        {
            uint[] table = new uint[256];
            for (uint value = 0; value < table.Length; value++)
            {
                uint crc = value;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
                }

                table[value] = crc;
            }

            return table;
        }
    }
}
