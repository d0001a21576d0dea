using System;
using System.Collections.Generic;
using System.Linq;
using BluetapLib.Protocol;
using BluetapLib.Transports;

namespace BluetapLib.Sessions
{
    /// <summary>What the sessions tell the client. Each member is called with the gate held.</summary>
    internal interface ISessionListener
    {
        /// <summary>A session was opened, on a new channel or on the open one.</summary>
        void OnSession(HostSession session, bool newChannel);

        /// <summary>The channel to a device that had answered was lost.</summary>
        void OnLost(Exception error);

        /// <summary>A LINK of the session that is open, or that is being opened, has come.</summary>
        void OnLink(Message link, HostSession session);
    }

    /// <summary>
    /// Opens sessions: lists the devices, opens one and sends HELLO, until there is a session. It repeats no command.
    /// docs/protocol.md section 4. Every member needs the gate.
    /// </summary>
    internal sealed class HostSessions : IFrameChannelOwner
    {
        private readonly Gate gate;
        private readonly ITransport transport;
        private readonly string wantedDevice;
        private readonly bool allowSimulated;
        private readonly ISessionListener listener;
        private readonly OtherDevice other = new OtherDevice();
        private readonly List<HostSession> earlier = new List<HostSession>();
        private HostSession greeting;
        private FrameChannel channel;
        private string contradiction;
        private bool answered;
        private bool kicked;
        private long greetedAtMs;
        private int shortLived;
        private int hanging;

        public HostSessions(
            Gate gate, ITransport transport, string wantedDevice, bool allowSimulated, ISessionListener listener)
        {
            this.gate = gate;
            this.transport = transport;
            this.wantedDevice = wantedDevice;
            this.allowSimulated = allowSimulated;
            this.listener = listener;
        }

        /// <summary>The open session; null if there is none, or if a command is in doubt.</summary>
        public HostSession Current { get; private set; }

        /// <summary>The open session, if it has a number left for a request.</summary>
        public HostSession Usable => Current == null || Current.IsSpent ? null : Current;

        public bool IsChannelOpen => channel != null;

        /// <summary>True if the client looks for a session without a call.</summary>
        public bool Wanted { get; private set; } = true;

        /// <summary>The error of the last try; null if it succeeded.</summary>
        public Exception LastError { get; private set; }

        public Statistics Statistics { get; } = new Statistics();

        /// <summary>Returns the open session, or opens one.</summary>
        /// <exception cref="Exception">The reason of the scope.</exception>
        public HostSession Obtain(Scope scope)
        {
            while (true)
            {
                scope.ThrowIfOver();
                if (Usable != null)
                {
                    return Usable;
                }

                Current = null;
                if (shortLived > 1)
                {
                    // A device that answers HELLO and goes away, again and again, must not get a thousand HELLOs a
                    // second.
                    shortLived = 1;
                    Pause(scope);
                }

                try
                {
                    return Establish(scope);
                }
                catch (Exception error)
                {
                    scope.ThrowIfOver();
                    LastError = error;
                }

                Pause(scope);
            }
        }

        /// <summary>Gives up the session, but not its channel. The next one begins with HELLO.</summary>
        /// <param name="wanted">False if another host took it: a HELLO without a call would take it back.</param>
        public void Drop(bool wanted)
        {
            Current = null;
            Wanted = wanted;
        }

        /// <summary>There is a call: ends the pause between two tries.</summary>
        public void Kick()
        {
            shortLived = 0;
            kicked = true;
            gate.Pulse();
        }

        /// <summary>Counts a contradiction of the device .</summary>
        public void Contradicted()
        {
            Statistics.Contradictions++;
        }

        /// <summary>
        /// True if the attempt was sent on the channel of the session, and the channel has stayed open.
        /// </summary>
        public bool LineStayed(Attempt attempt, HostSession session)
        {
            return earlier.Any(each =>
                each.Number == attempt.Id.Session && each.Device.SerialNumber == attempt.SerialNumber &&
                each.Device.BootId == attempt.BootId && each.Channel == session.Channel);
        }

        /// <summary>Closes the channel.</summary>
        public void Close()
        {
            Current = null;
            FrameChannel open = channel;
            channel = null;
            open?.Close();
        }

        void IFrameChannelOwner.OnLost(FrameChannel lost, Exception error)
        {
            if (channel == lost)
            {
                Forget(error);
            }
        }

        bool IFrameChannelOwner.OnReply(FrameChannel from, Message reply)
        {
            string found = ContradictoryReply.Find(reply, earlier);
            if (found != null)
            {
                contradiction = from.Device.Id + " " + found;
                Contradicted();
                return false;
            }

            if (Current != null)
            {
                TakeReply(Current, reply);
            }

            if (reply.Type == MessageType.HelloReply && reply.IsSuccess)
            {
                // Here, and not where the reply is waited for: a message behind it belongs to this session already.
                greeting = new HostSession(from, reply);
                earlier.Add(greeting);
                if (earlier.Count > ContradictoryReply.RememberedSessions)
                {
                    earlier.RemoveAt(0);
                }
            }

            return true;
        }

