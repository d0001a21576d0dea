using System;
using System.Collections.Generic;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// The transport over one serial port on Linux: CDC-ACM, an adaptor or a pseudo-terminal. It uses termios of the C
    /// library, because System.IO.Ports is not in netstandard2.0.
    /// </summary>
    internal sealed class SerialLinux : ITransport
    {
        private readonly string _path;

        /// <summary>Creates the transport over a port. It opens nothing.</summary>
        internal SerialLinux(string path)
        {
            _path = path;
        }

        /// <inheritdoc/>
        public string Name => "serial:" + _path;

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            // A named port is always listed. If it is not there, opening says why.
            return new[] { new DeviceInfo(_path, "serial", path: _path) };
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            if (device == null) throw new ArgumentNullException(nameof(device));
            if (device.Id != _path) throw Advice.OfOtherTransport(Printable.Of(Name), device);
            Descriptor file = Descriptor.Open(
                _path, Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking, out int error);
            if (file == null) throw SerialAdvice.OpenError(_path, error);
            try
            {
                error = SerialPort.Prepare(file.Number);
                if (error != 0) throw SerialAdvice.OpenError(_path, error);
                return new SerialChannel(SerialAdvice.NameOf(_path), file);
            }
            catch (TransportException)
            {
                file.Dispose();
                throw;
            }
        }
    }
}
