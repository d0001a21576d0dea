using System;
using System.Collections.Generic;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>
    /// The transport to a device behind a TCP or unix socket: an emulated device, or a device behind a bridge from a
    /// serial port to TCP. The list always has this one address, even if nothing listens there. Only opening finds out,
    /// because a connection would take the session of another program that uses the device.
    /// </summary>
    internal sealed class SocketTransport : ITransport
    {
        private readonly SocketTarget _target;
        private readonly DeviceInfo _device;

        /// <summary>Creates the transport to an address. It connects to nothing.</summary>
        internal SocketTransport(SocketTarget target)
        {
            _target = target;
            _device = new DeviceInfo(target.Address, Name, path: target.Path);
        }

        /// <inheritdoc/>
        public string Name => _target.Address;

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            return new[] { _device };
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            if (device == null) throw new ArgumentNullException(nameof(device));
            if (device.Id != _target.Address)
            {
                throw Advice.OfOtherTransport(_target.Shown, device);
            }
            return new SocketChannel(_target, SocketConnect.To(_target, TimeLimit.After(timeout)));
        }
    }
}
