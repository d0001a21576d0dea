namespace BluetapLib.Protocol
{
    /// <summary>Why a device refuses, docs/protocol.md section 3.</summary>
    internal static class Reason
    {
        public const int MissingField = 1;
        public const int UnknownPaymentMethod = 2;
        public const int BadValue = 3;
        public const int NoSuchSession = 4;
        public const int OrderMismatch = 5;
        public const int NfcFault = 6;
        public const int UnknownCriticalTag = 7;
        public const int UnknownType = 8;
        public const int UnknownVersion = 9;
        public const int SequenceReused = 10;
        public const int InternalError = 11;

        /// <summary>True if a refusal is about one copy in one session, and not about the command .</summary>
        public static bool IsOfTheCopy(int? reason)
        {
            return reason == NoSuchSession || reason == SequenceReused;
        }

        /// <summary>
        /// Returns the meaning of a reason, for a person. A reason of a later version is accepted.
        /// </summary>
        public static string Describe(int reason)
        {
            switch (reason)
            {
                case MissingField: return "a required field is missing";
                case UnknownPaymentMethod: return "the payment method is not known";
                case BadValue: return "a value breaks its rule";
                case NoSuchSession: return "the session is not the current one";
                case OrderMismatch: return "the live payment link belongs to another order";
                case NfcFault: return "the NFC part of the device failed";
                case UnknownCriticalTag: return "the message has a critical field that the device does not know";
                case UnknownType: return "the device does not know this message type";
                case UnknownVersion: return "the device does not speak this version of the protocol";
                case SequenceReused: return "the sequence number was used before";
                case InternalError: return "internal error of the device";
                default: return "reason " + reason + ", which this version does not know";
            }
        }
    }
}
