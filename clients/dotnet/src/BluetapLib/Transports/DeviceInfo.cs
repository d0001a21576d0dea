namespace BluetapLib.Transports
{
    /// <summary>A device that a transport has found. It is not open.</summary>
    public sealed class DeviceInfo
    {
        /// <summary>Describes a device.</summary>
        /// <param name="id">The name of the device for this library, for example <c>hid:/dev/hidraw0</c>.</param>
        /// <param name="transport">The name of the transport, for example <c>hid</c>.</param>
        /// <param name="serialNumber">The serial number, or null if it is not known before a session.</param>
        /// <param name="product">The name of the product, or null.</param>
        /// <param name="path">The path at the system, or null.</param>
        public DeviceInfo(
            string id, string transport, string serialNumber = null, string product = null, string path = null)
        {
            Id = id;
            Transport = transport;
            SerialNumber = serialNumber;
            Product = product;
            Path = path;
        }

        /// <summary>The name of the device for this library, for example <c>hid:/dev/hidraw0</c>.</summary>
        public string Id { get; }

        /// <summary>The name of the transport, for example <c>hid</c>.</summary>
        public string Transport { get; }

        /// <summary>The serial number, or null if it is not known before a session.</summary>
        public string SerialNumber { get; }

        /// <summary>The name of the product, or null.</summary>
        public string Product { get; }

        /// <summary>The path at the system, or null.</summary>
        public string Path { get; }
    }
}
