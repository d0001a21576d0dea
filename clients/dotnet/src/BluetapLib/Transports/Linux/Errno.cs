namespace BluetapLib.Transports.Linux
{
    /// <summary>The error numbers of Linux that mean something for a device.</summary>
    internal static class Errno
    {
        internal const int NotPermitted = 1; // EPERM
        internal const int NoEntry = 2; // ENOENT
        internal const int Interrupted = 4; // EINTR
        internal const int InputOutput = 5; // EIO
        internal const int NoDeviceOrAddress = 6; // ENXIO
        internal const int TryAgain = 11; // EAGAIN
        internal const int AccessDenied = 13; // EACCES
        internal const int Busy = 16; // EBUSY
        internal const int NoDevice = 19; // ENODEV
        internal const int NotAFolder = 20; // ENOTDIR
        internal const int IsAFolder = 21; // EISDIR
        internal const int Invalid = 22; // EINVAL
        internal const int NotATerminal = 25; // ENOTTY
        internal const int ReadOnlyFileSystem = 30; // EROFS
        internal const int BrokenPipe = 32; // EPIPE
        internal const int Loop = 40; // ELOOP
        internal const int Protocol = 71; // EPROTO
        internal const int FamilyNotSupported = 97; // EAFNOSUPPORT
        internal const int AddressNotAvailable = 99; // EADDRNOTAVAIL
        internal const int NetworkUnreachable = 101; // ENETUNREACH
        internal const int ConnectionReset = 104; // ECONNRESET
        internal const int Shutdown = 108; // ESHUTDOWN
        internal const int TimedOut = 110; // ETIMEDOUT
        internal const int ConnectionRefused = 111; // ECONNREFUSED
        internal const int HostUnreachable = 113; // EHOSTUNREACH
        internal const int InProgress = 115; // EINPROGRESS

        /// <summary>The error in words and with its number, for a message.</summary>
        internal static string InWords(int number)
        {
            return $"errno {number}: {WordsOf(number)}";
        }

        private static string WordsOf(int number)
        {
            switch (number)
            {
                case NotPermitted: return "operation not permitted";
                case NoEntry: return "no such file";
                case InputOutput: return "input/output error";
                case NoDeviceOrAddress: return "no such device or address";
                case AccessDenied: return "permission denied";
                case Busy: return "busy";
                case NoDevice: return "no such device";
                case NotAFolder: return "not a folder";
                case IsAFolder: return "is a folder";
                case Invalid: return "invalid argument";
                case NotATerminal: return "not a terminal";
                case ReadOnlyFileSystem: return "read-only file system";
                case BrokenPipe: return "broken pipe, or the endpoint stalls";
                case Protocol: return "protocol error at the bus";
                case ConnectionReset: return "the far end reset the connection";
                case TimedOut: return "timed out";
                default: return "see `man 3 errno`";
            }
        }
    }
}
