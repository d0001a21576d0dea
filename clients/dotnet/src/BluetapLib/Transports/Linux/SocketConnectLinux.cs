using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using BluetapLib.Transports.Common;
using BluetapLib.Transports.Sockets;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// Connects with the C library. The class Socket of mono takes half a second for the first socket of a process, and
    /// repeats a Send without a pause while a socket is full.
    /// </summary>
    internal static class SocketConnectLinux
    {
        private const int UnixFamily = 1;
        private const int InternetFamily = 2;
        private const int Internet6Family = 10;
        private const int StreamOfBytes = 1;
        private const int TcpProtocol = 6;
        private const int NoDelay = 1;
        private const int SocketLevel = 1;
        private const int ErrorOption = 4;
        private const int RetryMs = 10;

        /// <summary>Connects to a target: to the first address of its name that answers.</summary>
        /// <exception cref="TransportException">No address answered in time.</exception>
        internal static IChannel To(SocketTarget target, TimeLimit limit)
        {
            return SocketNames.First(
                target, limit, address => new SocketChannelLinux(target, Connect(target, address, limit)));
        }

        /// <summary>Makes <c>struct sockaddr</c> of the target, with one address of its host.</summary>
        internal static byte[] AddressOf(SocketTarget target, IPAddress address)
        {
            if (target.Path != null) return Joined(UnixFamily, Files.PathBytes(target.Path));
            byte[] port = { (byte)(target.Port >> 8), (byte)target.Port };
            byte[] number = address.GetAddressBytes();
            if (address.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return Joined(InternetFamily, port, number, new byte[8]);
            }
            return Joined(Internet6Family, port, new byte[4], number, BitConverter.GetBytes((uint)address.ScopeId));
        }

        private static byte[] Joined(int family, params byte[][] parts)
        {
            byte[] all = BitConverter.GetBytes((ushort)family);
            foreach (byte[] part in parts)
            {
                int at = all.Length;
                Array.Resize(ref all, at + part.Length);
                Array.Copy(part, 0, all, at, part.Length);
            }
            return all;
        }

        private static Descriptor Connect(SocketTarget target, IPAddress address, TimeLimit limit)
        {
            byte[] to = AddressOf(target, address);
            int kind = StreamOfBytes | Libc.CloseOnExec | Libc.NonBlocking;
            Descriptor socket = Descriptor.Of(Libc.Socket(BitConverter.ToUInt16(to, 0), kind, 0));
            if (socket == null) throw Failed(target, Files.LastError());
            try
            {
                // A frame is small. It must not wait for the answer to the segment before it. A unix socket has no
                // delay.
                Libc.SetOption(socket.Number, TcpProtocol, NoDelay, new byte[] { 1, 0, 0, 0 }, 4);
                int error = Begin(socket, to, limit);
                if (error == Errno.InProgress) error = Finish(target, socket, limit);
                if (error == Errno.TryAgain) throw SocketErrors.ConnectTimeout(target, limit.TotalMs);
                if (error != 0) throw Failed(target, error);
                return socket;
            }
            catch (TransportException)
            {
                socket.Dispose();
                throw;
            }
        }

        /// <summary>
        /// Begins a connection. If the listener of a unix socket has no room for it now, the program must try again,
        /// and nothing tells when.
        /// </summary>
        private static int Begin(Descriptor socket, byte[] to, TimeLimit limit)
        {
            while (true)
            {
                int error = Libc.Connect(socket.Number, to, (uint)to.Length) == 0 ? 0 : Files.LastError();
                if (error == Errno.Interrupted) continue;
                if (error != Errno.TryAgain || limit.IsOver) return error;
                Thread.Sleep(Math.Min(RetryMs, limit.LeftMs));
            }
        }

        /// <summary>Waits until the system has connected or given up.</summary>
        private static int Finish(SocketTarget target, Descriptor socket, TimeLimit limit)
        {
            using (Descriptor never = Descriptor.ForWaking())
            {
                if (socket.Wait(Libc.PollOut, never, limit) == 0)
                {
                    throw SocketErrors.ConnectTimeout(target, limit.TotalMs);
                }
            }
            var error = new byte[4];
            uint length = 4;
            int result = Libc.GetOption(socket.Number, SocketLevel, ErrorOption, error, ref length);
            return result == 0 ? BitConverter.ToInt32(error, 0) : Files.LastError();
        }

        private static TransportException Failed(SocketTarget target, int number)
        {
            return SocketErrors.OfConnect(target, CodeOf(number), Errno.InWords(number));
        }

        private static SocketError CodeOf(int number)
        {
            switch (number)
            {
                case Errno.NotPermitted:
                case Errno.AccessDenied:
                    return SocketError.AccessDenied;
                case Errno.NoEntry:
                case Errno.NotAFolder:
                case Errno.ConnectionRefused:
                    return SocketError.ConnectionRefused;
                case Errno.HostUnreachable:
                case Errno.NetworkUnreachable:
                case Errno.AddressNotAvailable:
                    return SocketError.HostUnreachable;
                case Errno.TimedOut:
                    return SocketError.TimedOut;
                case Errno.ConnectionReset:
                case Errno.BrokenPipe:
                    return SocketError.ConnectionReset;
                case Errno.FamilyNotSupported:
                    return SocketError.AddressFamilyNotSupported;
                default:
                    return SocketError.SocketError;
            }
        }
    }
}
