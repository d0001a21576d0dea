namespace BluetapLib
{
    /// <summary>The wallets of docs/protocol.md section 6. The names are those of the vendor.</summary>
    public enum PaymentMethod
    {
        /// <summary>TrueMoney.</summary>
        TRUEMONEY,

        /// <summary>7-11.</summary>
        SEVEN_11,

        /// <summary>Alipay in China.</summary>
        ALIPAY_CN,

        /// <summary>A wallet of Alipay+.</summary>
        ALIPAY_PLUS,
    }
}
