using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BluetapLib.Protocol;
using BluetapLib.Transports;

namespace BluetapTests.Kit
{
    /// <summary>The end of a connection that a fake device has.</summary>
    internal abstract class FakeConnection
    {
        private readonly FrameDecoder decoder;

        protected FakeConnection(FakeDevice device)
        {
            decoder = new FrameDecoder(
                frame => device.Take(MessageDecoder.Decode(frame, out int _), this),
                damage => throw new InvalidOperationException("the host sent a damaged frame: " + damage));
        }

        public abstract void Send(byte[] bytes);

        public abstract void End();

        protected void Receive(byte[] bytes)
        {
            decoder.Push(bytes, 0);
        }
    }

    /// <summary>A transport in memory. Each opening is a new connection to the device that is there then.</summary>
    internal sealed class FakeTransport : ITransport
    {
        private readonly object door = new object();
        private int open;

        public FakeTransport(params FakeDevice[] devices)
        {
            Devices = devices.ToList();
        }

        public string Name => "fake";

        public List<FakeDevice> Devices { get; }

        /// <summary>Thrown by every opening, if it is set.</summary>
        public Exception Failure { get; set; }

        /// <summary>If it is set, opening waits for it.</summary>
        public ManualResetEventSlim Hang { get; set; }

        /// <summary>How many channels are open now.</summary>
        public int OpenChannels
        {
            get
            {
                lock (door)
                {
                    return open;
                }
            }
        }

        /// <summary>Every channel must be closed. A thread that has lost its channel closes it a moment later.</summary>
        public void MustClose()
        {
            SpinWait.SpinUntil(() => OpenChannels == 0, BluetapTests.Transports.Kit.Must.Limit);
            BluetapTests.Transports.Kit.Must.Equal(0, OpenChannels, "the open channels");
        }

        public IReadOnlyList<DeviceInfo> List()
        {
            return Devices.ConvertAll(device =>
                new DeviceInfo("fake:" + device.SerialNumber, Name, device.SerialNumber));
        }

        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            Hang?.Wait();
            if (Failure != null)
            {
                throw Failure;
            }

            lock (door)
            {
                open++;
            }

            return new FakeChannel(Devices.Single(each => "fake:" + each.SerialNumber == device.Id), this);
        }

        private void Closed()
        {
            lock (door)
            {
                open--;
            }
        }

        private sealed class FakeChannel : FakeConnection, IChannel
        {
            private readonly object door = new object();
            private readonly Queue<byte[]> waiting = new Queue<byte[]>();
            private readonly FakeTransport transport;
            private bool isEnded;
            private bool isDisposed;

            public FakeChannel(FakeDevice device, FakeTransport transport)
                : base(device)
            {
                this.transport = transport;
            }

            public byte[] Read(TimeSpan timeout)
            {
                lock (door)
                {
                    if (waiting.Count == 0 && !isEnded && !isDisposed)
                    {
                        Monitor.Wait(door, timeout);
                    }

                    if (waiting.Count > 0)
                    {
                        return waiting.Dequeue();
                    }

                    ThrowIfEnded();
                    return new byte[0];
                }
            }

            public void Write(byte[] data, TimeSpan timeout)
            {
                lock (door)
                {
                    ThrowIfEnded();
                }

                Receive(data);
            }

            public override void Send(byte[] bytes)
            {
                lock (door)
                {
                    waiting.Enqueue(bytes);
                    Monitor.PulseAll(door);
                }
            }

            public override void End()
            {
                lock (door)
                {
                    isEnded = true;
                    Monitor.PulseAll(door);
                }
            }

            public void Dispose()
            {
                lock (door)
                {
                    if (isDisposed)
                    {
                        return;
                    }

                    isDisposed = true;
                    Monitor.PulseAll(door);
                }

                transport.Closed();
            }

            private void ThrowIfEnded()
            {
                if (isEnded || isDisposed)
                {
                    throw new TransportException(TransportErrorCode.Disconnected, "the fake device went away");
                }
            }
        }
    }
}
