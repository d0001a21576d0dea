using System;

namespace BluetapLib.Transports.Common
{
    /// <summary>
    /// Frees a resource of the system when it is closed and the last call that uses it has ended. Without this, the
    /// number of a closed descriptor could belong to another file while a call still reads from it.
    /// </summary>
    internal sealed class CallsInside
    {
        private readonly object _key = new object();
        private readonly Action _free;
        private int _calls;
        private bool _closed;

        /// <summary>Guards a resource.</summary>
        /// <param name="free">Frees the resource. It is called once.</param>
        internal CallsInside(Action free)
        {
            _free = free;
        }

        /// <summary>True once <see cref="Close"/> was called.</summary>
        internal bool IsClosed
        {
            get
            {
                lock (_key) return _closed;
            }
        }

        /// <summary>Begins a call.</summary>
        /// <returns>False if the resource is closed; then the caller does not use it and does not leave.</returns>
        internal bool TryEnter()
        {
            lock (_key)
            {
                if (_closed) return false;
                _calls++;
                return true;
            }
        }

        /// <summary>Ends a call.</summary>
        internal void Leave()
        {
            lock (_key)
            {
                _calls--;
                if (!_closed || _calls > 0) return;
            }
            _free();
        }

        /// <summary>Lets no further call in. It can be called any number of times.</summary>
        /// <param name="wake">Ends the waits of the calls inside. The resource is still there.</param>
        internal void Close(Action wake)
        {
            lock (_key)
            {
                if (_closed) return;
                _closed = true;
                _calls++;
            }
            try
            {
                wake();
            }
            finally
            {
                Leave();
            }
        }
    }
}
