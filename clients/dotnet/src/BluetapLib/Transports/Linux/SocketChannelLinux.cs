using System;
using BluetapLib.Transports.Sockets;

namespace BluetapLib.Transports.Linux
{
    /// <summary>A channel over a connected socket of Linux that does not block.</summary>
    internal sealed class SocketChannelLinux : DescriptorChannel
    {
        private const int ReadLength = 4096;
        private readonly SocketTarget _target;

        /// <summary>Makes a channel of a connected socket. The channel closes it.</summary>
        internal SocketChannelLinux(SocketTarget target, Descriptor socket)
            : base(target.Shown, socket, ReadLength)
        {
            _target = target;
        }

        /// <inheritdoc/>
        protected override int Send(byte[] data)
        {
            // A write to a broken connection would otherwise send a signal, which ends a program that does not expect
            // it.
            return (int)Libc.Send(File.Number, data, (UIntPtr)data.Length, Libc.NoSignal);
        }

        /// <inheritdoc/>
        protected override TransportException ErrorOf(int number)
        {
            return SocketErrors.Broken(_target, Errno.InWords(number));
        }

        /// <inheritdoc/>
        protected override TransportException Gone()
        {
            return SocketErrors.FarEndClosed(_target);
        }
    }
}
