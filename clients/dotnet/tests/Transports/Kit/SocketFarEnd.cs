using System;
using System.Net;
using System.Net.Sockets;
using BluetapLib.Transports;
using BluetapLib.Transports.Sockets;

namespace BluetapTests.Transports.Kit
{
    /// <summary>A device behind a TCP or unix socket.</summary>
    internal sealed class SocketFarEnd : FarEnd
    {
        private readonly Socket _listener;
        private readonly string _path;
        private Socket _peer;

        private SocketFarEnd(AddressFamily family, ProtocolType protocol, EndPoint at, string path, bool isOfNet)
        {
            _listener = new Socket(family, SocketType.Stream, protocol);
            _listener.Bind(at);
            _listener.Listen(16);
            _path = path;
            string address = path != null
                ? "unix:" + path
                : "tcp://127.0.0.1:" + ((IPEndPoint)_listener.LocalEndPoint).Port;
            Transport = isOfNet
                ? new SocketTransport(SocketTarget.Parse(address), SocketConnect.To)
                : TransportFactory.Create(address);
        }

        /// <param name="isOfNet">True for the channel of other systems than Linux, which works here too.</param>
        internal static FarEnd Tcp(bool isOfNet = false)
        {
            return new SocketFarEnd(
                AddressFamily.InterNetwork, ProtocolType.Tcp, new IPEndPoint(IPAddress.Loopback, 0), null, isOfNet);
        }

        /// <param name="isOfNet">True for the channel of other systems than Linux, which works here too.</param>
        internal static FarEnd Unix(bool isOfNet = false)
        {
            string path = System.IO.Path.Combine(Scratch.Folder, Scratch.Name() + ".sock");
            return new SocketFarEnd(
                AddressFamily.Unix, ProtocolType.Unspecified, new UnixEndPoint(path), path, isOfNet);
        }

        internal override ITransport Transport { get; }

        internal override bool KeepsBytesAtUnplug => true;

        internal override void Accept()
        {
            _peer?.Dispose();
            _peer = _listener.Accept();
        }

        internal override void Send(byte[] data)
        {
            for (int at = 0; at < data.Length;) at += _peer.Send(data, at, data.Length - at, SocketFlags.None);
        }

        internal override byte[] Take()
        {
            var buffer = new byte[65536];
            Must.Hold(_peer.Poll((int)(Must.Limit.TotalSeconds * 1e6), SelectMode.SelectRead), "the host writes");
            int count = _peer.Receive(buffer);
            Must.Hold(count > 0, "the host is still connected");
            Array.Resize(ref buffer, count);
            return buffer;
        }

        internal override void Unplug()
        {
            Dispose();
        }

        public override void Dispose()
        {
            _listener.Dispose();
            _peer?.Dispose();
            if (_path != null) System.IO.File.Delete(_path);
        }
    }
}
