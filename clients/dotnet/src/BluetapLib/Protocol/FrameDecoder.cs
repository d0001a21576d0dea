using System;

namespace BluetapLib.Protocol
{
    /// <summary>
    /// Cuts a stream of bytes into frames, docs/protocol.md section 1. It takes any bytes, in any pieces, and needs a
    /// buffer of one frame.
    /// </summary>
    internal sealed class FrameDecoder
    {
        private readonly Action<Frame> onFrame;
        private readonly Action<FrameDamage> onDrop;

        /// <summary>One byte more than a frame: the 129th byte shows that the frame is too long .</summary>
        private readonly byte[] encoded = new byte[Limits.MaxEncodedLength + 1];

        private int held;
        private long lastByteMs;

        public FrameDecoder(Action<Frame> onFrame, Action<FrameDamage> onDrop)
        {
            this.onFrame = onFrame;
            this.onDrop = onDrop;
        }

        /// <summary>Takes bytes from the device.</summary>
        /// <param name="bytes">Any number of bytes.</param>
        /// <param name="nowMs">The time of a monotonic clock in milliseconds.</param>
        public void Push(byte[] bytes, long nowMs)
        {
            if (held > 0 && nowMs - lastByteMs >= Limits.PartialFrameMs)
            {
                Reset();
            }

            lastByteMs = nowMs;
            foreach (byte each in bytes)
            {
                if (each != 0)
                {
                    // The bytes after the 129th are not kept.
                    held = Math.Min(held, encoded.Length - 1);
                    encoded[held++] = each;
                }
                else if (held > 0)
                {
                    Complete();
                }
            }
        }

        /// <summary>Forgets a partial frame.</summary>
        public void Reset()
        {
            if (held == 0)
            {
                return;
            }

            FrameDamage damage = held > Limits.MaxEncodedLength ? FrameDamage.Oversize : FrameDamage.Incomplete;
            held = 0;
            onDrop(damage);
        }

        private void Complete()
        {
            int count = held;
            held = 0;
            Frame frame = Frame.Read(encoded, count, out FrameDamage damage);
            if (frame == null)
            {
                onDrop(damage);
            }
            else
            {
                onFrame(frame);
            }
        }
    }
}
