using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BluetapLib.Transports;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Transports
{
    /// <summary>What every channel must do, over every transport.</summary>
    internal static partial class ChannelSuite
    {
        private const int Much = 32768;
        private static readonly int[] EdgeLengths = { 1, 2, 61, 62, 63, 64, 65, 66, 125, 126, 127, 128 };
        private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

        private static readonly Dictionary<string, Action<FarEnd>> Everywhere = new Dictionary<string, Action<FarEnd>>
        {
            ["list has the device, twice the same"] = ListIsTheSame,
            ["every byte value arrives both ways"] =
                device => BothWays(device, FarEnd.Numbered(126), FarEnd.Numbered(129, 126)),
            ["frames of every length around a packet arrive"] =
                device => BothWays(device, EdgeLengths.Select(length => FarEnd.Numbered(length)).ToArray()),
            ["many small writes arrive in order"] = ManySmallWrites,
            ["one large write arrives whole"] = LargeWrite,
            ["many bytes come while the host writes"] = BothAtOnce,
            ["bytes right after open are not lost"] = RightAfterOpen,
            ["a read without bytes is empty and harms nothing"] = EmptyReads,
            ["the bytes of a write may be used again"] = WriteCopies,
            ["close wakes a read that waits"] = CloseWakes,
            ["close from many threads, many times"] = CloseFromThreads,
            ["read and write after close say so"] = AfterClose,
            ["writes of many threads do not mix"] = WritersDoNotMix,
            ["two readers get each byte once"] = ReadersShare,
            ["many channels leave nothing open"] = ManyChannels,
            ["close in the middle of traffic leaves nothing open"] = CloseInTraffic,
            ["a dropped channel is closed by the collector"] = DroppedChannel,
            ["an unplug ends a read that waits, and all later calls"] = Unplugged,
            ["close after an unplug is silent"] = CloseAfterUnplug,
            ["an unplugged device is not there"] = OpenUnplugged,
            ["a device of another list is refused"] = OtherDevice,
            ["a write that the device does not take has an end"] = StalledWrite,
            ["close ends a write that the device does not take"] = CloseEndsStalledWrite,
            ["an unplug ends a write that the device does not take"] = UnplugEndsStalledWrite,
            ["a second open is as the transport says"] = SecondOpen,
        };

        private static readonly Dictionary<string, Func<FarEnd>> Devices = new Dictionary<string, Func<FarEnd>>
        {
            ["tcp"] = () => SocketFarEnd.Tcp(),
            ["unix socket"] = () => SocketFarEnd.Unix(),
            ["tcp of .NET"] = () => SocketFarEnd.Tcp(true),
            ["unix socket of .NET"] = () => SocketFarEnd.Unix(true),
            ["pseudo-terminal"] = () => new TerminalFarEnd(),
            ["hid"] = () => new HidFarEnd(),
        };

        internal static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            foreach (KeyValuePair<string, Func<FarEnd>> device in Devices)
            {
                foreach (KeyValuePair<string, Action<FarEnd>> one in Everywhere)
                {
                    yield return new KeyValuePair<string, Action>(
                        $"transports: {device.Key}: {one.Key}", () => Run(device.Value, one.Value));
                }
            }
        }

        private static void Run(Func<FarEnd> make, Action<FarEnd> action)
        {
            using (FarEnd device = make()) Work.Do("the case", () => action(device));
        }

        private static void ListIsTheSame(FarEnd device)
        {
            DeviceInfo first = device.Transport.List().Single();
            Must.Hold(!string.IsNullOrEmpty(first.Id), "the device has an id");
            Must.Equal(first.Id, device.Transport.List().Single().Id, "the id the second time");
            Must.Hold(device.Transport.Name.Length > 0, "the transport has a name");
        }

        private static void BothWays(FarEnd device, params byte[][] frames)
        {
            using (IChannel channel = device.Open())
            {
                foreach (byte[] frame in frames)
                {
                    channel.Write(FarEnd.Delimited(frame), Must.Limit);
                    Must.SameBytes(frame, device.Receive(frame.Length), "what reaches the device");
                    device.Send(FarEnd.Delimited(frame));
                    Must.SameBytes(frame, FarEnd.ReadFrom(channel, frame.Length), "what reaches the host");
                }
            }
        }

        private static void ManySmallWrites(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                // The device reads meanwhile: a unix socket keeps only some writes, however small they are.
                Work write = Work.Start("the writes", () =>
                {
                    for (int at = 0; at < 100; at++)
                    {
                        channel.Write(FarEnd.Delimited(FarEnd.Numbered(7, at)), Must.Limit);
                    }
                });
                for (int at = 0; at < 100; at++)
                {
                    Must.SameBytes(FarEnd.Numbered(7, at), device.Receive(7), "write " + at);
                }
                write.MustEnd();
            }
        }

        private static void LargeWrite(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                Work write = Work.Start("the write", () => channel.Write(FarEnd.Numbered(Much), Must.Limit));
                Must.SameBytes(FarEnd.Numbered(Much), device.Receive(Much), "the large write");
                write.MustEnd();
            }
        }

        private static void BothAtOnce(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                Work send = Work.Start("the device", () => device.Send(FarEnd.Numbered(Much)));
                Work take = Work.Start("the device's reader", () => device.Receive(6200));
                Work write = Work.Start("the host's writer", () =>
                {
                    for (int at = 0; at < 100; at++) channel.Write(FarEnd.Delimited(FarEnd.Numbered(62)), Must.Limit);
                });
                Must.SameBytes(FarEnd.Numbered(Much), FarEnd.ReadFrom(channel, Much), "what reaches the host");
                foreach (Work work in new[] { send, take, write }) work.MustEnd();
            }
        }

        private static void RightAfterOpen(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                device.Send(FarEnd.Numbered(60));
                Must.SameBytes(FarEnd.Numbered(60), FarEnd.ReadFrom(channel, 60), "the first bytes");
            }
        }

        private static void EmptyReads(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                var times = new[] { TimeSpan.Zero, TimeSpan.FromTicks(1), Short, TimeSpan.FromSeconds(-7) };
                foreach (TimeSpan time in times)
                {
                    Must.Equal(0, channel.Read(time).Length, $"the bytes in {time}");
                }
                channel.Write(new byte[0], Must.Limit);
                device.Send(FarEnd.Numbered(10));
                Must.SameBytes(FarEnd.Numbered(10), FarEnd.ReadFrom(channel, 10), "the bytes afterwards");
            }
        }

        private static void WriteCopies(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                byte[] data = FarEnd.Numbered(62);
                channel.Write(data, Must.Limit);
                for (int at = 0; at < data.Length; at++) data[at] = 0x55;
                channel.Write(new byte[] { 9 }, Must.Limit);
                Must.SameBytes(FarEnd.Numbered(62), device.Receive(62), "the first write");
                Must.SameBytes(new byte[] { 9 }, device.Receive(1), "the second write");
            }
        }

        private static void CloseWakes(FarEnd device)
        {
            for (int time = 0; time < 10; time++)
            {
                IChannel channel = device.Open();
                var isReading = new ManualResetEvent(false);
                Work read = Work.Start("the read", () =>
                {
                    FarEnd.ReadFrom(channel, 1);
                    isReading.Set();
                    Must.Fail(() => channel.Read(Timeout.InfiniteTimeSpan), TransportErrorCode.Disconnected);
                });
                device.Send(new byte[] { 1 });
                Must.Hold(isReading.WaitOne(Must.Limit), "the read began");
                channel.Dispose();
                read.MustEnd();
            }
        }

        private static void CloseFromThreads(FarEnd device)
        {
            IChannel channel = device.Open();
            Work[] closes = Enumerable.Range(0, 8).Select(one => Work.Start("close " + one, channel.Dispose)).ToArray();
            foreach (Work close in closes) close.MustEnd();
            channel.Dispose();
            using (IChannel next = device.Open())
            {
                channel.Dispose();
                device.Send(FarEnd.Numbered(5));
                Must.SameBytes(FarEnd.Numbered(5), FarEnd.ReadFrom(next, 5), "the next channel");
            }
        }

        private static void AfterClose(FarEnd device)
        {
            IChannel channel = device.Open();
            channel.Dispose();
            Action read = () => channel.Read(Must.Limit);
            Action write = () => channel.Write(new byte[] { 1 }, Must.Limit);
            Must.Contain("was closed", Must.Fail(read, TransportErrorCode.Disconnected).Message);
            Must.Contain("was closed", Must.Fail(write, TransportErrorCode.Disconnected).Message);
            Must.Throw<ArgumentNullException>(() => channel.Write(null, Must.Limit));
        }

        private static void WritersDoNotMix(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                Work[] writers = Enumerable.Range(1, 8).Select(one => Work.Start("writer " + one, () =>
                {
                    byte[] frame = Enumerable.Repeat((byte)one, 100).ToArray();
                    for (int time = 0; time < 10; time++) channel.Write(FarEnd.Delimited(frame), Must.Limit);
                })).ToArray();
                for (int frame = 0; frame < 80; frame++)
                {
                    byte[] found = device.Receive(100);
                    Must.Hold(found.All(one => one == found[0]), "a frame is whole: " + BitConverter.ToString(found));
                }
                foreach (Work writer in writers) writer.MustEnd();
            }
        }

        private static void ReadersShare(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                int left = 2000;
                Work[] readers = Enumerable.Range(1, 2).Select(one => Work.Start("reader " + one, () =>
                {
                    while (Volatile.Read(ref left) > 0)
                    {
                        Interlocked.Add(ref left, -channel.Read(Short).Length);
                    }
                })).ToArray();
                device.Send(FarEnd.Numbered(2000));
                foreach (Work reader in readers) reader.MustEnd();
                Must.Equal(0, left, "the bytes that no reader got");
            }
        }

        private static void ManyChannels(FarEnd device)
        {
            device.Open().Dispose();
            Resources.MustBeGivenBack(() =>
            {
                for (int time = 0; time < 50; time++)
                {
                    using (IChannel channel = device.Open())
                    {
                        channel.Write(new byte[] { 7 }, Must.Limit);
                        device.Receive(1);
                    }
                }
                // The device's end of the latest channel is also a file of this process.
                device.Open().Dispose();
            });
        }

        private static void CloseInTraffic(FarEnd device)
        {
            device.Open().Dispose();
            Resources.MustBeGivenBack(() =>
            {
                for (int time = 0; time < 5; time++)
                {
                    IChannel channel = device.Open();
                    Action readOnce = () => channel.Read(Must.Limit);
                    Action writeOnce = () => channel.Write(new byte[] { 1 }, Must.Limit);
                    Work read = Work.Start("the read", () => EndsAsClosed(readOnce));
                    Work write = Work.Start("the write", () => EndsAsClosed(writeOnce));
                    device.Receive(1 + time);
                    channel.Dispose();
                    read.MustEnd();
                    write.MustEnd();
                }
            });
        }

        private static void EndsAsClosed(Action call)
        {
            Must.Fail(
                () =>
                {
                    while (true) call();
                },
                TransportErrorCode.Disconnected);
        }

        private static void DroppedChannel(FarEnd device)
        {
            device.Open().Dispose();
            int before = Resources.OpenFiles();
            Work.Do("an open without a close", () => device.Open());
            Must.Hold(Resources.OpenFiles() > before, "a file is open");
            Must.BecomeSo(
                () =>
                {
                    // The collector of mono looks at the stack of each thread, so the last object can live on.
                    Work.Do("other work", () => new byte[10000].ToString());
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    return Resources.OpenFiles() <= before;
                },
                "the collector closes the file");
        }
    }
}
