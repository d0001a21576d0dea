using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using BluetapLib.Transports;
using BluetapLib.Transports.Sockets;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Transports
{
    /// <summary>Which transport an address gives, and what a wrong address or a wrong path says.</summary>
    internal static class AddressTests
    {
        internal static readonly Dictionary<string, Action> Cases = new Dictionary<string, Action>
        {
            ["good addresses"] = Good,
            ["wrong addresses say what is wrong and what is right"] = Wrong,
            ["a wrong address cannot control a terminal"] = Escaped,
            ["nothing listens"] = NothingListens,
            ["a path that is not a socket"] = NotASocket,
            ["a socket that this user may not use"] = NoPermission,
            ["a host that is not known"] = UnknownHost,
            ["a name with several addresses tries each"] = EachAddress,
            ["a listener that is full is a timeout"] = FullListener,
            ["serial ports that are none"] = SerialErrors,
            ["a serial port that this user may not use"] = SerialPermission,
        };

        private static void Good()
        {
            foreach (string address in new[]
            {
                "tcp://127.0.0.1:1", "tcp://[::1]:65535", "tcp://till-1.shop_a:4000", "unix:/run/a.sock", "unix:a b",
                "unix:" + new string('x', 107), "serial:/dev/ttyACM0", "serial:COM3", "hid:/dev/hidraw0",
            })
            {
                ITransport transport = TransportFactory.Create(address);
                Must.Equal(address, transport.Name, "the name");
                DeviceInfo device = transport.List().Single();
                Must.Hold(address.EndsWith(device.Id, StringComparison.Ordinal), device.Id + " is in " + address);
                Must.Equal(device.Id, device.Path, "the path");
                Must.Hold(address.StartsWith(device.Transport, StringComparison.Ordinal), "the kind");
            }
            Must.Equal("hid", TransportFactory.Create("hid").Name, "the name");
            Must.Equal("hid", TransportFactory.Create("auto").Name, "the name of auto");
        }

        private static void Wrong()
        {
            var wrong = new Dictionary<string, string>
            {
                [""] = "write auto, hid",
                ["usb"] = "write auto, hid",
                ["HID"] = "write auto, hid",
                [" hid"] = "write auto, hid",
                ["emulator"] = "write auto, hid",
                ["hid:"] = "the path is missing",
                ["serial:"] = "the path is missing",
                ["serial"] = "write auto, hid",
                ["hid:a\0b"] = "a zero byte",
                ["tcp:127.0.0.1:1"] = "neither \"tcp://\" nor",
                ["tcp://"] = "the host is missing",
                ["tcp://:1"] = "the host is missing",
                ["tcp://h"] = "the port is missing",
                ["tcp://h:"] = "the port is missing",
                ["tcp://h:0"] = "from 1 to 65535, not \"0\"",
                ["tcp://h:65536"] = "from 1 to 65535",
                ["tcp://h:-1"] = "from 1 to 65535",
                ["tcp://h:1x"] = "from 1 to 65535",
                ["tcp://h:\u0661"] = "from 1 to 65535",
                ["tcp://h:1/"] = "nothing may follow",
                ["tcp://a@h:1"] = "credentials",
                ["tcp://::1:1"] = "belongs in brackets",
                ["tcp://[h]:1"] = "is not an IPv6 address",
                ["tcp://[1.2.3.4]:1"] = "is not an IPv6 address",
                ["tcp://h h:1"] = "is not a host name",
                ["tcp://h:1\n"] = "from 1 to 65535",
                ["unix:"] = "the path is missing",
                ["unix:a\0b"] = "a zero byte",
                ["unix:" + new string('\u00e9', 54)] = "108 bytes, and the system takes at most 107",
            };
            foreach (KeyValuePair<string, string> one in wrong)
            {
                string message = Must.Throw<FormatException>(() => TransportFactory.Create(one.Key)).Message;
                Must.Contain(one.Value, message);
                Must.Contain("bad address \"", message);
                Must.Contain("rite ", message);
            }
            Must.Throw<ArgumentNullException>(() => TransportFactory.Create(null));
        }

        private static void Escaped()
        {
            var addresses = new[] { "\u001b[31m", "tcp://\u001b[31m:1", "unix:" + new string('\n', 200), "\ud800" };
            foreach (string address in addresses)
            {
                string message = Must.Throw<FormatException>(() => TransportFactory.Create(address)).Message;
                Must.Hold(!message.Any(one => char.IsControl(one) || char.IsSurrogate(one)), "no control character");
            }
        }

        private static void NothingListens()
        {
            foreach (string address in new[] { "tcp://127.0.0.1:1", "unix:/nonexistent/a", "unix:/etc/passwd/a" })
            {
                ITransport transport = TransportFactory.Create(address);
                Action open = () => transport.Open(transport.List()[0], Must.Limit);
                string message = Must.Fail(open, TransportErrorCode.NotFound).Message;
                Must.Contain("nothing listens at " + address, message);
                Must.Contain("bluetap emulate --", message);
            }
            string stale = Path.Combine(Scratch.Folder, Scratch.Name());
            using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                socket.Bind(new UnixEndPoint(stale));
            }
            ITransport dead = TransportFactory.Create("unix:" + stale);
            Action openDead = () => dead.Open(dead.List()[0], Must.Limit);
            Must.Contain("nothing listens", Must.Fail(openDead, TransportErrorCode.NotFound).Message);
            File.Delete(stale);
        }

        private static void NotASocket()
        {
            foreach (string path in new[] { "/etc/passwd", "/tmp", "/dev/null" })
            {
                ITransport transport = TransportFactory.Create("unix:" + path);
                Action open = () => transport.Open(transport.List()[0], Must.Limit);
                Must.Contain("is not a socket", Must.Fail(open, TransportErrorCode.NotFound).Message);
            }
        }

        private static void NoPermission()
        {
            using (FarEnd device = SocketFarEnd.Unix())
            {
                DeviceInfo info = device.Transport.List()[0];
                OtherUser.Do(() =>
                {
                    Action open = () => device.Transport.Open(info, Must.Limit);
                    Must.Contain("may not connect", Must.Fail(open, TransportErrorCode.AccessDenied).Message);
                });
            }
        }

        private static void UnknownHost()
        {
            ITransport transport = TransportFactory.Create("tcp://no-such-host.invalid:1");
            Action open = () => transport.Open(transport.List()[0], Must.Limit);
            TransportException error = Must.Fail(open, TransportErrorCode.NotFound, TransportErrorCode.Io);
            Must.Contain("tcp://no-such-host.invalid:1", error.Message);
        }

        private static void EachAddress()
        {
            // Only the IPv4 address of localhost listens. The IPv6 address, where it is the first, is refused.
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            ITransport transport = TransportFactory.Create("tcp://localhost:" + port);
            using (transport.Open(transport.List()[0], Must.Limit)) listener.AcceptSocket().Dispose();
            listener.Stop();
        }

        private static void FullListener()
        {
            string path = Path.Combine(Scratch.Folder, Scratch.Name());
            using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                listener.Bind(new UnixEndPoint(path));
                listener.Listen(0);
                ITransport transport = TransportFactory.Create("unix:" + path);
                var open = new List<IChannel>();
                Action openMany = () =>
                {
                    for (int count = 0; count < 100; count++)
                    {
                        open.Add(transport.Open(transport.List()[0], TimeSpan.FromMilliseconds(20)));
                    }
                };
                Must.Contain("does not answer", Must.Fail(openMany, TransportErrorCode.Timeout).Message);
                foreach (IChannel channel in open) channel.Dispose();
            }
            File.Delete(path);
        }

        private static void SerialErrors()
        {
            var expected = new Dictionary<string, TransportErrorCode>
            {
                ["/nonexistent"] = TransportErrorCode.NotFound,
                ["/etc/passwd/a"] = TransportErrorCode.NotFound,
                ["/dev/null"] = TransportErrorCode.Io,
                ["/etc/passwd"] = TransportErrorCode.Io,
                ["/dev"] = TransportErrorCode.Io,
            };
            foreach (KeyValuePair<string, TransportErrorCode> one in expected)
            {
                ITransport transport = TransportFactory.Create("serial:" + one.Key);
                Action open = () => transport.Open(transport.List()[0], Must.Limit);
                Must.Contain(one.Key, Must.Fail(open, one.Value).Message);
            }
        }

        private static void SerialPermission()
        {
            using (var terminal = new PseudoTerminal())
            {
                ITransport transport = TransportFactory.Create("serial:" + terminal.Path);
                OtherUser.Do(() =>
                {
                    Action open = () => transport.Open(transport.List()[0], Must.Limit);
                    string message = Must.Fail(open, TransportErrorCode.AccessDenied).Message;
                    Must.Contain("/etc/udev/rules.d/70-bluetap.rules", message);
                    Must.Contain("dialout", message);
                });
            }
        }
    }
}
