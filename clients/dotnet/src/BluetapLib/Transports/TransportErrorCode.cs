namespace BluetapLib.Transports
{
    /// <summary>Why a transport failed.</summary>
    public enum TransportErrorCode
    {
        /// <summary>There is no such device, port, host or path.</summary>
        NotFound,

        /// <summary>The system does not let this user open the device.</summary>
        AccessDenied,

        /// <summary>Another program has the device open.</summary>
        Busy,

        /// <summary>The device went away, or the far end closed the connection.</summary>
        Disconnected,

        /// <summary>A library or a function of the system that the transport needs is missing.</summary>
        MissingLibrary,

        /// <summary>The system did not answer in time.</summary>
        Timeout,

        /// <summary>Any other error of the system.</summary>
        Io,
    }
}
