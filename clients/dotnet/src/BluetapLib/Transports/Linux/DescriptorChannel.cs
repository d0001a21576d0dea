using System;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>A channel over an open file of a device: reads with <c>poll</c>, which a close wakes.</summary>
    internal abstract class DescriptorChannel : GuardedChannel
    {
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

        /// <inheritdoc/>
        protected override byte[] ReadNow(TimeLimit limit)
        {
            while (true)
            {
                short seen = File.Wait(Libc.PollIn, WakeUp, limit);
                if (IsClosed) throw Advice.Closed(Name);
                if (seen == 0) return Nothing;
                // Bytes that came before an unplug are read first.
                if ((seen & Libc.PollIn) == 0) throw End(Advice.Unplugged(Name));
                byte[] bytes = TakeBytes();
                if (bytes.Length > 0) return bytes;
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
            if (count == 0) throw End(Advice.Unplugged(Name));
            if (count < 0)
            {
                int error = Files.LastError();
                if (error == Errno.Interrupted || error == Errno.TryAgain) return Nothing;
                throw End(ErrorOf(error));
            }
            Array.Resize(ref buffer, count);
            return buffer;
        }
    }
}
