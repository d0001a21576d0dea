using System;
using BluetapLib.Protocol;
using BluetapLib.Sessions;

namespace BluetapLib.Delivery
{
    /// <summary>A validated command. Each attempt gives it new numbers.</summary>
    internal sealed class Order
    {
        public CommandType Type { get; set; }

        public string PaymentMethod { get; set; }

        public string Amount { get; set; }

        public string OrderId { get; set; }

        public int ExpiryTime { get; set; } = Limits.DefaultExpiryTime;

        public Message Request(int session, int sequence)
        {
            if (Type == CommandType.Cancel)
            {
                return new Message(MessageType.Cancel, session, sequence).With(Field.OrderId, OrderId);
            }

            Message pay = new Message(MessageType.Pay, session, sequence)
                .With(Field.PaymentMethod, PaymentMethod)
                .With(Field.Amount, Amount)
                .With(Field.OrderId, OrderId);

            // an absent field means 900 seconds.
            return ExpiryTime == Limits.DefaultExpiryTime ? pay : pay.With(Field.ExpiryTime, (uint)ExpiryTime);
        }
    }

    /// <summary>
    /// Delivers one command and returns its result: sends it, repeats the same bytes while no reply comes, and asks in
    /// a new session if it stays in doubt. docs/protocol.md section 4. Every member needs the gate.
    /// </summary>
    internal sealed class Courier
    {
        private readonly Gate gate;
        private readonly HostSessions sessions;
        private readonly Action<Attempt, FrameChannel> onDoubt;

        /// <param name="gate">The gate of the client.</param>
        /// <param name="sessions">The sessions of the client.</param>
        /// <param name="onDoubt">Takes an attempt that a later session must settle.</param>
        public Courier(Gate gate, HostSessions sessions, Action<Attempt, FrameChannel> onDoubt)
        {
            this.gate = gate;
            this.sessions = sessions;
            this.onDoubt = onDoubt;
        }

        /// <summary>Delivers a command. It never throws.</summary>
        /// <param name="order">The command.</param>
        /// <param name="onAttempt">
        /// Called before the first byte of each attempt leaves, without the gate; or null.
        /// </param>
        /// <param name="scope">The scope of the call.</param>
        public CommandResult Deliver(Order order, Action<Attempt> onAttempt, Scope scope)
        {
            try
            {
                return DeliverUntilSettled(order, onAttempt, scope);
            }
            catch (Exception error)
            {
                return Results.Unforeseen(error);
            }
        }

        private CommandResult DeliverUntilSettled(Order order, Action<Attempt> onAttempt, Scope scope)
        {
            CommandResult refusedOnce = null;
            while (true)
            {
                HostSession session;
                Message request;
                Attempt attempt;
                try
                {
                    scope.ThrowIfOver();
                    session = sessions.Obtain(scope);
                    request = order.Request(session.Number, session.Next());
                    attempt = AttemptOf(order, request, session);
                    Tell(attempt, onAttempt);
                    scope.ThrowIfOver();
                }
                catch (Exception error)
                {
                    return refusedOnce ?? Results.NotSent(order.Type, scope.IsOver ? scope.Reason : error);
                }

                if (sessions.Current != session)
                {
                    // It ended while the program stored the attempt. Nothing was sent in it.
                    continue;
                }

                Message reply = Send(request, session, scope, out int copies, out Exception failure);
                if (reply != null && reply.IsSuccess)
                {
                    session.LastCommand = attempt.Id;
                    return Results.Executed(attempt, reply, session);
                }

                RefusalWeight weight = reply == null
                    ? RefusalWeight.Doubt
                    : OutcomeRules.Weigh(reply.Reason.Value, copies, refusedOnce != null);
                if (weight != RefusalWeight.Doubt)
                {
                    if (Reason.IsOfTheCopy(reply.Reason))
                    {
                        sessions.Drop(reply.Reason == Reason.SequenceReused);
                    }

                    if (weight == RefusalWeight.Final)
                    {
                        return Results.Refused(attempt, reply, session);
                    }

                    refusedOnce = Results.RefusedEarlier(attempt, reply);
                    continue;
                }

                if (copies == 0)
                {
                    return refusedOnce ?? Results.NotSent(order.Type, failure);
                }

                return Settle(attempt, session, failure, scope);
            }
        }

        private void Tell(Attempt attempt, Action<Attempt> onAttempt)
        {
            if (onAttempt == null)
            {
                return;
            }

            try
            {
                gate.Outside(() => onAttempt(attempt));
            }
            catch (Exception error)
            {
                throw new BluetapException(
                    ResultCode.PROCESS_FAIL, "OnAttempt failed, so nothing was sent: " + error.Message, error);
            }
        }

        private static Message Send(
            Message request, HostSession session, Scope scope, out int copies, out Exception failure)
        {
            int sent = 0;
            failure = null;
            Message reply = null;
            if (request.Type == MessageType.Pay)
            {
                session.PaySent();
            }

            try
            {
                reply = Exchange.Request(session.Channel, request, scope, () => sent++);
            }
            catch (Exception error)
            {
                failure = error;
            }

            copies = sent;
            return reply;
        }

        /// <summary>Asks for the outcome in a new session. From here on, only HELLO is sent .</summary>
        private CommandResult Settle(Attempt attempt, HostSession session, Exception failure, Scope scope)
        {
            if (sessions.Current == session)
            {
                sessions.Drop(true);
            }

            try
            {
                HostSession now = sessions.Obtain(scope);
                Seen seen = Seen.In(now);
                bool lineStayed = now.Channel == session.Channel;
                string contradiction = ContradictoryDoubt.Find(attempt, seen, lineStayed);
                if (contradiction != null)
                {
                    sessions.Contradicted();
                }

                OutcomeFacts facts = OutcomeRules.Settle(attempt, seen, lineStayed);
                if (facts.IsPending)
                {
                    onDoubt(attempt, session.Channel);
                }

                return Results.Settled(attempt, facts, now, failure, contradiction);
            }
            catch (Exception error)
            {
                onDoubt(attempt, session.Channel);
                return Results.LeftInDoubt(attempt, sessions.IsChannelOpen, error, scope);
            }
        }

        private static Attempt AttemptOf(Order order, Message request, HostSession session)
        {
            return new Attempt(
                order.Type,
                order.Type == CommandType.Cancel && order.OrderId != null,
                session.Device.SerialNumber,
                session.Device.BootId,
                new CommandId(request.Session, request.Sequence),
                session.LastCommand);
        }
    }
}
