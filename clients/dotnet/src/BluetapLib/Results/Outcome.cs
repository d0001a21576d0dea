namespace BluetapLib
{
    /// <summary>The outcome of a command: the first fact of every result. docs/protocol.md section 4.</summary>
    public enum Outcome
    {
        /// <summary>The device may have executed the command. It must not be sent again to find out.</summary>
        Unknown,

        /// <summary>No byte of the command left this computer. It may be sent again.</summary>
        NotSent,

        /// <summary>The device refused the command.</summary>
        Refused,

        /// <summary>The device executed the command.</summary>
        Executed,

        /// <summary>The command left, and the device says that it did not execute it. It may be sent again.</summary>
        NotExecuted,
    }
}
