namespace BluetapLib.Protocol
{
    /// <summary>The numbers of docs/protocol.md, sections 1 to 3.</summary>
    internal static class Limits
    {
        public const int Version = 1;
        public const int HeaderLength = 5;
        public const int CrcLength = 4;

        /// <summary>The longest encoded frame in bytes, without its delimiters .</summary>
        public const int MaxEncodedLength = 128;

        public const int MaxPayloadLength = MaxEncodedLength - 1 - HeaderLength - CrcLength;

        /// <summary>A tag from this number on is critical .</summary>
        public const int FirstCriticalTag = 0x80;

        /// <summary>The silence in milliseconds that ends a partial frame .</summary>
        public const int PartialFrameMs = 1000;

        /// <summary>The expiry time in seconds that an absent field means.</summary>
        public const int DefaultExpiryTime = 900;
    }
}
