namespace BluetapLib
{
    /// <summary>The two facts of a command, and whether the first one can still change.</summary>
    public sealed class OutcomeFacts
    {
        internal OutcomeFacts(Outcome outcome, LinkLive linkLive, bool isPending = false)
        {
            Outcome = outcome;
            LinkLive = linkLive;
            IsPending = isPending;
        }

        /// <summary>The outcome of the command.</summary>
        public Outcome Outcome { get; }

        /// <summary>Whether its payment link may be live.</summary>
        public LinkLive LinkLive { get; }

        /// <summary>True only if the outcome is unknown and can still become known.</summary>
        public bool IsPending { get; }
    }
}
