using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>Looks up the name of a host, and tries its addresses.</summary>
    internal static class SocketNames
    {
        private static readonly IPAddress[] None = { null };

        /// <summary>Connects to the first address of the target that answers.</summary>
        /// <param name="target">Where to connect to.</param>
        /// <param name="limit">The limit for the lookup and all addresses together.</param>
        /// <param name="connect">Connects to one address. It gets null for a unix socket.</param>
        /// <exception cref="TransportException">No address answered in time: the error of the last one.</exception>
        internal static T First<T>(SocketTarget target, TimeLimit limit, Func<IPAddress, T> connect)
        {
            TransportException last = null;
            foreach (IPAddress address in target.Path != null ? None : AddressesOf(target, limit))
            {
                try
                {
                    return connect(address);
                }
                catch (TransportException error)
                {
                    last = error;
                }
            }
            throw last ?? SocketErrors.OfConnect(target, SocketError.HostNotFound, "no address");
        }

        private static IEnumerable<IPAddress> AddressesOf(SocketTarget target, TimeLimit limit)
        {
            if (IPAddress.TryParse(target.Host, out IPAddress number)) return new[] { number };
            // The system cannot give up a lookup. A lookup that is late ends alone.
            Task<IPAddress[]> lookup = Task.Run(() => Dns.GetHostAddresses(target.Host));
            try
            {
                if (lookup.Wait(limit.LeftMs)) return lookup.Result;
            }
            catch (AggregateException error)
            {
                var cause = error.InnerException as SocketException;
                SocketError code = cause?.SocketErrorCode ?? SocketError.HostNotFound;
                throw SocketErrors.OfConnect(target, code, error.InnerException?.Message ?? "");
            }
            lookup.ContinueWith(late => late.Exception, TaskContinuationOptions.OnlyOnFaulted);
            throw SocketErrors.ConnectTimeout(target, limit.TotalMs);
        }
    }
}
