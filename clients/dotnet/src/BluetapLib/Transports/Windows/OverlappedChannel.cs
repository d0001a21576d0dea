using System;
using System.Collections.Generic;
using System.Threading;
using BluetapLib.Transports.Common;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Windows
{
    /// <summary>
    /// A channel over a device of Windows. One read is always under way between two calls of
    /// <see cref="IChannel.Read"/>, so that a read that was late loses no report.
    /// </summary>
    internal sealed class OverlappedChannel : GuardedChannel
    {
        private readonly SafeFileHandle _file;
        private readonly WindowsErrors.Kind _kind;
        private readonly Func<byte[], IReadOnlyList<byte[]>> _cut;
        private readonly int _skip;
        private readonly ManualResetEvent _closed = new ManualResetEvent(false);
        private readonly OverlappedCall _read;
        private OverlappedCall _write;
        private readonly int _writeLength;

        /// <summary>Makes a channel of an open device. The channel closes it.</summary>
        /// <param name="name">The device in a message.</param>
        /// <param name="file">The device, opened with FILE_FLAG_OVERLAPPED.</param>
        /// <param name="kind">Facts about the kind of device.</param>
        /// <param name="lengths">How many bytes one read and one write move, and how many of a read to leave
        /// out.</param>
        /// <param name="cut">Cuts the bytes of a write into what the device takes at once.</param>
        internal OverlappedChannel(
            string name,
            SafeFileHandle file,
            WindowsErrors.Kind kind,
            TransferLengths lengths,
            Func<byte[], IReadOnlyList<byte[]>> cut)
            : base(name)
        {
            _file = file;
            _kind = kind;
            _cut = cut;
            _skip = lengths.Skip;
            _writeLength = lengths.Write;
            _read = new OverlappedCall(file, lengths.Read);
            _write = new OverlappedCall(file, lengths.Write);
        }

        /// <summary>How many bytes a device moves at once.</summary>
        internal struct TransferLengths
        {
            internal int Read;
            internal int Write;

            /// <summary>The bytes at the start of each read that are not data: the report number.</summary>
            internal int Skip;
        }

        /// <inheritdoc/>
        protected override byte[] ReadNow(TimeLimit limit)
        {
            while (true)
            {
                if (!_read.IsUnderWay) ThrowIf(_read.BeginRead());
                if (!WaitFor(_read, limit)) return Nothing;
                ThrowIf(_read.End(out int count));
                if (count > _skip) return _read.Bytes(_skip, count);
            }
        }

        /// <inheritdoc/>
        protected override void WriteNow(byte[] data, TimeLimit limit)
        {
            foreach (byte[] piece in _cut(data))
            {
                ThrowIf(_write.BeginWrite(piece));
                bool isDone = false;
                try
                {
                    isDone = WaitFor(_write, limit);
                }
                finally
                {
                    if (!isDone) GiveUp();
                }
                if (!isDone) throw Advice.WriteTimeout(Name, limit.TotalMs);
                ThrowIf(_write.End(out int count));
                if (count != piece.Length) throw End(Advice.Unplugged(Name));
            }
        }

        /// <inheritdoc/>
        protected override void Wake()
        {
            _closed.Set();
        }

        /// <inheritdoc/>
        protected override void Free()
        {
            _read.Dispose();
            _write.Dispose();
            _file.Dispose();
            _closed.Dispose();
        }

        /// <summary>Waits until a call has completed.</summary>
        /// <returns>False if the time is over.</returns>
        private bool WaitFor(OverlappedCall call, TimeLimit limit)
        {
            var handles = new[] { _closed, call.Done };
            while (true)
            {
                int first = WaitHandle.WaitAny(handles, limit.LeftMs);
                if (first == 0) throw Advice.Closed(Name);
                if (first == 1) return true;
                if (limit.IsOver) return false;
            }
        }

        /// <summary>Ends a write. If Windows does not end it, the next write gets memory of its own.</summary>
        private void GiveUp()
        {
            if (_write.Cancel()) _write.End(out int _);
            else _write = new OverlappedCall(_file, _writeLength);
        }

        private void ThrowIf(int error)
        {
            if (error != 0) throw End(WindowsErrors.OfChannel(Name, error, _kind));
        }
    }
}
