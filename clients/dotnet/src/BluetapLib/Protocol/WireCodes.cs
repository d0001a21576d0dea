namespace BluetapLib.Protocol
{
    /// <summary>The results of the wire and the vendor's result codes are numbered in different ways.</summary>
    internal static class WireCodes
    {
        private static readonly ResultCode[] Results =
        {
            ResultCode.SUCCESS, ResultCode.PARAM_ILLEGAL, ResultCode.PROCESS_FAIL, ResultCode.UNKNOWN_EXCEPTION,
        };

        public static ResultCode ResultOf(int wire)
        {
            return Results[wire];
        }
    }
}
