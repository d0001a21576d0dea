namespace BluetapLib.Sessions
{
    /// <summary>
    /// Remembers the place where another device has answered than the one that is wanted. Each HELLO ends the session
    /// of the POS that this device belongs to, so none is sent there for a while.
    /// </summary>
    internal sealed class OtherDevice
    {
        private readonly object door = new object();
        private string place;
        private long untilMs;
        private BluetapException error;

        /// <exception cref="BluetapException">Another device has answered at this place a short time ago.</exception>
        public void ThrowIfAt(string id)
        {
            lock (door)
            {
                if (place == id && Timing.NowMs < untilMs)
                {
                    throw error;
                }
            }
        }

        public BluetapException Remember(string id, BluetapException why)
        {
            lock (door)
            {
                place = id;
                untilMs = Timing.NowMs + Timing.OtherDeviceMs;
                error = why;
                return why;
            }
        }
    }
}
