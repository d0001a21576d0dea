using System;

namespace BluetapLib.Transports
{
    /// <summary>The bytes to and from one opened device (docs/protocol.md, section 1).</summary>
    /// <remarks>
    /// <see cref="IDisposable.Dispose"/> closes the channel. It can be called any number of times and from any thread,
    /// and it wakes a <see cref="Read"/> that waits.
    /// </remarks>
    public interface IChannel : IDisposable
    {
        /// <summary>Waits for bytes from the device.</summary>
        /// <param name="timeout">How long to wait at most. Zero looks once.</param>
        /// <returns>The bytes that came; an empty array if none came in <paramref name="timeout"/>.</returns>
        /// <exception cref="TransportException">The connection has ended.</exception>
        byte[] Read(TimeSpan timeout);

        /// <summary>Writes one frame with both delimiters.</summary>
        /// <param name="data">The bytes; a HID channel cuts them into reports and fills the last report.</param>
        /// <param name="timeout">How long to wait at most until the system takes the bytes.</param>
        /// <exception cref="TransportException">The bytes could not be written, or not all of them.</exception>
        void Write(byte[] data, TimeSpan timeout);
    }
}
