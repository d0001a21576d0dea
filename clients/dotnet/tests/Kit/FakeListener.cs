using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace BluetapTests.Kit
{
    /// <summary>A fake device behind a TCP port, for other processes.</summary>
    internal sealed class FakeListener : IDisposable
    {
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly FakeDevice device;

        public FakeListener(FakeDevice device)
        {
            this.device = device;
            listener.Start();
            Address = "tcp://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port;
            new Thread(Accept) { IsBackground = true }.Start();
        }

        public string Address { get; }

        public void Dispose()
        {
            listener.Stop();
        }

        private void Accept()
        {
            try
            {
                while (true)
                {
                    new SocketConnection(device, listener.AcceptTcpClient().Client);
                }
            }
            catch (SocketException)
            {
                // The listener was stopped.
            }
            catch (ObjectDisposedException)
            {
                // The listener was stopped.
            }
        }

        private sealed class SocketConnection : FakeConnection
        {
            private readonly Socket socket;

            public SocketConnection(FakeDevice device, Socket socket)
                : base(device)
            {
                this.socket = socket;
                socket.NoDelay = true;
                new Thread(Read) { IsBackground = true }.Start();
            }

            public override void Send(byte[] bytes)
            {
                try
                {
                    socket.Send(bytes);
                }
                catch (SocketException)
                {
                    // The host has gone.
                }
            }

            public override void End()
            {
                socket.Close();
            }

            private void Read()
            {
                byte[] buffer = new byte[4096];
                try
                {
                    int count;
                    while ((count = socket.Receive(buffer)) > 0)
                    {
                        byte[] bytes = new byte[count];
                        Array.Copy(buffer, bytes, count);
                        Receive(bytes);
                    }

                    socket.Close();
                }
                catch (SocketException)
                {
                    // The host has gone.
                }
                catch (ObjectDisposedException)
                {
                    // The device has closed it.
                }
            }
        }
    }
}
