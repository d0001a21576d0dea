using System;
using System.Collections.Generic;

namespace BluetapLib.Transports.Common
{
    /// <summary>A transport that this library does not have on this system. Each call says so.</summary>
    internal sealed class MissingTransport : ITransport
    {
        private readonly string _devices;

        /// <summary>Creates the transport.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="devices">What it would list, for the message: "HID devices".</param>
        internal MissingTransport(string name, string devices)
        {
            Name = name;
            _devices = devices;
        }

        /// <inheritdoc/>
        public string Name { get; }

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            throw Missing();
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            throw Missing();
        }

        private TransportException Missing()
        {
            return new TransportException(
                TransportErrorCode.MissingLibrary,
                $"this library uses {_devices} only on Linux and Windows: use tcp://HOST:PORT or unix:PATH on this "
                + "system");
        }
    }
}
