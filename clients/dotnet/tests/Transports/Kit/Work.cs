using System;
using System.Threading;

namespace BluetapTests.Transports.Kit
{
    /// <summary>An action on a thread of its own. What it throws is thrown again where its end is awaited.</summary>
    internal sealed class Work
    {
        private readonly string _what;
        private readonly Thread _thread;
        private Exception _error;

        private Work(string what, Action action)
        {
            _what = what;
            _thread = new Thread(() =>
            {
                try
                {
                    action();
                }
                catch (Exception error)
                {
                    _error = error;
                }
            });
            _thread.IsBackground = true;
            _thread.Start();
        }

        internal static Work Start(string what, Action action)
        {
            return new Work(what, action);
        }

        /// <summary>Runs an action that must end.</summary>
        internal static void Do(string what, Action action)
        {
            Start(what, action).MustEnd();
        }

        internal void MustEnd()
        {
            Must.Hold(_thread.Join(Must.Limit), _what + " ends");
            if (_error != null) throw new InvalidOperationException(_what + ": " + _error.Message, _error);
        }
    }
}
