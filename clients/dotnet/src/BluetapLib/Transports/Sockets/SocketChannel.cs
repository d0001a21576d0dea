using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>A channel over a connected socket of .NET, on systems other than Linux. It uses no thread.</summary>
    internal sealed class SocketChannel : GuardedChannel
    {
        private const int ReadLength = 4096;

        /// <summary>
        /// How many bytes are written at once. A socket with room has room for so many. Mono repeats a Send without a
        /// pause until it has taken everything, so a longer one would have no time limit.
        /// </summary>
        private const int WriteLength = 1024;

        /// <summary>
        /// How long one wait lasts. Elsewhere, a shutdown wakes a wait. On Windows that is not promised, so a wait
        /// there looks ten times a second whether the channel was closed.
        /// </summary>
        private static readonly int LongestWaitMs =
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? 100 : 1_000_000;

        private readonly SocketTarget _target;
        private readonly Socket _socket;

        /// <summary>Makes a channel of a connected socket that does not block. The channel closes it.</summary>
        internal SocketChannel(SocketTarget target, Socket socket)
            : base(target.Shown)
        {
            _target = target;
            _socket = socket;
        }

        /// <inheritdoc/>
        protected override byte[] ReadNow(TimeLimit limit)
        {
            var buffer = new byte[ReadLength];
            while (true)
            {
                int count = _socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out SocketError error);
                if (IsClosed) throw Advice.Closed(Name);
                if (error == SocketError.Success && count == 0) throw End(SocketErrors.FarEndClosed(_target));
                if (error == SocketError.Success)
                {
                    Array.Resize(ref buffer, count);
                    return buffer;
                }
                if (!MustWait(error)) throw End(Broken(error));
                if (limit.IsOver) return Nothing;
                Wait(SelectMode.SelectRead, limit);
            }
        }

        /// <inheritdoc/>
        protected override void WriteNow(byte[] data, TimeLimit limit)
        {
            for (int at = 0; at < data.Length;)
            {
                bool hasRoom = Wait(SelectMode.SelectWrite, limit);
                if (IsClosed) throw Advice.Closed(Name);
                if (!hasRoom && limit.IsOver) throw Advice.WriteTimeout(Name, limit.TotalMs);
                if (!hasRoom) continue;
                int length = Math.Min(WriteLength, data.Length - at);
                int count = _socket.Send(data, at, length, SocketFlags.None, out SocketError error);
                if (IsClosed) throw Advice.Closed(Name);
                if (error == SocketError.Success) at += count;
                else if (!MustWait(error)) throw End(Broken(error));
            }
        }

        /// <inheritdoc/>
        protected override void Wake()
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The connection has already ended, so nothing waits.
            }
        }

        /// <inheritdoc/>
        protected override void Free()
        {
            _socket.Dispose();
        }

        private TransportException Broken(SocketError error)
        {
            return SocketErrors.Broken(_target, new SocketException((int)error).Message);
        }

        private static bool MustWait(SocketError error)
        {
            return error == SocketError.WouldBlock || error == SocketError.IOPending
                || error == SocketError.Interrupted || error == SocketError.NoBufferSpaceAvailable;
        }

        private bool Wait(SelectMode mode, TimeLimit limit)
        {
            try
            {
                return _socket.Poll(Math.Min(limit.LeftMs, LongestWaitMs) * 1000, mode);
            }
            catch (SocketException error)
            {
                throw End(Broken(error.SocketErrorCode));
            }
        }
    }
}
