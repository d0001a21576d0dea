namespace BluetapLib
{
    /// <summary>
    /// What a client has dropped without an event, from its start (docs/protocol.md, R-5, R-73 and R-83).
    /// </summary>
    public sealed class Statistics
    {
        internal Statistics()
        {
        }

        /// <summary>Sessions that were opened.</summary>
        public long Sessions { get; internal set; }

        /// <summary>Messages of another session or sequence, and second replies.</summary>
        public long StrayMessages { get; internal set; }

        /// <summary>Frames that could not be read.</summary>
        public long DroppedFrames { get; internal set; }

        /// <summary>Replies that contradicted themselves, and were not believed.</summary>
        public long Contradictions { get; internal set; }

        internal Statistics Copy()
        {
            return (Statistics)MemberwiseClone();
        }
    }
}
