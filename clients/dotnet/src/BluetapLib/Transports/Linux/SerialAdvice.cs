using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>The errors of serial ports on Linux, each with what to do.</summary>
    internal static class SerialAdvice
    {
        private const string Check = "check the path; `ls /dev/serial/by-id` shows the ports";
        private const string Holders = "the other POS program, a terminal program, or ModemManager";

        // The udev rule covers the port of a BlueTap device. Any other port, such as an adaptor's, belongs to a group.
        private const string Access =
            Advice.UdevRule + "; for an adaptor's port, join its group instead (on Debian dialout)";

        /// <summary>The port in a message.</summary>
        internal static string NameOf(string path)
        {
            return "the serial port " + Printable.Of(path);
        }

        /// <summary>The error for a port that could not be opened.</summary>
        internal static TransportException OpenError(string path, int number)
        {
            string name = NameOf(path);
            switch (number)
            {
                case Errno.NotPermitted:
                case Errno.AccessDenied:
                    return Advice.Denied(name, Access);
                case Errno.Busy:
                    return Advice.Busy(name, Holders);
                case Errno.NoEntry:
                case Errno.NotAFolder:
                case Errno.NoDevice:
                    return Advice.NotThere(name);
                case Errno.NoDeviceOrAddress:
                case Errno.InputOutput:
                    // The path exists, but there is no port (such as /dev/ttyS0 on a machine without one), or the port
                    // has lost its device.
                    return new TransportException(TransportErrorCode.NotFound,
                        $"{Printable.Of(path)} is not a serial port, or its device is gone: {Check}");
                case Errno.NotATerminal:
                case Errno.IsAFolder:
                case Errno.Invalid:
                    return Advice.Failed($"{Printable.Of(path)} is not a serial port: {Check}");
                default:
                    return Advice.Failed($"{name} cannot be opened ({Errno.InWords(number)}): plug it in again");
            }
        }
    }
}
