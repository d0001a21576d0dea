using System;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Windows
{
    /// <summary>
    /// One read or one write that Windows does in the background (overlapped I/O). Windows writes to the buffer and to
    /// OVERLAPPED until the call has completed, so both are in memory that the collector does not move, and a call that
    /// does not complete keeps them for ever.
    /// </summary>
    internal sealed class OverlappedCall : IDisposable
    {
        private const int CancelMs = 1000;
        private readonly SafeFileHandle _file;
        private readonly ManualResetEvent _done = new ManualResetEvent(false);
        private readonly IntPtr _buffer;
        private readonly IntPtr _overlapped;
        private readonly int _capacity;

        /// <summary>Prepares a call.</summary>
        /// <param name="file">A file that was opened with FILE_FLAG_OVERLAPPED.</param>
        /// <param name="capacity">How many bytes one call moves at most.</param>
        internal OverlappedCall(SafeFileHandle file, int capacity)
        {
            _file = file;
            _capacity = capacity;
            _buffer = Marshal.AllocHGlobal(capacity);
            _overlapped = Marshal.AllocHGlobal(Marshal.SizeOf(typeof(NativeOverlapped)));
        }

        /// <summary>Set when the call has completed.</summary>
        internal WaitHandle Done => _done;

        /// <summary>True from the beginning of a call until its end was taken.</summary>
        internal bool IsUnderWay { get; private set; }

        /// <summary>Begins a read.</summary>
        /// <returns>0, or the error number.</returns>
        internal int BeginRead()
        {
            Prepare();
            return Begun(Kernel32.ReadFile(_file, _buffer, (uint)_capacity, IntPtr.Zero, _overlapped));
        }

        /// <summary>Begins a write of at most the capacity.</summary>
        /// <returns>0, or the error number.</returns>
        internal int BeginWrite(byte[] data)
        {
            Prepare();
            Marshal.Copy(data, 0, _buffer, data.Length);
            return Begun(Kernel32.WriteFile(_file, _buffer, (uint)data.Length, IntPtr.Zero, _overlapped));
        }

        /// <summary>Takes the end of a call that has completed.</summary>
        /// <param name="count">How many bytes were moved.</param>
        /// <returns>0, or the error number.</returns>
        internal int End(out int count)
        {
            bool isGood = Kernel32.GetOverlappedResult(_file, _overlapped, out uint moved, false);
            int error = isGood ? 0 : Marshal.GetLastWin32Error();
            count = isGood ? (int)moved : 0;
            IsUnderWay = false;
            return error;
        }

        /// <summary>The first bytes of the buffer.</summary>
        internal byte[] Bytes(int from, int count)
        {
            var bytes = new byte[Math.Max(0, count - from)];
            Marshal.Copy(IntPtr.Add(_buffer, from), bytes, 0, bytes.Length);
            return bytes;
        }

        /// <summary>Asks Windows to give a call up, and waits a short time for it.</summary>
        /// <returns>True if the call has completed: given up, or done at the last moment.</returns>
        internal bool Cancel()
        {
            if (!IsUnderWay) return true;
            Kernel32.CancelIoEx(_file, _overlapped);
            return _done.WaitOne(CancelMs);
        }

        /// <summary>Ends the call and frees its memory. It keeps the memory of a call that does not end.</summary>
        public void Dispose()
        {
            if (!Cancel()) return;
            Marshal.FreeHGlobal(_buffer);
            Marshal.FreeHGlobal(_overlapped);
            _done.Dispose();
        }

        private void Prepare()
        {
            _done.Reset();
            var overlapped = new NativeOverlapped { EventHandle = _done.SafeWaitHandle.DangerousGetHandle() };
            Marshal.StructureToPtr(overlapped, _overlapped, false);
            IsUnderWay = true;
        }

        private int Begun(bool isDone)
        {
            int error = isDone ? 0 : Marshal.GetLastWin32Error();
            if (error == 0 || error == WindowsErrors.IoPending) return 0;
            IsUnderWay = false;
            return error;
        }
    }
}
