using System;
using BluetapLib;

namespace Bluetap
{
    /// <summary>The exit codes of the process, a contract for scripts.</summary>
    internal static class ExitCodes
    {
        public const int Ok = 0;
        public const int Failed = 1;
        public const int ParamIllegal = 2;
        public const int DeviceDisconnected = 3;
        public const int ProcessFail = 4;
        public const int UnknownException = 5;
        public const int Usage = 64;

        public static int Of(ResultCode code)
        {
            switch (code)
            {
                case ResultCode.SUCCESS: return Ok;
                case ResultCode.PARAM_ILLEGAL: return ParamIllegal;
                case ResultCode.DEVICE_DISCONNECTED: return DeviceDisconnected;
                case ResultCode.PROCESS_FAIL: return ProcessFail;
                default: return UnknownException;
            }
        }
    }

    /// <summary>Ends the command with a message for a person.</summary>
    internal sealed class Failure : Exception
    {
        /// <param name="exitCode">The exit code of the process.</param>
        /// <param name="message">What is wrong and what is right.</param>
        /// <param name="help">The command that prints the help, or null.</param>
        public Failure(int exitCode, string message, string help = null)
            : base(message + (help == null ? string.Empty : "\nTry: " + help))
        {
            ExitCode = exitCode;
        }

        public int ExitCode { get; }
    }
}
