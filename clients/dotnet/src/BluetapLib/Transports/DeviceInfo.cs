namespace BluetapLib.Transports
{
    /// <summary>A device that a transport has found. It is not open.</summary>
    public sealed class DeviceInfo
    {
        /// <summary>Describes a device.</summary>
        /// <param name="id">The id of the device in its transport: its path, or the address of a socket.</param>
        /// <param name="transport">The kind of the transport: <c>hid</c>, <c>serial</c>, <c>tcp</c> or
        /// <c>unix</c>.</param>
        /// <param name="serialNumber">The serial number, or null if it is not known before a session.</param>
        /// <param name="product">The name of the product, or null.</param>
        /// <param name="path">The path at the system or the address, or null.</param>
        public DeviceInfo(
            string id, string transport, string serialNumber = null, string product = null, string path = null)
        {
            Id = id;
            Transport = transport;
            SerialNumber = serialNumber;
            Product = product;
            Path = path;
        }

        /// <summary>The id of the device in its transport: its path, or the address of a socket.</summary>
        public string Id { get; }

        /// <summary>The kind of the transport: <c>hid</c>, <c>serial</c>, <c>tcp</c> or <c>unix</c>.</summary>
        public string Transport { get; }

        /// <summary>The serial number, or null if it is not known before a session.</summary>
        public string SerialNumber { get; }

        /// <summary>The name of the product, or null.</summary>
        public string Product { get; }

        /// <summary>The path at the system or the address, or null.</summary>
        public string Path { get; }
    }
}
