using System;
using System.Collections.Generic;

namespace BluetapLib.Transports
{
    /// <summary>A way to devices: HID, a serial port, a socket. A program can write its own.</summary>
    public interface ITransport
    {
        /// <summary>The name of the transport, for example <c>hid</c>.</summary>
        string Name { get; }

        /// <summary>Lists the devices. It opens none of them.</summary>
        /// <returns>The devices, in the order of the system; an empty list if there is none.</returns>
        /// <exception cref="TransportException">The system cannot list devices of this kind.</exception>
        IReadOnlyList<DeviceInfo> List();

        /// <summary>Opens a device.</summary>
        /// <param name="device">A device of <see cref="List"/>.</param>
        /// <param name="timeout">How long to wait at most.</param>
        /// <returns>The channel. The caller disposes it.</returns>
        /// <exception cref="TransportException">The device could not be opened.</exception>
        IChannel Open(DeviceInfo device, TimeSpan timeout);
    }
}
