namespace BluetapLib
{
    /// <summary>Who a device is, from its reply to HELLO.</summary>
    public sealed class DeviceIdentity
    {
        internal DeviceIdentity(
            string id, string model, string firmware, string serialNumber, uint bootId, bool isSimulated,
                TapSource? tapSource)
        {
            Id = id;
            Model = model;
            Firmware = firmware;
            SerialNumber = serialNumber;
            BootId = bootId;
            IsSimulated = isSimulated;
            TapSource = tapSource;
        }

        /// <summary>The id of the device at its transport, for example <c>hid:/dev/hidraw0</c>.</summary>
        public string Id { get; }

        /// <summary>The name of the model, 1 to 16 characters.</summary>
        public string Model { get; }

        /// <summary>The version of the firmware, 1 to 16 characters.</summary>
        public string Firmware { get; }

        /// <summary>The serial number, 1 to 32 characters.</summary>
        public string SerialNumber { get; }

        /// <summary>The boot id. The device has another one after every start.</summary>
        public uint BootId { get; }

        /// <summary>True for an emulated device. Nothing that it shows can be paid.</summary>
        public bool IsSimulated { get; }

        /// <summary>What the device counts as a tap; null if it does not tell it.</summary>
        public TapSource? TapSource { get; }
    }
}
