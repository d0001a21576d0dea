using System;
using System.Collections.Generic;

namespace BluetapLib.Protocol
{
    /// <summary>Writes messages, docs/protocol.md sections 2 and 3.</summary>
    internal static class MessageEncoder
    {
        /// <summary>
        /// Returns the bytes of the wire, with both delimiters. Every field that has a value is written.
        /// </summary>
        /// <exception cref="ArgumentException">A value breaks the rule of its field.</exception>
        public static byte[] Encode(Message message)
        {
            List<byte> payload = new List<byte>();
            for (int place = 0; place < Schema.Fields.Length; place++)
            {
                object value = message[(Field)place];
                if (value == null)
                {
                    continue;
                }

                FieldRow row = Schema.Fields[place];
                byte[] bytes = row.Coder.Write(value);
                if (bytes == null)
                {
                    throw new ArgumentException("the field " + row.Name + " breaks its rule");
                }

                payload.Add((byte)row.Tag);
                payload.Add((byte)bytes.Length);
                payload.AddRange(bytes);
            }

            return new Frame(
                Limits.Version, (int)message.Type, message.Session, message.Sequence, payload.ToArray()).ToWire();
        }
    }
}
