using System;

namespace BluetapLib
{
    /// <summary>
    /// A change of the payment link that this client did not ask for: a tap, an expiry, a fault, another host.
    /// </summary>
    public class PaymentLinkEventArgs : EventArgs
    {
        internal PaymentLinkEventArgs(PaymentLinkState state, int taps, string orderId = null)
        {
            State = state;
            Taps = taps;
            OrderId = orderId;
        }

        /// <summary>The state after the change.</summary>
        public PaymentLinkState State { get; }

        /// <summary>How often a phone has read the payment link. 255 means 255 or more.</summary>
        public int Taps { get; }

        /// <summary>The order id of the payment link; null if it has none, or if the device did not tell it.</summary>
        public string OrderId { get; }
    }

    /// <summary>A device has answered, for the first time or again.</summary>
    public sealed class ConnectedEventArgs : PaymentLinkEventArgs
    {
        internal ConnectedEventArgs(DeviceIdentity device, PaymentLinkState state, int taps)
            : base(state, taps)
        {
            Device = device;
        }

        /// <summary>The device that has answered.</summary>
        public DeviceIdentity Device { get; }
    }

    /// <summary>The device went away. The client continues to look for it.</summary>
    public sealed class DisconnectedEventArgs : EventArgs
    {
        internal DisconnectedEventArgs(Exception error)
        {
            Error = error;
        }

        /// <summary>What happened.</summary>
        public Exception Error { get; }
    }

    /// <summary>The outcome of a command whose result was unknown and pending is final now.</summary>
    public sealed class ResolvedEventArgs : EventArgs
    {
        internal ResolvedEventArgs(Attempt attempt, OutcomeFacts facts, PaymentLinkState state, int taps)
        {
            Attempt = attempt;
            Facts = facts;
            State = state;
            Taps = taps;
        }

        /// <summary>The attempt that was in doubt.</summary>
        public Attempt Attempt { get; }

        /// <summary>Both facts. An outcome of unknown is final here: ask the acquirer.</summary>
        public OutcomeFacts Facts { get; }

        /// <summary>The state of the payment link of the device when the doubt ended.</summary>
        public PaymentLinkState State { get; }

        /// <summary>How often a phone has read that payment link. 255 means 255 or more.</summary>
        public int Taps { get; }
    }
}
