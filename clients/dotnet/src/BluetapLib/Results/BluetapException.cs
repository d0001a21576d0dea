using System;
using System.Collections.Generic;

namespace BluetapLib
{
    /// <summary>
    /// Why a call has no success. Results of Pay and Cancel hold it in <see cref="CommandResult.Error"/>; the other
    /// calls throw it.
    /// </summary>
    public sealed class BluetapException : Exception
    {
        private static readonly FieldError[] NoFields = { };

        internal BluetapException(
            ResultCode code, string message, Exception inner = null, int? reason = null,
                IReadOnlyList<FieldError> fields = null)
            : base(message, inner)
        {
            Code = code;
            Reason = reason;
            Fields = fields ?? NoFields;
        }

        /// <summary>The result code of this failure; never SUCCESS.</summary>
        public ResultCode Code { get; }

        /// <summary>The reason of the device (docs/protocol.md section 3); null if the device did not refuse.</summary>
        public int? Reason { get; }

        /// <summary>The fields that break their rules; empty if no field is the cause.</summary>
        public IReadOnlyList<FieldError> Fields { get; }
    }
}
