using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BluetapLib.Transports.Sockets
{
    /// <summary>
    /// The path of a unix socket as an end point. The class of .NET for this is not in netstandard2.0, and not in the
    /// 4.x assemblies.
    /// </summary>
    internal sealed class UnixEndPoint : EndPoint
    {
        private const int FamilyBytes = 2;
        private readonly string _path;

        /// <summary>Names a path, of at most 107 bytes in UTF-8.</summary>
        internal UnixEndPoint(string path)
        {
            _path = path;
        }

        /// <inheritdoc/>
        public override AddressFamily AddressFamily => AddressFamily.Unix;

        /// <summary>Makes <c>struct sockaddr_un</c>: the family, the path, a zero byte.</summary>
        public override SocketAddress Serialize()
        {
            byte[] path = Encoding.UTF8.GetBytes(_path);
            var address = new SocketAddress(AddressFamily.Unix, FamilyBytes + path.Length + 1);
            for (int at = 0; at < path.Length; at++) address[FamilyBytes + at] = path[at];
            address[FamilyBytes + path.Length] = 0;
            return address;
        }

        /// <summary>Reads the address of the far end. A client has no name, and a path is not needed.</summary>
        public override EndPoint Create(SocketAddress socketAddress)
        {
            return new UnixEndPoint("");
        }
    }
}
