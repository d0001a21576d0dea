using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>A channel over a connected socket. It uses no thread of its own.</summary>
    internal sealed class SocketChannel : IChannel
    {
        private const int ReadLength = 4096;
        private static readonly byte[] Nothing = new byte[0];

        /// <summary>
        /// How long one wait lasts. Elsewhere, a shutdown wakes a wait. On Windows that is not promised, so a wait there
        /// looks ten times a second whether the channel was closed.
        /// </summary>
        private static readonly int LongestWaitMs =
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? 100 : 1_000_000;

        private readonly SocketTarget _target;
        private readonly Socket _socket;
        private readonly CallsInside _calls;
        private readonly Turn _reading = new Turn();
        private readonly Turn _writing = new Turn();
        private volatile TransportException _ended;

        /// <summary>Makes a channel of a connected socket that does not block. The channel closes it.</summary>
        internal SocketChannel(SocketTarget target, Socket socket)
        {
            _target = target;
            _socket = socket;
            _calls = new CallsInside(socket.Dispose);
        }

        /// <inheritdoc/>
        public byte[] Read(TimeSpan timeout)
        {
            TimeLimit limit = TimeLimit.After(timeout);
            return _reading.Take(limit, () => Inside(() => ReadNow(limit)), () => Nothing);
        }

        /// <inheritdoc/>
        public void Write(byte[] data, TimeSpan timeout)
        {
            if (data == null) throw new ArgumentNullException(nameof(data));
            TimeLimit limit = TimeLimit.After(timeout);
            _writing.Take(
                limit,
                () => Inside(() => WriteNow(data, limit)),
                () => throw Advice.WriteTimeout(_target.Shown, limit.TotalMs));
        }

        /// <summary>Closes the connection.</summary>
        public void Dispose()
        {
            _calls.Close(Wake);
        }

        private byte[] ReadNow(TimeLimit limit)
        {
            if (_ended != null) throw Ended();
            var buffer = new byte[ReadLength];
            while (true)
            {
                int count = _socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out SocketError error);
                if (_calls.IsClosed) throw Advice.Closed(_target.Shown);
                if (error == SocketError.Success && count == 0) throw End(SocketErrors.FarEndClosed(_target));
                if (error == SocketError.Success)
                {
                    Array.Resize(ref buffer, count);
                    return buffer;
                }
                if (!MustWait(error)) throw End(SocketErrors.Broken(_target, error));
                if (limit.IsOver) return Nothing;
                Wait(SelectMode.SelectRead, limit);
            }
        }

        private byte[] WriteNow(byte[] data, TimeLimit limit)
        {
            if (_ended != null) throw Ended();
            for (int at = 0; at < data.Length;)
            {
                int count = _socket.Send(data, at, data.Length - at, SocketFlags.None, out SocketError error);
                if (_calls.IsClosed) throw Advice.Closed(_target.Shown);
                if (error == SocketError.Success) at += count;
                else if (!MustWait(error)) throw End(SocketErrors.Broken(_target, error));
                else if (limit.IsOver) throw Advice.WriteTimeout(_target.Shown, limit.TotalMs);
                else Wait(SelectMode.SelectWrite, limit);
            }
            return Nothing;
        }

        private static bool MustWait(SocketError error)
        {
            return error == SocketError.WouldBlock || error == SocketError.IOPending
                || error == SocketError.Interrupted || error == SocketError.NoBufferSpaceAvailable;
        }

        private void Wait(SelectMode mode, TimeLimit limit)
        {
            _socket.Poll(Math.Min(limit.LeftMs, LongestWaitMs) * 1000, mode);
        }

        private byte[] Inside(Func<byte[]> call)
        {
            if (!_calls.TryEnter()) throw Advice.Closed(_target.Shown);
            try
            {
                return call();
            }
            catch (SocketException error)
            {
                throw _calls.IsClosed ? Advice.Closed(_target.Shown) : End(SocketErrors.Broken(_target, error.SocketErrorCode));
            }
            finally
            {
                _calls.Leave();
            }
        }

        /// <summary>Keeps the first reason why the connection ended. Each later call reports it.</summary>
        private TransportException End(TransportException error)
        {
            if (_ended == null) _ended = error;
            return error;
        }

        private TransportException Ended()
        {
            TransportException first = _ended;
            return new TransportException(first.Code, first.Message, first);
        }

        private void Wake()
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception error) when (error is SocketException || error is ObjectDisposedException)
            {
                // The connection has already ended, so nothing waits.
            }
        }
    }
}
