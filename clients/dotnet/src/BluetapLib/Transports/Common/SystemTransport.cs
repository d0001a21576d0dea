using System;
using System.Collections.Generic;

namespace BluetapLib.Transports.Common
{
    /// <summary>
    /// A transport that calls libraries of the system. A system can lack one, or a function of one; that becomes an
    /// error that says so.
    /// </summary>
    internal sealed class SystemTransport : ITransport
    {
        private readonly ITransport _inner;

        /// <summary>Wraps a transport.</summary>
        internal SystemTransport(ITransport inner)
        {
            _inner = inner;
        }

        /// <inheritdoc/>
        public string Name => _inner.Name;

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            return Call(() => _inner.List());
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            return Call(() => _inner.Open(device, timeout));
        }

        private static T Call<T>(Func<T> call)
        {
            try
            {
                return call();
            }
            catch (Exception error) when (error is DllNotFoundException || error is EntryPointNotFoundException)
            {
                throw new TransportException(
                    TransportErrorCode.MissingLibrary,
                    "this system lacks a library or a function that the transport needs ("
                    + $"{Printable.Of(error.Message)}): use tcp://HOST:PORT or unix:PATH, or another system",
                    error);
            }
        }
    }
}
