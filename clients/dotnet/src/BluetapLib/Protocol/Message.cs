namespace BluetapLib.Protocol
{
    /// <summary>A message with the values of its fields, docs/protocol.md section 3.</summary>
    internal sealed class Message
    {
        private readonly object[] values = new object[Schema.Fields.Length];

        public Message(MessageType type, int session, int sequence)
        {
            Type = type;
            Session = session;
            Sequence = sequence;
        }

        public MessageType Type { get; }

        public int Session { get; }

        public int Sequence { get; }

        public bool IsSuccess => values[(int)Field.Result] is int result && result == 0;

        public ResultCode Result => WireCodes.ResultOf((int)this[Field.Result]);

        public PaymentLinkState State => (PaymentLinkState)(int)this[Field.State];

        /// <summary>How often the payment link was read; an absent field means 0.</summary>
        public int Taps => (int)(Number(Field.Taps) ?? 0);

        public int? Reason => (int?)Number(Field.Reason);

        public CommandId LastCommand => (CommandId)this[Field.LastCommand];

        /// <summary>The value of a field; null if the message does not have it.</summary>
        public object this[Field field]
        {
            get => values[(int)field];
            set => values[(int)field] = value;
        }

        public string Text(Field field)
        {
            return (string)this[field];
        }

        public uint? Number(Field field)
        {
            return (uint?)this[field];
        }

        /// <summary>Sets a field, and returns this message.</summary>
        public Message With(Field field, object value)
        {
            this[field] = value;
            return this;
        }
    }
}
