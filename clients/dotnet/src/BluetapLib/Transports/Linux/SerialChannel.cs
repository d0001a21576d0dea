using System;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>A channel over an open serial port that does not block.</summary>
    internal sealed class SerialChannel : DescriptorChannel
    {
        private const int ReadLength = 4096;

        /// <summary>Makes a channel of an open port. The channel closes it.</summary>
        internal SerialChannel(string name, Descriptor port)
            : base(name, port, ReadLength)
        {
        }

        /// <inheritdoc/>
        protected override void WriteNow(byte[] data, TimeLimit limit)
        {
            byte[] rest = data;
            while (rest.Length > 0)
            {
                var count = (int)Libc.Write(File.Number, rest, (UIntPtr)rest.Length);
                int error = count < 0 ? Files.LastError() : 0;
                if (count > 0) rest = After(rest, count);
                else if (error != 0 && error != Errno.TryAgain && error != Errno.Interrupted) throw End(ErrorOf(error));
                else WaitForRoom(limit);
                if (IsClosed) throw Advice.Closed(Name);
            }
        }

        /// <inheritdoc/>
        protected override TransportException ErrorOf(int number)
        {
            return Advice.Unplugged(Name);
        }

        /// <inheritdoc/>
        protected override void Free()
        {
            SerialPort.Release(File.Number);
            base.Free();
        }

        private void WaitForRoom(TimeLimit limit)
        {
            if (limit.IsOver) throw Advice.WriteTimeout(Name, limit.TotalMs);
            File.Wait(Libc.PollOut, WakeUp, limit);
        }

        private static byte[] After(byte[] data, int count)
        {
            var rest = new byte[data.Length - count];
            Array.Copy(data, count, rest, 0, rest.Length);
            return rest;
        }
    }
}
