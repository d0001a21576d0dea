using System;

namespace BluetapLib.Protocol
{
    /// <summary>
    /// Consistent Overhead Byte Stuffing, docs/protocol.md section 1. No frame is so long that a piece of 254 bytes
    /// could occur, so that case of general COBS does not exist here.
    /// </summary>
    internal static class Cobs
    {
        /// <summary>Returns the encoded frame with both delimiters .</summary>
        public static byte[] EncodeWithDelimiters(byte[] frame)
        {
            // The last byte stays 00: it is the closing delimiter.
            byte[] wire = new byte[frame.Length + 3];
            int codeAt = 1;
            for (int at = 0; at < frame.Length; at++)
            {
                int place = at + 2;
                if (frame[at] != 0)
                {
                    wire[place] = frame[at];
                    continue;
                }

                wire[codeAt] = (byte)(place - codeAt);
                codeAt = place;
            }

            wire[codeAt] = (byte)(frame.Length + 2 - codeAt);
            return wire;
        }

        /// <summary>Returns the frame, or null if the bytes are damaged. They contain no delimiter.</summary>
        public static byte[] Decode(byte[] encoded, int count)
        {
            if (count == 0)
            {
                return null;
            }

            byte[] frame = new byte[count - 1];
            int written = 0;
            for (int at = 0; at < count;)
            {
                int end = at + encoded[at];
                if (encoded[at] == 0 || end > count)
                {
                    return null;
                }

                int length = end - at - 1;
                Array.Copy(encoded, at + 1, frame, written, length);
                // Each code but the last stands for a 00, and the array is full of them already.
                written += length + 1;
                at = end;
            }

            return frame;
        }
    }
}
