namespace BluetapLib.Transports.Common
{
    /// <summary>The errors that several transports have, each with what to do.</summary>
    internal static class Advice
    {
        /// <summary>The file with the udev rule, as <c>bluetap udev-rules</c> names it.</summary>
        internal const string RulesFile = "/etc/udev/rules.d/70-bluetap.rules";

        /// <summary>How to get access on Linux. It is the same for every BlueTap device.</summary>
        internal const string UdevRule =
            "install the udev rule that `bluetap udev-rules` prints (bluetap udev-rules | sudo tee " + RulesFile
            + ", then sudo udevadm control --reload), then plug the device in again";

        /// <summary>This user may not open the device that <paramref name="what"/> names.</summary>
        internal static TransportException Denied(string what, string advice)
        {
            return Make(TransportErrorCode.AccessDenied, $"this user may not open {what}: {advice}");
        }

        /// <summary>Another program has the device open.</summary>
        internal static TransportException Busy(string what, string holders)
        {
            return Make(TransportErrorCode.Busy, $"{what} is held by another program: close {holders}");
        }

        /// <summary>The device was unplugged while the channel was open.</summary>
        internal static TransportException Unplugged(string what)
        {
            string text = $"{what} was unplugged, or the system took it away: plug it in again";
            return Make(TransportErrorCode.Disconnected, text);
        }

        /// <summary>The device is not there.</summary>
        internal static TransportException NotThere(string what)
        {
            string text = $"{what} is not there: check the cable, and what `bluetap list` shows";
            return Make(TransportErrorCode.NotFound, text);
        }

        /// <summary>The program closed the channel.</summary>
        internal static TransportException Closed(string what)
        {
            return Make(TransportErrorCode.Disconnected, $"{what}: the channel was closed");
        }

        /// <summary>The system did not take all bytes of a write in time.</summary>
        internal static TransportException WriteTimeout(string what, long ms)
        {
            string text = $"{what} did not take the data within {ms} ms: unplug the device and plug it in again";
            return Make(TransportErrorCode.Timeout, text);
        }

        /// <summary>The device is not one of this transport.</summary>
        internal static TransportException OfOtherTransport(string transport, DeviceInfo device)
        {
            string text = $"{transport} is not {Printable.Of(device.Id ?? "")}: open a device that List() returns";
            return Make(TransportErrorCode.NotFound, text);
        }

        /// <summary>Any other error of the system.</summary>
        internal static TransportException Failed(string text)
        {
            return Make(TransportErrorCode.Io, text);
        }

        private static TransportException Make(TransportErrorCode code, string message)
        {
            return new TransportException(code, message);
        }
    }
}
