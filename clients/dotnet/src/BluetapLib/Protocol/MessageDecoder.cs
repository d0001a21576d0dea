using System;
using System.Collections.Generic;

namespace BluetapLib.Protocol
{
    /// <summary>Reads messages with the order of checks of docs/protocol.md section 3, for a host.</summary>
    internal static class MessageDecoder
    {
        /// <summary>Stands for the value of a field that breaks its rule.</summary>
        private static readonly object Broken = new object();

        /// <summary>Reads a frame.</summary>
        /// <param name="frame">A whole frame.</param>
        /// <param name="reason">Why it is no message of this version, a reason of section 3; else 0.</param>
        /// <returns>The message, or null.</returns>
        public static Message Decode(Frame frame, out int reason)
        {
            MessageRow row = Schema.RowOf(frame.Type);
            if (frame.Version != Limits.Version)
            {
                reason = Reason.UnknownVersion;
                return null;
            }

            if (row == null)
            {
                reason = Reason.UnknownType;
                return null;
            }

            Message message = new Message(row.Type, frame.Session, frame.Sequence);
            reason = ReadFields(frame.Payload, row, message);
            if (reason == 0)
            {
                reason = CheckShape(row, message);
            }

            if (reason != 0)
            {
                return null;
            }

            // A flag that is not set means the same as no flag.
            if (message[Field.Simulated] is bool simulated && !simulated)
            {
                message[Field.Simulated] = null;
            }

            return message;
        }

        private static int ReadFields(byte[] payload, MessageRow row, Message message)
        {
            bool critical = false;
            int lastTag = -1;
            for (int at = 0; at < payload.Length;)
            {
                if (at + 2 > payload.Length)
                {
                    return Reason.BadValue;
                }

                int tag = payload[at];
                int length = payload[at + 1];
                int start = at + 2;
                if (start + length > payload.Length || tag <= lastTag)
                {
                    return Reason.BadValue;
                }

                Field? field = FieldOf(row, tag);
                if (field != null)
                {
                    ICoder coder = Schema.Row(field.Value).Coder;
                    if (coder.FixedLength != null && coder.FixedLength != length)
                    {
                        return Reason.BadValue;
                    }

                    message[field.Value] = coder.Read(payload, start, length) ?? Broken;
                }
                else if (tag >= Limits.FirstCriticalTag)
                {
                    critical = true;
                }

                lastTag = tag;
                at = start + length;
            }

            return critical ? Reason.UnknownCriticalTag : 0;
        }

        /// <summary>
        /// Returns the field that the type knows under this tag. A refusal adds the reason to every reply.
        /// </summary>
        private static Field? FieldOf(MessageRow row, int tag)
        {
            for (int place = 0; place < Schema.Fields.Length; place++)
            {
                Field field = (Field)place;
                if (Schema.Fields[place].Tag == tag)
                {
                    bool isOfReply = field == Field.Reason && IsReply(row);
                    return isOfReply || Knows(row, field) ? field : (Field?)null;
                }
            }

            return null;
        }

        private static bool IsReply(MessageRow row)
        {
            return Array.IndexOf(row.Required, Field.Result) >= 0;
        }

        private static bool Knows(MessageRow row, Field field)
        {
            return Array.IndexOf(row.Required, field) >= 0 || Array.IndexOf(row.Optional, field) >= 0 ||
                Array.IndexOf(row.RequiredWhenReady, field) >= 0 || Array.IndexOf(row.OptionalWhenReady, field) >= 0;
        }

        private static int CheckShape(MessageRow row, Message message)
        {
            List<Field> required = new List<Field>(row.Required);
            List<Field> optional = new List<Field>(row.Optional);
            if (message[Field.Result] is int result && result != 0)
            {
                required = new List<Field>(Schema.Refusal);
                optional.Clear();
            }
            else if (message[Field.State] is int state && state == (int)PaymentLinkState.Ready)
            {
                required.AddRange(row.RequiredWhenReady);
                optional.AddRange(row.OptionalWhenReady);
            }

            foreach (Field field in required)
            {
                if (message[field] == null)
                {
                    return Reason.MissingField;
                }
            }

            if (message[Field.PaymentMethod] == Broken)
            {
                return Reason.UnknownPaymentMethod;
            }

            for (int place = 0; place < Schema.Fields.Length; place++)
            {
                object value = message[(Field)place];
                if (value == null)
                {
                    continue;
                }

                bool isExcess = !required.Contains((Field)place) && !optional.Contains((Field)place);
                if (value == Broken || isExcess)
                {
                    return Reason.BadValue;
                }
            }

            return 0;
        }
    }
}
