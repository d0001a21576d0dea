using System;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>A channel over an open <c>/dev/hidrawN</c>.</summary>
    internal sealed class HidChannel : DescriptorChannel
    {
        private readonly BlockingWriter _writer;

        /// <summary>Makes a channel of an open file. The channel closes it.</summary>
        internal HidChannel(string name, Descriptor file)
            : base(name, file, HidReports.Length)
        {
            _writer = new BlockingWriter(name, WriteReport);
        }

        /// <inheritdoc/>
        protected override void WriteNow(byte[] data, TimeLimit limit)
        {
            _writer.Write(HidReports.Of(data), limit);
        }

        /// <inheritdoc/>
        protected override void Wake()
        {
            base.Wake();
            _writer.Close();
        }

        /// <inheritdoc/>
        protected override TransportException ErrorOf(int number)
        {
            switch (number)
            {
                case Errno.BrokenPipe:
                    // Linux does not clear the halt of its interrupt endpoint, and hidraw has no function to clear it.
                    return Ended("does not accept data (its endpoint stalls): unplug it and plug it in again");
                case Errno.NotPermitted:
                case Errno.AccessDenied:
                case Errno.Busy:
                    return Ended($"was opened, but may not be read or written ({Errno.InWords(number)}): close "
                        + HidAdvice.Holders);
                case Errno.InputOutput:
                case Errno.Protocol:
                case Errno.TimedOut:
                    return Ended($"does not work, or was unplugged ({Errno.InWords(number)}): plug it in again");
                default:
                    return Advice.Unplugged(Name);
            }
        }

        /// <summary>Writes one report on the thread of the writer. It keeps the file open meanwhile.</summary>
        private TransportException WriteReport(byte[] report)
        {
            if (!TryEnterInside()) return Advice.Closed(Name);
            try
            {
                while (true)
                {
                    var count = (int)Libc.Write(File.Number, report, (UIntPtr)report.Length);
                    if (count == report.Length) return null;
                    int error = count < 0 ? Files.LastError() : 0;
                    if (error == Errno.Interrupted) continue;
                    return End(count < 0 ? ErrorOf(error) : Ended("took a part of a report: plug it in again"));
                }
            }
            finally
            {
                LeaveInside();
            }
        }

        private TransportException Ended(string what)
        {
            return new TransportException(TransportErrorCode.Disconnected, $"{Name} {what}");
        }
    }
}
