using System;
using System.Collections.Generic;
using System.Linq;
using BluetapLib.Transports;

namespace BluetapTests.Transports.Kit
{
    /// <summary>The other end of a channel: what the suite needs from a device.</summary>
    internal abstract class FarEnd : IDisposable
    {
        private readonly List<byte> _received = new List<byte>();

        /// <summary>The transport to this device.</summary>
        internal abstract ITransport Transport { get; }

        /// <summary>True if a second program can open the device at the same time.</summary>
        internal virtual bool CanBeOpenedTwice => true;

        /// <summary>True if bytes that were sent before an unplug can still be read.</summary>
        internal virtual bool KeepsBytesAtUnplug => false;

        /// <summary>Opens a channel.</summary>
        internal IChannel Open()
        {
            IChannel channel = Transport.Open(Transport.List()[0], Must.Limit);
            Accept();
            return channel;
        }

        /// <summary>Sees the channel that was opened.</summary>
        internal virtual void Accept()
        {
        }

        /// <summary>Sends bytes to the host. It can wait until the host reads.</summary>
        internal abstract void Send(byte[] data);

        /// <summary>Waits for bytes of the host, at least one.</summary>
        internal abstract byte[] Take();

        /// <summary>The device goes away. It cannot be opened afterwards.</summary>
        internal abstract void Unplug();

        /// <summary>Waits for bytes of the host that are not zero, and returns them.</summary>
        internal byte[] Receive(int count)
        {
            while (_received.Count < count) _received.AddRange(Take().Where(one => one != 0));
            byte[] taken = _received.Take(count).ToArray();
            _received.RemoveRange(0, count);
            return taken;
        }

        /// <inheritdoc/>
        public abstract void Dispose();

        /// <summary>Reads bytes that are not zero from a channel until there are enough.</summary>
        internal static byte[] ReadFrom(IChannel channel, int count)
        {
            var bytes = new List<byte>();
            while (bytes.Count < count)
            {
                byte[] some = channel.Read(Must.Limit);
                Must.Hold(some.Length > 0, $"{count} bytes reach the host, after {bytes.Count}");
                bytes.AddRange(some.Where(one => one != 0));
            }
            return bytes.ToArray();
        }

        /// <summary>Bytes from 1 to 255, over and over.</summary>
        internal static byte[] Numbered(int count, int first = 0)
        {
            return Enumerable.Range(first, count).Select(index => (byte)(1 + (index % 255))).ToArray();
        }

        /// <summary>The bytes between two delimiters.</summary>
        internal static byte[] Delimited(byte[] frame)
        {
            return new byte[] { 0 }.Concat(frame).Concat(new byte[] { 0 }).ToArray();
        }
    }
}
