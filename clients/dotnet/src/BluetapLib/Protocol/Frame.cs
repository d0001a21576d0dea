namespace BluetapLib.Protocol
{
    /// <summary>Why a receiver drops a frame without an answer .</summary>
    internal enum FrameDamage
    {
        None,
        Oversize,
        Cobs,
        TooShort,
        Crc,

        /// <summary>No byte has come for a second, and the frame has no end yet .</summary>
        Incomplete,
    }

    /// <summary>A frame before its payload is read, docs/protocol.md section 2.</summary>
    internal sealed class Frame
    {
        public Frame(int version, int type, int session, int sequence, byte[] payload)
        {
            Version = version;
            Type = type;
            Session = session;
            Sequence = sequence;
            Payload = payload;
        }

        public int Version { get; }

        public int Type { get; }

        public int Session { get; }

        public int Sequence { get; }

        public byte[] Payload { get; }

        /// <summary>Reads the encoded bytes between two delimiters.</summary>
        /// <returns>The frame, or null with <paramref name="damage"/>.</returns>
        public static Frame Read(byte[] encoded, int count, out FrameDamage damage)
        {
            byte[] bytes = null;
            damage = FrameDamage.None;
            if (count > Limits.MaxEncodedLength)
            {
                damage = FrameDamage.Oversize;
            }
            else if ((bytes = Cobs.Decode(encoded, count)) == null)
            {
                damage = FrameDamage.Cobs;
            }
            else if (bytes.Length < Limits.HeaderLength + Limits.CrcLength)
            {
                damage = FrameDamage.TooShort;
            }
            else if (Crc32C.Of(bytes, bytes.Length - Limits.CrcLength) !=
                Numbers.Read(bytes, bytes.Length - Limits.CrcLength, Limits.CrcLength))
            {
                damage = FrameDamage.Crc;
            }

            if (damage != FrameDamage.None)
            {
                return null;
            }

            byte[] payload = new byte[bytes.Length - Limits.HeaderLength - Limits.CrcLength];
            System.Array.Copy(bytes, Limits.HeaderLength, payload, 0, payload.Length);
            return new Frame(bytes[0], bytes[1], (int)Numbers.Read(bytes, 2, 2), bytes[4], payload);
        }

        /// <summary>Returns the bytes of the wire, with both delimiters.</summary>
        public byte[] ToWire()
        {
            int length = Limits.HeaderLength + Payload.Length;
            byte[] bytes = new byte[length + Limits.CrcLength];
            bytes[0] = (byte)Version;
            bytes[1] = (byte)Type;
            Numbers.Write((uint)Session, bytes, 2, 2);
            bytes[4] = (byte)Sequence;
            Payload.CopyTo(bytes, Limits.HeaderLength);
            Numbers.Write(Crc32C.Of(bytes, length), bytes, length, Limits.CrcLength);
            return Cobs.EncodeWithDelimiters(bytes);
        }
    }
}
