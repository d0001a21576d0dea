using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>Connects a socket of .NET within a time limit, on systems other than Linux.</summary>
    internal static class SocketConnect
    {
        private const int RetryMs = 10;

        /// <summary>Connects to a target: to the first address of its name that answers.</summary>
        /// <exception cref="TransportException">No address answered in time.</exception>
        internal static IChannel To(SocketTarget target, TimeLimit limit)
        {
            return SocketNames.First(
                target, limit, address => new SocketChannel(target, ConnectTo(target, address, limit)));
        }

        private static Socket ConnectTo(SocketTarget target, IPAddress address, TimeLimit limit)
        {
            return target.Path != null
                ? Connect(target, new UnixEndPoint(target.Path), ProtocolType.Unspecified, limit)
                : Connect(target, new IPEndPoint(address, target.Port), ProtocolType.Tcp, limit);
        }

        private static Socket Connect(SocketTarget target, EndPoint to, ProtocolType protocol, TimeLimit limit)
        {
            Socket socket = null;
            try
            {
                socket = new Socket(to.AddressFamily, SocketType.Stream, protocol) { Blocking = false };
                // A frame is small. It must not wait for the answer to the segment before it.
                if (protocol == ProtocolType.Tcp) socket.NoDelay = true;
                bool isDone = target.Path != null
                    ? IsTaken(socket, to, limit)
                    : IsBegun(socket, to) && IsDone(socket, limit);
                if (!isDone) throw SocketErrors.ConnectTimeout(target, limit.TotalMs);
                var result = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
                if (result != 0) throw new SocketException(result);
                return socket;
            }
            catch (Exception error)
            {
                socket?.Dispose();
                if (error is SocketException system)
                {
                    throw SocketErrors.OfConnect(target, system.SocketErrorCode, system.Message);
                }
                throw;
            }
        }

        /// <summary>Begins a connection over TCP. The system goes on in the background.</summary>
        private static bool IsBegun(Socket socket, EndPoint to)
        {
            try
            {
                socket.Connect(to);
            }
            catch (SocketException error) when (IsPending(error.SocketErrorCode))
            {
                // IsDone waits for it.
            }
            return true;
        }

        /// <summary>
        /// Connects to a unix socket. Such a connection is never made in the background: if the listener has no room
        /// for it now, the program must try again, and nothing tells when.
        /// </summary>
        private static bool IsTaken(Socket socket, EndPoint to, TimeLimit limit)
        {
            while (true)
            {
                try
                {
                    socket.Connect(to);
                    return true;
                }
                catch (SocketException error) when (error.SocketErrorCode == SocketError.IsConnected)
                {
                    return true;
                }
                catch (SocketException error) when (IsPending(error.SocketErrorCode))
                {
                    if (limit.IsOver) return false;
                    Thread.Sleep(Math.Min(RetryMs, limit.LeftMs));
                }
            }
        }

        private static bool IsPending(SocketError error)
        {
            return error == SocketError.WouldBlock || error == SocketError.InProgress
                || error == SocketError.AlreadyInProgress;
        }

        /// <summary>Waits until the system has connected or given up. Windows reports a failure as an error.</summary>
        private static bool IsDone(Socket socket, TimeLimit limit)
        {
            do
            {
                var connected = new List<Socket> { socket };
                var failed = new List<Socket> { socket };
                Socket.Select(null, connected, failed, limit.LeftMs * 1000);
                if (connected.Count > 0 || failed.Count > 0) return true;
            }
            while (!limit.IsOver);
            return false;
        }
    }
}
