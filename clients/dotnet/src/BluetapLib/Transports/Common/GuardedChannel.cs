using System;
using System.Threading;

namespace BluetapLib.Transports.Common
{
    /// <summary>
    /// What every channel has in common: one reader and one writer at a time, a close from any thread that wakes both,
    /// a resource that is freed when the last call has left, and the first error, which each later call reports.
    /// </summary>
    internal abstract class GuardedChannel : IChannel
    {
        /// <summary>No bytes.</summary>
        protected static readonly byte[] Nothing = new byte[0];

        private readonly CallsInside _calls;
        private readonly object _reading = new object();
        private readonly object _writing = new object();
        private volatile TransportException _ended;

        /// <summary>Creates a channel.</summary>
        /// <param name="name">The device in a message, already safe to show.</param>
        protected GuardedChannel(string name)
        {
            Name = name;
            _calls = new CallsInside(Free);
        }

        /// <summary>The device in a message.</summary>
        protected string Name { get; }

        /// <summary>True once the program closed the channel.</summary>
        protected bool IsClosed => _calls.IsClosed;

        /// <inheritdoc/>
        public byte[] Read(TimeSpan timeout)
        {
            TimeLimit limit = TimeLimit.After(timeout);
            bool taken = false;
            try
            {
                TakeTurn(_reading, limit, ref taken);
                return taken ? Inside(() => ReadNow(limit)) : Nothing;
            }
            finally
            {
                if (taken) Monitor.Exit(_reading);
            }
        }

        /// <inheritdoc/>
        public void Write(byte[] data, TimeSpan timeout)
        {
            if (data == null) throw new ArgumentNullException(nameof(data));
            TimeLimit limit = TimeLimit.After(timeout);
            bool taken = false;
            try
            {
                TakeTurn(_writing, limit, ref taken);
                if (!taken) throw Advice.WriteTimeout(Name, limit.TotalMs);
                Inside(() =>
                {
                    WriteNow(data, limit);
                    return Nothing;
                });
            }
            finally
            {
                if (taken) Monitor.Exit(_writing);
            }
        }

        /// <summary>Closes the channel. It does not wait for a call that the system does not end.</summary>
        public void Dispose()
        {
            _calls.Close(Wake);
        }

        /// <summary>Waits for bytes, until <paramref name="limit"/> is over or the channel is closed.</summary>
        protected abstract byte[] ReadNow(TimeLimit limit);

        /// <summary>Writes bytes, until <paramref name="limit"/> is over or the channel is closed.</summary>
        protected abstract void WriteNow(byte[] data, TimeLimit limit);

        /// <summary>Ends the waits of a reader and of a writer.</summary>
        protected abstract void Wake();

        /// <summary>Gives the resource back to the system. It is called once, when no call is inside.</summary>
        protected abstract void Free();

        /// <summary>Keeps the resource for another thread of the channel, until <see cref="LeaveInside"/>.</summary>
        protected bool TryEnterInside()
        {
            return _calls.TryEnter();
        }

        /// <summary>See <see cref="TryEnterInside"/>.</summary>
        protected void LeaveInside()
        {
            _calls.Leave();
        }

        /// <summary>Keeps the error that ended the connection.</summary>
        /// <returns>The error, to throw.</returns>
        protected TransportException End(TransportException error)
        {
            if (_ended == null) _ended = error;
            return error;
        }

        private static void TakeTurn(object key, TimeLimit limit, ref bool taken)
        {
            do Monitor.TryEnter(key, limit.LeftMs, ref taken);
            while (!taken && !limit.IsOver);
        }

        private byte[] Inside(Func<byte[]> call)
        {
            if (!_calls.TryEnter()) throw Advice.Closed(Name);
            try
            {
                TransportException first = _ended;
                if (first != null) throw new TransportException(first.Code, first.Message, first);
                byte[] result = call();
                return result;
            }
            catch (TransportException) when (_calls.IsClosed)
            {
                throw Advice.Closed(Name);
            }
            finally
            {
                _calls.Leave();
            }
        }
    }
}
