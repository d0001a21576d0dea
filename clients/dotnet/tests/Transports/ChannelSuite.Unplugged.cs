using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BluetapLib.Transports;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Transports
{
    /// <summary>The cases about an unplugged device, and about a device that takes no bytes.</summary>
    internal static partial class ChannelSuite
    {
        private static void Unplugged(FarEnd device)
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
            device.Unplug();
            read.MustEnd();
            Must.Fail(() => channel.Read(TimeSpan.Zero), TransportErrorCode.Disconnected);
            Must.Fail(() => channel.Write(new byte[] { 1 }, Must.Limit), TransportErrorCode.Disconnected);
            channel.Dispose();
        }

        private static void CloseAfterUnplug(FarEnd device)
        {
            IChannel channel = device.Open();
            if (device.KeepsBytesAtUnplug) device.Send(FarEnd.Numbered(9));
            device.Unplug();
            if (device.KeepsBytesAtUnplug)
            {
                Must.SameBytes(FarEnd.Numbered(9), FarEnd.ReadFrom(channel, 9), "what came before the unplug");
                Must.Fail(() => channel.Read(Must.Limit), TransportErrorCode.Disconnected);
            }
            channel.Dispose();
            channel.Dispose();
        }

        private static void OpenUnplugged(FarEnd device)
        {
            DeviceInfo info = device.Transport.List()[0];
            device.Unplug();
            Resources.MustBeGivenBack(() =>
                Must.Fail(() => device.Transport.Open(info, Must.Limit), TransportErrorCode.NotFound));
        }

        private static void OtherDevice(FarEnd device)
        {
            DeviceInfo info = device.Transport.List()[0];
            var other = new DeviceInfo(info.Id + "\u001b[31m-unknown", info.Transport, path: info.Path);
            Action open = () => device.Transport.Open(other, Must.Limit);
            Must.Contain("\\u001b[31m", Must.Fail(open, TransportErrorCode.NotFound).Message);
            Must.Throw<ArgumentNullException>(() => device.Transport.Open(null, Must.Limit));
        }

        private static void StalledWrite(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                var much = FarEnd.Numbered(8 << 20);
                TransportException error = Must.Fail(() => channel.Write(much, Short), TransportErrorCode.Timeout);
                Must.Contain("20 ms", error.Message);
                Must.Fail(() => channel.Write(much, Short), TransportErrorCode.Timeout);
                device.Unplug();
            }
        }

        private static void CloseEndsStalledWrite(FarEnd device)
        {
            IChannel channel = device.Open();
            Work write = StartStalledWrite(channel);
            device.Receive(1);
            channel.Dispose();
            write.MustEnd();
            device.Unplug();
        }

        private static void UnplugEndsStalledWrite(FarEnd device)
        {
            using (IChannel channel = device.Open())
            {
                Work write = StartStalledWrite(channel);
                device.Receive(1);
                device.Unplug();
                write.MustEnd();
            }
        }

        private static Work StartStalledWrite(IChannel channel)
        {
            byte[] much = FarEnd.Numbered(8 << 20);
            Action write = () => channel.Write(much, Timeout.InfiniteTimeSpan);
            return Work.Start("the write", () => Must.Fail(write, TransportErrorCode.Disconnected));
        }

        private static void SecondOpen(FarEnd device)
        {
            using (IChannel first = device.Open())
            {
                if (device.CanBeOpenedTwice)
                {
                    device.Transport.Open(device.Transport.List()[0], Must.Limit).Dispose();
                }
                else
                {
                    Must.Fail(
                        () => device.Transport.Open(device.Transport.List()[0], Must.Limit), TransportErrorCode.Busy);
                }
                first.Write(FarEnd.Numbered(3), Must.Limit);
                Must.SameBytes(FarEnd.Numbered(3), device.Receive(3), "the first channel");
            }
        }
    }
}
