using System;
using System.Collections.Generic;
using BluetapLib.Protocol;
using BluetapLib.Sessions;

namespace BluetapLib.Client
{
    /// <summary>
    /// Follows the device and its payment link through every message, and tells the changes. Every member needs the
    /// gate.
    /// </summary>
    internal sealed class LinkTracker : ISessionListener
    {
        private readonly PendingAttempts pending = new PendingAttempts();
        private LinkSeen lastSeen;
        private DeviceIdentity identity;

        public LinkTracker(IEnumerable<Attempt> earlier)
        {
            foreach (Attempt attempt in earlier)
            {
                pending.Add(attempt, null);
            }
        }

        /// <summary>The events. Each is called with the gate, in the order of the wire.</summary>
        public Action<ConnectedEventArgs> Connected { get; set; }

        public Action<DisconnectedEventArgs> Disconnected { get; set; }

        public Action<PaymentLinkEventArgs> Changed { get; set; }

        public Action<ResolvedEventArgs> Resolved { get; set; }

        /// <summary>The state is not known: the client asks with STATUS.</summary>
        public Action Gap { get; set; }

        public Action Contradiction { get; set; }

        /// <summary>The device that answered last; null if none did.</summary>
        public DeviceIdentity LastDevice => identity;

        /// <summary>Takes a state that the program gets as the result of its own call.</summary>
        public void Seen(PaymentLinkState state, int taps)
        {
            lastSeen = new LinkSeen(state, taps);
        }

        /// <summary>Takes a status that the client itself has asked for.</summary>
        public void CaughtUp(PaymentLinkStatus status)
        {
            bool changed = new LinkSeen(status.State, status.Taps).Differs(lastSeen);
            Seen(status.State, status.Taps);
            if (changed)
            {
                Changed(new PaymentLinkEventArgs(status.State, status.Taps, status.OrderId));
            }
        }

        public void Doubted(Attempt attempt, FrameChannel channel)
        {
            pending.Add(attempt, channel);
        }

        void ISessionListener.OnSession(HostSession session, bool newChannel)
        {
            LinkSeen link = session.AtHello;
            bool changed = lastSeen != null && link.Differs(lastSeen);
            lastSeen = link;

            // Behind a bridge or a UART, another device or a restarted one can answer on the same channel.
            DeviceIdentity now = session.Device;
            bool another = identity?.SerialNumber != now.SerialNumber || identity.BootId != now.BootId;
            identity = now;
            if (newChannel || another)
            {
                Connected(new ConnectedEventArgs(now, link.State, link.Taps));
            }
            else if (changed)
            {
                Changed(new PaymentLinkEventArgs(link.State, link.Taps));
            }

            if (session.Since != null)
            {
                lastSeen = session.Since;
                Changed(new PaymentLinkEventArgs(session.Since.State, session.Since.Taps));
            }

            foreach (ResolvedEventArgs resolved in pending.Settle(session, Contradiction))
            {
                Resolved(resolved);
            }
        }

        void ISessionListener.OnLost(Exception error)
        {
            Disconnected(new DisconnectedEventArgs(error));
        }

        void ISessionListener.OnLink(Message link, HostSession session)
        {
            LinkOrder order = session.TakeLinkSequence(link.Sequence);
            if (order == LinkOrder.Repeat)
            {
                return;
            }

            bool ready = link.State == PaymentLinkState.Ready;
            if (session.PaymentLinkOver && ready)
            {
                // A payment link that is over stays over until the next PAY.
                Contradiction();
                Gap();
                return;
            }

            session.PaymentLinkOver = !ready && !session.PayUnanswered;
            session.TakeTaps(link.Taps);
            session.Since = new LinkSeen(link.State, link.Taps);
            if (session.IsAccepted)
            {
                lastSeen = session.Since;
                Changed(new PaymentLinkEventArgs(link.State, link.Taps, link.Text(Field.OrderId)));
            }

            if (order == LinkOrder.Gap)
            {
                Gap();
            }
        }
    }
}
