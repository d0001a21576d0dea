namespace BluetapLib.Protocol
{
    /// <summary>Little-endian numbers of 1 to 4 bytes.</summary>
    internal static class Numbers
    {
        public static uint Read(byte[] bytes, int at, int size)
        {
            uint value = 0;
            for (int place = size - 1; place >= 0; place--)
            {
                value = (value << 8) | bytes[at + place];
            }

            return value;
        }

        public static void Write(uint value, byte[] bytes, int at, int size)
        {
            for (int place = 0; place < size; place++)
            {
                bytes[at + place] = (byte)(value >> (8 * place));
            }
        }
    }
}
