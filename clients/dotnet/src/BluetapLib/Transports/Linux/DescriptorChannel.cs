using System;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// A channel over an open file of a device or a socket. It waits with <c>poll</c>, which a close wakes, and uses no
    /// thread. The file does not block, unless the channel writes in its own way.
    /// </summary>
    internal abstract class DescriptorChannel : GuardedChannel
    {
        private const int PieceLength = 65536;
        private readonly int _readLength;

        /// <summary>Makes a channel of an open file. The channel closes it.</summary>
        /// <param name="name">The device in a message.</param>
        /// <param name="file">The open file.</param>
        /// <param name="readLength">How many bytes one read takes at most.</param>
        protected DescriptorChannel(string name, Descriptor file, int readLength)
            : base(name)
        {
            File = file;
            WakeUp = Descriptor.ForWaking();
            _readLength = readLength;
        }

        /// <summary>The open file.</summary>
        protected Descriptor File { get; }

        /// <summary>Ends a wait for the file.</summary>
        protected Descriptor WakeUp { get; }

        /// <summary>The error for an error number of a read or write. Every such error ends the channel.</summary>
        protected abstract TransportException ErrorOf(int number);

        /// <summary>The error for an end without an error number.</summary>
        protected virtual TransportException Gone()
        {
            return Advice.Unplugged(Name);
        }

        /// <summary>Gives bytes to the system, at least one if it takes any now.</summary>
        /// <returns>How many it took, or -1 with the error number.</returns>
        protected virtual int Send(byte[] data)
        {
            return (int)Libc.Write(File.Number, data, (UIntPtr)data.Length);
        }

        /// <inheritdoc/>
        protected override byte[] ReadNow(TimeLimit limit)
        {
            while (true)
            {
                short seen = File.Wait(Libc.PollIn, WakeUp, limit);
                if (IsClosed) throw Advice.Closed(Name);
                if (seen == 0) return Nothing;
                // Bytes that came before an unplug are read first.
                if ((seen & Libc.PollIn) == 0) throw End(Gone());
                byte[] bytes = TakeBytes();
                if (bytes.Length > 0) return bytes;
            }
        }

        /// <inheritdoc/>
        protected override void WriteNow(byte[] data, TimeLimit limit)
        {
            for (int at = 0; at < data.Length;)
            {
                int count = Send(Piece(data, at));
                int error = count < 0 ? Files.LastError() : 0;
                if (count > 0) at += count;
                else if (error != 0 && error != Errno.TryAgain && error != Errno.Interrupted) throw End(ErrorOf(error));
                else WaitForRoom(limit);
                if (IsClosed) throw Advice.Closed(Name);
            }
        }

        /// <inheritdoc/>
        protected override void Wake()
        {
            WakeUp.Signal();
        }

        /// <inheritdoc/>
        protected override void Free()
        {
            File.Dispose();
            WakeUp.Dispose();
        }

        private byte[] TakeBytes()
        {
            var buffer = new byte[_readLength];
            var count = (int)Libc.Read(File.Number, buffer, (UIntPtr)buffer.Length);
            if (count == 0) throw End(Gone());
            if (count < 0)
            {
                int error = Files.LastError();
                if (error == Errno.Interrupted || error == Errno.TryAgain) return Nothing;
                throw End(ErrorOf(error));
            }
            Array.Resize(ref buffer, count);
            return buffer;
        }

        private void WaitForRoom(TimeLimit limit)
        {
            if (limit.IsOver) throw Advice.WriteTimeout(Name, limit.TotalMs);
            File.Wait(Libc.PollOut, WakeUp, limit);
        }

        /// <summary>The bytes from an offset on, at most one piece. A frame is one piece and is not copied.</summary>
        private static byte[] Piece(byte[] data, int at)
        {
            if (at == 0 && data.Length <= PieceLength) return data;
            var piece = new byte[Math.Min(PieceLength, data.Length - at)];
            Array.Copy(data, at, piece, 0, piece.Length);
            return piece;
        }
    }
}
