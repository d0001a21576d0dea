using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>Where a socket leads to, read from <c>tcp://HOST:PORT</c> or <c>unix:PATH</c>.</summary>
    internal sealed class SocketTarget
    {
        private const string Tcp = "tcp://";
        private const string Unix = "unix:";

        /// <summary>The longest path of a unix socket in bytes, without the zero byte at its end.</summary>
        internal const int LongestPath = 107;

        private SocketTarget(string address)
        {
            Address = address;
        }

        /// <summary>The address as it was written.</summary>
        internal string Address { get; }

        /// <summary>The name or number of the host, or null for a unix socket.</summary>
        internal string Host { get; private set; }

        /// <summary>The port, 1 to 65535, or 0 for a unix socket.</summary>
        internal int Port { get; private set; }

        /// <summary>The path of a unix socket, or null.</summary>
        internal string Path { get; private set; }

        /// <summary>The address as a message shows it.</summary>
        internal string Shown => Printable.Of(Address);

        /// <summary>Reads an address.</summary>
        /// <exception cref="FormatException">It says what is wrong with the address.</exception>
        internal static SocketTarget Parse(string address)
        {
            if (address.StartsWith(Tcp, StringComparison.Ordinal)) return ParseTcp(address);
            if (address.StartsWith(Unix, StringComparison.Ordinal)) return ParseUnix(address);
            throw Wrong(address, "it begins with neither \"tcp://\" nor \"unix:\"");
        }

        private static SocketTarget ParseTcp(string address)
        {
            string rest = address.Substring(Tcp.Length);
            if (rest.Contains("@"))
            {
                throw Wrong(address, "it contains credentials (\"@\"), but the connection uses none");
            }
            if (rest.IndexOfAny(new[] { '/', '?', '#' }) >= 0) throw Wrong(address, "nothing may follow the port");
            bool isBracketed = rest.StartsWith("[", StringComparison.Ordinal);
            int end = isBracketed ? rest.IndexOf(']') + 1 : rest.IndexOf(':');
            string host = end < 0 ? rest : rest.Substring(0, end);
            string after = rest.Substring(host.Length);
            bool isWhole = !isBracketed || end > 0;
            if (!isWhole || (after.Length > 0 && after[0] != ':') || after.LastIndexOf(':') > 0)
            {
                throw Wrong(address, "an IPv6 address belongs in brackets, followed by \":\" and the port");
            }
            if (isBracketed) host = host.Substring(1, host.Length - 2);
            if (isBracketed && !IsIPv6(host)) throw Wrong(address, "\"" + host + "\" is not an IPv6 address");
            if (host.Length == 0) throw Wrong(address, "the host is missing");
            if (!isBracketed && !host.All(IsOfHost))
            {
                throw Wrong(address, "\"" + host + "\" is not a host name");
            }
            return new SocketTarget(address) { Host = host, Port = PortOf(address, after) };
        }

        private static bool IsOfHost(char one)
        {
            return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || IsDigit(one) || "_.-".IndexOf(one) >= 0;
        }

        private static bool IsDigit(char one)
        {
            return one >= '0' && one <= '9';
        }

        /// <summary>Reads what follows the host: ":" and the port.</summary>
        private static int PortOf(string address, string after)
        {
            string port = after.Length > 0 ? after.Substring(1) : "";
            if (port.Length == 0) throw Wrong(address, "the port is missing");
            bool isNumber = port.Length <= 5 && port[0] != '0' && port.All(IsDigit);
            int number = isNumber ? int.Parse(port, CultureInfo.InvariantCulture) : 0;
            if (number < 1 || number > 65535)
            {
                throw Wrong(address, "the port must be a number from 1 to 65535, not \"" + port + "\"");
            }
            return number;
        }

        private static SocketTarget ParseUnix(string address)
        {
            string path = address.Substring(Unix.Length);
            if (path.Length == 0) throw Wrong(address, "the path is missing");
            if (path.IndexOf('\0') >= 0) throw Wrong(address, "the path contains a zero byte");
            int length = Encoding.UTF8.GetByteCount(path);
            if (length > LongestPath)
            {
                throw Wrong(address, $"the path has {length} bytes, and the system takes at most {LongestPath}");
            }
            return new SocketTarget(address) { Path = path };
        }

        private static bool IsIPv6(string text)
        {
            return text.Contains(":") && !text.Contains("[") && IPAddress.TryParse(text, out IPAddress known)
                && known.AddressFamily == AddressFamily.InterNetworkV6;
        }

        private static FormatException Wrong(string address, string what)
        {
            return new FormatException(
                $"bad address {Printable.Quote(address)}: {Printable.Of(what)}. Write tcp://HOST:PORT (IPv6 in "
                + "brackets: tcp://[::1]:4000) or unix:PATH");
        }
    }
}
