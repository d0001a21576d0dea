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
    }
}
