using System;

namespace BluetapLib
{
    /// <summary>The payment link that a PAY replaced, as it was when the PAY came.</summary>
    public sealed class PreviousPaymentLink : IEquatable<PreviousPaymentLink>
    {
        internal PreviousPaymentLink(PaymentLinkState state, int taps)
        {
            State = state;
            Taps = taps;
        }

        /// <summary>Its state. Ready: it was live until the PAY ended it.</summary>
        public PaymentLinkState State { get; }

        /// <summary>How often a phone had read it. Above 0: it may have been paid. 255 means 255 or more.</summary>
        public int Taps { get; }

        /// <summary>True if state and taps are the same.</summary>
        /// <param name="other">Another payment link, or null.</param>
        /// <returns>True if state and taps are the same.</returns>
        public bool Equals(PreviousPaymentLink other)
        {
            return other != null && other.State == State && other.Taps == Taps;
        }

        /// <inheritdoc/>
        public override bool Equals(object obj)
        {
            return Equals(obj as PreviousPaymentLink);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return ((int)State << 8) | Taps;
        }
    }
}
