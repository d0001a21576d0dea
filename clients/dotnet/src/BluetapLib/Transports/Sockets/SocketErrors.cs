using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using BluetapLib.Transports.Common;
using BluetapLib.Transports.Linux;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>The errors of sockets, each with what to do.</summary>
    internal static class SocketErrors
    {
        /// <summary>The error for a connection that was not made.</summary>
        /// <param name="target">Where the connection should lead to.</param>
        /// <param name="error">What the error of the system means.</param>
        /// <param name="words">The error in the words of the system.</param>
        internal static TransportException OfConnect(SocketTarget target, SocketError error, string words)
        {
            string name = target.Shown;
            if (target.Path != null && IsOtherFile(target.Path))
            {
                return Make(
                    TransportErrorCode.NotFound,
                    $"{name} is not a socket, but another file or a folder: check the path; `bluetap emulate --unix "
                    + "PATH` creates a socket at a path that does not exist yet");
            }
            switch (error)
            {
                case SocketError.AccessDenied:
                    return Make(TransportErrorCode.AccessDenied, NotPermitted(target));
                case SocketError.HostNotFound:
                case SocketError.NoData:
                    return Make(TransportErrorCode.NotFound, $"the host of {name} is not known: check the name");
                case SocketError.TryAgain:
                    string unknown = $"the host name of {name} could not be looked up now: check the network";
                    return Make(TransportErrorCode.Io, unknown);
                case SocketError.HostUnreachable:
                case SocketError.NetworkUnreachable:
                case SocketError.NetworkDown:
                case SocketError.AddressNotAvailable:
                    string unreachable = $"{name} cannot be reached from here: check the address and the network";
                    return Make(TransportErrorCode.NotFound, unreachable);
                case SocketError.TimedOut:
                    return Make(TransportErrorCode.Timeout, NoAnswer(name));
                case SocketError.ConnectionReset:
                case SocketError.Shutdown:
                    string reset = $"{name} closed the connection immediately: check that it is a BlueTap device";
                    return Make(TransportErrorCode.Disconnected, reset);
                case SocketError.AddressFamilyNotSupported:
                case SocketError.ProtocolNotSupported:
                    string lacking = $"this system has no sockets of the kind of {name}: use another transport";
                    return Make(TransportErrorCode.MissingLibrary, lacking);
                case SocketError.ConnectionRefused:
                    return Make(TransportErrorCode.NotFound, NothingListens(target));
                default:
                    // A missing path of a unix socket has no code of its own in .NET.
                    bool isMissing = target.Path != null && !File.Exists(target.Path);
                    if (isMissing) return Make(TransportErrorCode.NotFound, NothingListens(target));
                    string other = $"{name}: {Printable.Of(words)}: check the address";
                    return Make(TransportErrorCode.Io, other);
            }
        }

        /// <summary>The error for a connection that was not made within its time.</summary>
        internal static TransportException ConnectTimeout(SocketTarget target, long ms)
        {
            return Make(TransportErrorCode.Timeout, $"{NoAnswer(target.Shown)} (waited {ms} ms)");
        }

        /// <summary>The error for a connection that the far end closed.</summary>
        internal static TransportException FarEndClosed(SocketTarget target)
        {
            return Make(TransportErrorCode.Disconnected, $"{target.Shown}: the far end closed the connection");
        }

        /// <summary>The error of the system on an open connection. Every such error ends the channel.</summary>
        /// <param name="target">Where the connection leads to.</param>
        /// <param name="words">The error in the words of the system.</param>
        internal static TransportException Broken(SocketTarget target, string words)
        {
            string text = $"{target.Shown}: the connection broke ({Printable.Of(words)}): check the network";
            return Make(TransportErrorCode.Disconnected, text);
        }

        private static string NothingListens(SocketTarget target)
        {
            string option = target.Path != null ? "--unix " + target.Path : "--tcp " + target.Address.Substring(6);
            return $"nothing listens at {target.Shown}: start a device there with `bluetap emulate "
                + $"{Printable.Of(option)}`, or check the address";
        }

        private static string NotPermitted(SocketTarget target)
        {
            return target.Path != null
                ? $"this user may not connect to {target.Shown}: the user needs write permission on the socket and "
                    + "access to its folders"
                : $"the system does not let this user connect to {target.Shown}: a firewall or a sandbox forbids it";
        }

        private static string NoAnswer(string name)
        {
            return $"{name} does not answer: check the address, that the host is up, and that no firewall drops the "
                + "connection";
        }

        private static bool IsOtherFile(string path)
        {
            return RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && Files.IsOtherThanSocket(path);
        }

        private static TransportException Make(TransportErrorCode code, string message)
        {
            return new TransportException(code, message);
        }
    }
}
