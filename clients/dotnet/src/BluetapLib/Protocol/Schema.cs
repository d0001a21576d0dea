using System.Collections.Generic;

namespace BluetapLib.Protocol
{
    /// <summary>One field of docs/protocol.md section 3.</summary>
    internal sealed class FieldRow
    {
        public FieldRow(int tag, string name, ICoder coder)
        {
            Tag = tag;
            Name = name;
            Coder = coder;
        }

        public int Tag { get; }

        /// <summary>The name in the vectors and in the JSON of the command.</summary>
        public string Name { get; }

        public ICoder Coder { get; }
    }

    /// <summary>One message of docs/protocol.md section 3: which fields a message of this type has.</summary>
    internal sealed class MessageRow
    {
        public MessageRow(MessageType type, string name, Field[] required, Field[] optional)
        {
            Type = type;
            Name = name;
            Required = required;
            Optional = optional;
        }

        public MessageType Type { get; }

        public string Name { get; }

        public Field[] Required { get; }

        public Field[] Optional { get; }

        /// <summary>The fields that are required too if the state is ready, and forbidden otherwise.</summary>
        public Field[] RequiredWhenReady { get; set; } = Schema.NoFields;

        /// <summary>The fields that are allowed too if the state is ready, and forbidden otherwise.</summary>
        public Field[] OptionalWhenReady { get; set; } = Schema.NoFields;
    }

    /// <summary>The tables of docs/protocol.md section 3. Encoder and decoder are loops over them.</summary>
    internal static class Schema
    {
        public static readonly Field[] NoFields = { };

        public static readonly string[] PaymentMethods = { "TRUEMONEY", "SEVEN_11", "ALIPAY_CN", "ALIPAY_PLUS" };
        public static readonly string[] Results = { "SUCCESS", "PARAM_ILLEGAL", "PROCESS_FAIL", "UNKNOWN_EXCEPTION" };
        public static readonly string[] States = { "idle", "ready", "expired", "cancelled" };
        public static readonly string[] TapSources = { "read", "field", "none" };

        /// <summary>The fields, at the place of their <see cref="Field"/>.</summary>
        public static readonly FieldRow[] Fields =
        {
            new FieldRow(0x01, "paymentMethod", new NameCoder(PaymentMethods)),
            new FieldRow(0x02, "amount", new AsciiCoder(1, 8, '0', '9', '.')),
            new FieldRow(0x03, "orderId", new AsciiCoder(1, 16, '!', '~')),
            new FieldRow(0x04, "expiryTime", new UintCoder(4, 1, int.MaxValue)),
            new FieldRow(0x10, "result", new ChoiceCoder(Results)),
            new FieldRow(0x11, "reason", new UintCoder(1, 0, byte.MaxValue)),
            new FieldRow(0x12, "state", new ChoiceCoder(States)),
            new FieldRow(0x13, "remaining", new UintCoder(4, 0, uint.MaxValue)),
            new FieldRow(0x14, "taps", new UintCoder(1, 0, byte.MaxValue)),
            new FieldRow(0x15, "previous", new PreviousCoder()),
            new FieldRow(0x20, "nonce", new UintCoder(4, 0, uint.MaxValue)),
            new FieldRow(0x21, "model", new AsciiCoder(1, 16, ' ', '~')),
            new FieldRow(0x22, "firmware", new AsciiCoder(1, 16, ' ', '~')),
            new FieldRow(0x23, "serialNumber", new AsciiCoder(1, 32, ' ', '~')),
            new FieldRow(0x24, "bootId", new UintCoder(4, 0, uint.MaxValue)),
            new FieldRow(0x25, "simulated", new FlagCoder(0)),
            new FieldRow(0x26, "lastCommand", new CommandIdCoder()),
            new FieldRow(0x27, "tapSource", new ChoiceCoder(TapSources)),
        };

        public static readonly MessageRow[] Messages =
        {
            new MessageRow(MessageType.Hello, "HELLO", new[] { Field.Nonce }, NoFields),
            new MessageRow(
                MessageType.HelloReply,
                "HELLO_REPLY",
                new[]
                {
                    Field.Result, Field.State, Field.Nonce, Field.Model, Field.Firmware, Field.SerialNumber,
                        Field.BootId,
                },
                new[] { Field.Taps, Field.Simulated, Field.LastCommand, Field.TapSource }),
            new MessageRow(
                MessageType.Pay,
                "PAY",
                new[] { Field.PaymentMethod },
                new[] { Field.Amount, Field.OrderId, Field.ExpiryTime }),
            new MessageRow(
                MessageType.PayReply,
                "PAY_REPLY",
                new[] { Field.Result, Field.State, Field.Remaining },
                new[] { Field.Previous }),
            new MessageRow(MessageType.Cancel, "CANCEL", NoFields, new[] { Field.OrderId }),
            new MessageRow(
                MessageType.CancelReply, "CANCEL_REPLY", new[] { Field.Result, Field.State }, new[] { Field.Taps }),
            new MessageRow(MessageType.Status, "STATUS", NoFields, NoFields),
            new MessageRow(
                MessageType.StatusReply, "STATUS_REPLY", new[] { Field.Result, Field.State }, new[] { Field.Taps })
            {
                RequiredWhenReady = new[] { Field.Remaining, Field.PaymentMethod },
                OptionalWhenReady = new[] { Field.Amount, Field.OrderId },
            },
            new MessageRow(
                MessageType.Link, "LINK", new[] { Field.State }, new[] { Field.Taps, Field.OrderId }),
        };

        /// <summary>The fields of a refusal, of any type: exactly these.</summary>
        public static readonly Field[] Refusal = { Field.Result, Field.Reason, Field.State };

        public static FieldRow Row(Field field)
        {
            return Fields[(int)field];
        }

        /// <summary>Returns the row of a type, or null if this version does not know the type.</summary>
        public static MessageRow RowOf(int type)
        {
            foreach (MessageRow row in Messages)
            {
                if ((int)row.Type == type)
                {
                    return row;
                }
            }

            return null;
        }
    }
}
