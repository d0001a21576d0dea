using System;
using System.Collections.Generic;
using BluetapLib.Transports;

namespace BluetapLib
{
    /// <summary>The options of a client. The client reads them once, when it is created.</summary>
    public sealed class BluetapClientOptions
    {
        /// <summary>
        /// Where the device is: <c>hid</c> or <c>auto</c>, <c>hid:/dev/hidrawN</c>, <c>serial:PATH</c>,
        /// <c>tcp://HOST:PORT</c>, <c>unix:PATH</c>. The default is <c>hid</c>.
        /// </summary>
        public string Address { get; set; } = "hid";

        /// <summary>A transport of your own, in place of <see cref="Address"/>; or null.</summary>
        public ITransport Transport { get; set; }

        /// <summary>The serial number or the id of the device. Null if only one is attached.</summary>
        public string Device { get; set; }

        /// <summary>
        /// False refuses an emulated device, so that a shop never uses one by mistake. The default is true.
        /// </summary>
        public bool AllowSimulated { get; set; } = true;

        /// <summary>The limit of a call that has none of its own. The default is 5 seconds.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

        /// <summary>
        /// Attempts that an earlier run of the program has stored. The client raises
        /// <see cref="BluetapClient.Resolved"/> for each of them as soon as their device answers. Null means none.
        /// </summary>
        public IEnumerable<Attempt> PendingAttempts { get; set; }

        /// <summary>
        /// Reads the environment variables BLUETAP_TRANSPORT, BLUETAP_DEVICE and BLUETAP_ALLOW_SIMULATED.
        /// </summary>
        /// <returns>New options.</returns>
        /// <exception cref="FormatException">
        /// The value of a variable is wrong. The message names it and what is right.
        /// </exception>
        public static BluetapClientOptions FromEnvironment()
        {
            string address = Environment.GetEnvironmentVariable("BLUETAP_TRANSPORT");
            return FromEnvironment(string.IsNullOrEmpty(address) ? "hid" : address, "BLUETAP_TRANSPORT");
        }

        /// <summary>
        /// Reads BLUETAP_DEVICE and BLUETAP_ALLOW_SIMULATED. The address is given, and no variable is read for it.
        /// </summary>
        /// <param name="address">The address, as in <see cref="Address"/>.</param>
        /// <returns>New options.</returns>
        /// <exception cref="FormatException">The address or the value of a variable is wrong.</exception>
        public static BluetapClientOptions FromEnvironment(string address)
        {
            return FromEnvironment(address, nameof(Address));
        }

        internal static ITransport CreateTransport(string address, string source)
        {
            try
            {
                return TransportFactory.Create(address);
            }
            catch (FormatException error)
            {
                throw new FormatException(source + ": " + error.Message, error);
            }
        }

        private static BluetapClientOptions FromEnvironment(string address, string source)
        {
            BluetapClientOptions options = new BluetapClientOptions
            {
                Address = address,
                Transport = CreateTransport(address, source),
            };

            string device = Environment.GetEnvironmentVariable("BLUETAP_DEVICE");
            options.Device = string.IsNullOrEmpty(device) ? null : device;
            string simulated = Environment.GetEnvironmentVariable("BLUETAP_ALLOW_SIMULATED");
            if (!string.IsNullOrEmpty(simulated) && simulated != "0" && simulated != "1")
            {
                throw new FormatException(
                    "BLUETAP_ALLOW_SIMULATED must be 0 or 1, but is \"" + Json.Unprintable.Printable(simulated) +
                        "\".");
            }

            options.AllowSimulated = simulated != "0";
            return options;
        }
    }
}
