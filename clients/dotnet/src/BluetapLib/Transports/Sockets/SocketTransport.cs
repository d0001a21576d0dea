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
        private readonly Func<SocketTarget, TimeLimit, IChannel> _connect;
        private readonly DeviceInfo _device;

        /// <summary>Creates the transport to an address. It connects to nothing.</summary>
        /// <param name="target">Where a connection leads to.</param>
        /// <param name="connect">Connects within a time limit.</param>
        internal SocketTransport(SocketTarget target, Func<SocketTarget, TimeLimit, IChannel> connect)
        {
            _target = target;
            _connect = connect;
            _device = new DeviceInfo(target.Address, target.Path != null ? "unix" : "tcp", path: target.Address);
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
            return _connect(_target, TimeLimit.After(timeout));
        }
    }
}
