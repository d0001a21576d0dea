using System;
using BluetapLib.Transports.Common;
using Microsoft.Win32.SafeHandles;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// A number of an open file. It is closed at the latest when nothing refers to it any more. A program that the
    /// process starts does not get it.
    /// </summary>
    internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
    {
        private Descriptor(int number)
            : base(true)
        {
            SetHandle(new IntPtr(number));
        }

        /// <summary>The number for a call. Only a caller that keeps the descriptor open may use it.</summary>
        internal int Number => (int)handle;

        /// <summary>Opens a file.</summary>
        /// <param name="path">The path.</param>
        /// <param name="flags">The flags of <c>open</c>.</param>
        /// <param name="error">The error number, or 0.</param>
        /// <returns>The descriptor, or null if the file could not be opened.</returns>
        internal static Descriptor Open(string path, int flags, out int error)
        {
            int number;
            do
            {
                number = Libc.Open(Files.PathBytes(path), flags | Libc.CloseOnExec);
                error = number < 0 ? Files.LastError() : 0;
            }
            while (error == Errno.Interrupted);
            return number < 0 ? null : new Descriptor(number);
        }

        /// <summary>Takes a number that the C library gave, or null for -1.</summary>
        internal static Descriptor Of(int number)
        {
            return number < 0 ? null : new Descriptor(number);
        }

        /// <summary>
        /// Makes a descriptor that wakes a wait: it can be read once <see cref="Signal"/> was called.
        /// </summary>
        internal static Descriptor ForWaking()
        {
            int number = Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlocking);
            if (number >= 0) return new Descriptor(number);
            string why = Errno.InWords(Files.LastError());
            throw Advice.Failed($"the system gives no further file ({why}): close other files of this program");
        }

        /// <summary>Wakes every wait, now and later.</summary>
        internal void Signal()
        {
            byte[] one = BitConverter.GetBytes(1UL);
            Libc.Write(Number, one, (UIntPtr)one.Length);
        }

        /// <summary>Waits until something can be read or written, or the wait is woken.</summary>
        /// <param name="events">What to wait for, as <c>poll</c> names it.</param>
        /// <param name="wake">Ends the wait.</param>
        /// <param name="limit">Ends the wait too.</param>
        /// <returns>What <c>poll</c> saw, or 0.</returns>
        internal short Wait(short events, Descriptor wake, TimeLimit limit)
        {
            var entries = new[]
            {
                new Libc.PollEntry { Descriptor = Number, Events = events },
                new Libc.PollEntry { Descriptor = wake.Number, Events = Libc.PollIn },
            };
            // A signal ends a call early. The runtime uses signals to stop its threads.
            while (true)
            {
                int count = Libc.Poll(entries, (UIntPtr)entries.Length, limit.LeftMs);
                if (count > 0) return entries[0].Returned;
                if (count == 0 && limit.IsOver) return 0;
                int error = count < 0 ? Files.LastError() : 0;
                if (error != 0 && error != Errno.Interrupted && error != Errno.TryAgain)
                {
                    throw Advice.Failed($"the system cannot wait for a file ({Errno.InWords(error)})");
                }
            }
        }

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            return Libc.Close(Number) == 0;
        }
    }
}
