using System.ComponentModel;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Windows
{
    /// <summary>The error numbers of Windows (winerror.h), and the errors that they become.</summary>
    internal static class WindowsErrors
    {
        internal const int FileNotFound = 2;
        internal const int PathNotFound = 3;
        internal const int AccessDenied = 5;
        internal const int InvalidHandle = 6;
        internal const int BadUnit = 20;
        internal const int BadCommand = 22;
        internal const int SharingViolation = 32;
        internal const int LockViolation = 33;
        internal const int DeviceDoesNotExist = 55;
        internal const int InvalidParameter = 87;
        internal const int SemaphoreTimeout = 121;
        internal const int InvalidName = 123;
        internal const int BadPathName = 161;
        internal const int Busy = 170;
        internal const int WaitTimeout = 258;
        internal const int NoMoreItems = 259;
        internal const int NoSuchDevice = 433;
        internal const int OperationAborted = 995;
        internal const int IoPending = 997;
        internal const int DeviceNotConnected = 1167;
        internal const int NotFound = 1168;
        internal const int BadDevice = 1200;
        internal const int PrivilegeNotHeld = 1314;
        internal const int Timeout = 1460;
        internal const int DeviceRemoved = 1617;
        internal const int DeviceInUse = 2404;

        /// <summary>Facts about a kind of device, for its errors.</summary>
        internal sealed class Kind
        {
            /// <summary>The other programs that can use such a device. It follows the word "close".</summary>
            internal string Holders { get; set; }

            /// <summary>How to get access.</summary>
            internal string Access { get; set; }

            /// <summary>
            /// True if Windows denies access when another program has the device, as with serial ports.
            /// </summary>
            internal bool DeniedIsBusy { get; set; }
        }

        /// <summary>What an error number means.</summary>
        internal static TransportErrorCode CodeOf(int number)
        {
            switch (number)
            {
                case AccessDenied:
                case PrivilegeNotHeld:
                    return TransportErrorCode.AccessDenied;
                case SharingViolation:
                case LockViolation:
                case Busy:
                case DeviceInUse:
                    return TransportErrorCode.Busy;
                case FileNotFound:
                case PathNotFound:
                case DeviceDoesNotExist:
                case InvalidName:
                case BadPathName:
                case NotFound:
                case BadDevice:
                    return TransportErrorCode.NotFound;
                case InvalidHandle:
                case BadUnit:
                case BadCommand:
                case NoSuchDevice:
                case DeviceNotConnected:
                case DeviceRemoved:
                    return TransportErrorCode.Disconnected;
                case SemaphoreTimeout:
                case WaitTimeout:
                case Timeout:
                    return TransportErrorCode.Timeout;
                default:
                    return TransportErrorCode.Io;
            }
        }

        /// <summary>The error for a device that could not be opened.</summary>
        internal static TransportException OfOpen(string name, int number, Kind kind)
        {
            switch (CodeOf(number))
            {
                case TransportErrorCode.AccessDenied:
                    return kind.DeniedIsBusy ? Advice.Busy(name, kind.Holders) : Advice.Denied(name, kind.Access);
                case TransportErrorCode.Busy:
                    return Advice.Busy(name, kind.Holders);
                case TransportErrorCode.NotFound:
                case TransportErrorCode.Disconnected:
                    return Advice.NotThere(name);
                case TransportErrorCode.Timeout:
                    return new TransportException(
                        TransportErrorCode.Timeout, $"{name} did not answer ({InWords(number)}): plug it in again");
                default:
                    return Advice.Failed($"{name} cannot be opened ({InWords(number)}): plug it in again");
            }
        }

        /// <summary>The error of a read or write. Every such error ends the channel.</summary>
        internal static TransportException OfChannel(string name, int number, Kind kind)
        {
            switch (CodeOf(number))
            {
                case TransportErrorCode.AccessDenied:
                case TransportErrorCode.Busy:
                    // Windows can open a device that may not be read or written. Only the first report shows it.
                    return Ended($"{name} was opened, but may not be read or written ({InWords(number)}): close "
                        + kind.Holders);
                case TransportErrorCode.NotFound:
                case TransportErrorCode.Disconnected:
                    return Advice.Unplugged(name);
                default:
                    return Ended($"{name} does not work, or was unplugged ({InWords(number)}): plug it in again");
            }
        }

        /// <summary>The number, and the text of the system in the language of the user.</summary>
        internal static string InWords(int number)
        {
            return $"error {number}: {Printable.Of(new Win32Exception(number).Message.Trim())}";
        }

        private static TransportException Ended(string text)
        {
            return new TransportException(TransportErrorCode.Disconnected, text);
        }
    }
}
