namespace BluetapLib
{
    /// <summary>One field that breaks its rule.</summary>
    public sealed class FieldError
    {
        internal FieldError(string field, int reason, string message)
        {
            Field = field;
            Reason = reason;
            Message = message;
        }

        /// <summary>The name of the property, such as <c>Amount</c>.</summary>
        public string Field { get; }

        /// <summary>The reason that a device would answer: 1 missing, 2 unknown payment method, 3 bad value.</summary>
        public int Reason { get; }

        /// <summary>The rule and the value that breaks it. It can contain an amount or an order id.</summary>
        public string Message { get; }
    }
}