        void IFrameChannelOwner.OnLink(Message link)
        {
            HostSession session = Current ?? greeting;
            if (session != null && link.Session == session.Number)
            {
                listener.OnLink(link, session);
            }
            else
            {
                Statistics.StrayMessages++;
            }
        }

        void IFrameChannelOwner.OnStray(Message message)
        {
            Statistics.StrayMessages++;
        }

        void IFrameChannelOwner.OnDrop()
        {
            Statistics.DroppedFrames++;
        }

        private HostSession Establish(Scope scope)
        {
            // Not "channel == null": the call that opened the channel can end before HELLO is answered on it.
            bool newChannel = !answered;
            if (channel == null)
            {
                channel = Open(scope);
            }

            FrameChannel used = channel;
            try
            {
                HostSession session = Greet(used, scope);
                if (channel != used)
                {
                    // It was lost between the reply and this line.
                    throw LastError;
                }

                Current = session;
                session.IsAccepted = true;
                Wanted = true;
                answered = true;
                greetedAtMs = Timing.NowMs;
                LastError = null;
                Statistics.Sessions++;
                listener.OnSession(session, newChannel);
                return session;
            }
            catch (Exception error)
            {
                // A channel that was lost is already forgotten. If the caller gave up, the channel is still good.
                if (!scope.IsOver && channel == used)
                {
                    Forget(error);
                    used.Close();
                }

                throw;
            }
            finally
            {
                greeting = null;
            }
        }

        private FrameChannel Open(Scope parent)
        {
            if (hanging >= Timing.MaxHanging)
            {
                throw new TransportException(
                    TransportErrorCode.Timeout,
                    transport.Name + ": " + hanging + " earlier calls have not returned; plug the device in again");
            }

            Scope scope = new Scope(gate, parent, Timing.NowMs + Timing.OpenMs, () => new TransportException(
                TransportErrorCode.Timeout,
                transport.Name + ": listing or opening took longer than " + Timing.OpenMs +
                " ms: check the cable or the network"));
            hanging++;
            Opening opening = new Opening(transport, Choose, gate, () => hanging--);
            KeyValuePair<DeviceInfo, IChannel> opened = opening.Run(scope);
            return new FrameChannel(opened.Key, opened.Value, gate, this);
        }

        private DeviceInfo Choose()
        {
            DeviceInfo device = DeviceChoice.Choose(transport.List(), wantedDevice, transport.Name);
            other.ThrowIfAt(device.Id);
            return device;
        }

        private HostSession Greet(FrameChannel on, Scope scope)
        {
            string id = on.Device.Id;
            contradiction = null;
            Message hello = Exchange.Hello(on, scope);
            if (hello == null)
            {
                throw new BluetapException(ResultCode.DEVICE_DISCONNECTED, contradiction == null
                    ? id + " is open, but no BlueTap device answers there: power it off and on."
                    : "The answer to HELLO is not believed: " + contradiction + ". Power the device off and on.");
            }

            if (!hello.IsSuccess)
            {
                int reason = hello.Reason.Value;

                // Not the code of the device: PARAM_ILLEGAL would blame the fields of the caller.
                throw new BluetapException(
                    ResultCode.PROCESS_FAIL,
                    id + " refused HELLO: " + Reason.Describe(reason) + " (reason " + reason + ").",
                    null,
                    reason);
            }

            HostSession session = greeting;
            string serialNumber = session.Device.SerialNumber;
            if (!allowSimulated && session.Device.IsSimulated)
            {
                throw new BluetapException(
                    ResultCode.DEVICE_DISCONNECTED,
                    serialNumber + " at " + id + " is a simulated device, and this program allows real ones only " +
                    "(BLUETAP_ALLOW_SIMULATED=0 or AllowSimulated = false): connect the real one.");
            }

            if (wantedDevice != null && wantedDevice != serialNumber && wantedDevice != id)
            {
                throw other.Remember(id, new BluetapException(
                    ResultCode.DEVICE_DISCONNECTED,
                    id + " is the device " + serialNumber + ", not " + wantedDevice +
                    ": correct BLUETAP_DEVICE, the option Device, or the address."));
            }

            return session;
        }

        private void TakeReply(HostSession session, Message reply)
        {
            session.Since = null;
            session.PayUnanswered = false;
            if (reply.IsSuccess)
            {
                if (reply.Type == MessageType.PayReply)
                {
                    session.MaybeShown();
                }

                // Fewer taps than the device has said before: the larger number counts.
                if (reply.Type == MessageType.CancelReply && !session.TakeTaps(reply.Taps))
                {
                    Contradicted();
                }
            }

            session.PaymentLinkOver = reply.State != PaymentLinkState.Ready;
        }

        private void Forget(Exception error)
        {
            channel = null;
            Current = null;
            Wanted = true;
            LastError = error;
            if (answered)
            {
                answered = false;
                shortLived = Timing.NowMs - greetedAtMs < Timing.RetryMs ? shortLived + 1 : 0;
                listener.OnLost(error);
            }

            gate.Pulse();
        }

        private void Pause(Scope scope)
        {
            long untilMs = Timing.NowMs + Timing.RetryMs;
            kicked = false;
            while (!kicked && Timing.NowMs < untilMs)
            {
                scope.ThrowIfOver();
                scope.WaitUntil(untilMs);
            }
        }
    }
}
