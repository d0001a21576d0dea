using System.Collections.Generic;

namespace BluetapLib
{
    /// <summary>
    /// What the device shows: a payment link of one wallet, with an amount and an order id. docs/protocol.md section 6
    /// has the rules of the fields. They are checked when the command is sent, and not here.
    /// </summary>
    public sealed class PayCommand
    {
        /// <summary>
        /// The wallet: <c>TRUEMONEY</c>, <c>SEVEN_11</c>, <c>ALIPAY_CN</c> or <c>ALIPAY_PLUS</c>, in upper case.
        /// <c>BluetapLib.PaymentMethod.TRUEMONEY.ToString()</c> gives one.
        /// </summary>
        public string PaymentMethod { get; set; }

        /// <summary>
        /// The amount as text: 1 to 8 characters, digits with at most one point between two digits, such as
        /// <c>120.00</c>. Null if there is no amount.
        /// </summary>
        public string Amount { get; set; }

        /// <summary>
        /// The order id: 1 to 16 characters of printable ASCII without spaces. Null if there is none.
        /// </summary>
        public string OrderId { get; set; }

        /// <summary>How long the payment link is live, in seconds: 1 to 2147483647. The default is 900.</summary>
        public int ExpiryTime { get; set; } = 900;

        /// <summary>Checks the fields as <c>SendPayCommand</c> does, without sending anything.</summary>
        /// <returns>Each field that breaks its rule; an empty list if the command can be sent.</returns>
        public IReadOnlyList<FieldError> Check()
        {
            return Delivery.Validation.Check(this);
        }
    }
}
