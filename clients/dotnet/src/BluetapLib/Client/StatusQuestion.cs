using System;
using BluetapLib.Protocol;
using BluetapLib.Sessions;
using BluetapLib.Transports;

namespace BluetapLib.Client
{
    /// <summary>Asks for the payment link with STATUS, which changes nothing. docs/protocol.md section 4.</summary>
    internal static class StatusQuestion
    {
        /// <summary>Asks until there is a reply, also in a new session.</summary>
        /// <exception cref="BluetapException">The device refuses, or does not answer in time.</exception>
        public static PaymentLinkStatus Ask(HostSessions sessions, Scope scope)
        {
            bool helloUsed = false;
            while (true)
            {
                HostSession session = sessions.Obtain(scope);
                Message reply = null;
                try
                {
                    Message request = new Message(MessageType.Status, session.Number, session.Next());
                    reply = Exchange.Request(session.Channel, request, scope, () => { });
                }
                catch (Exception)
                {
                    if (scope.IsOver)
                    {
                        throw Unanswered(session.Device.SerialNumber, scope);
                    }
                }

                if (reply != null && reply.IsSuccess)
                {
                    return StatusOf(reply, session.Since);
                }

                if (reply != null)
                {
                    bool gone = Reason.IsOfTheCopy(reply.Reason);
                    if (!gone || helloUsed)
                    {
                        if (gone)
                        {
                            sessions.Drop(false);
                        }

                        throw Refused(session, reply);
                    }

                    helloUsed = true;
                }

                if (sessions.Current == session)
                {
                    sessions.Drop(true);
                }
            }
        }

        /// <summary>
        /// Asks without a call of the program, after a gap of LINKs, and only in the session that is open:
        /// another host that has taken it keeps it.
        /// </summary>
        /// <returns>The payment link, or null if the device does not describe it.</returns>
        public static PaymentLinkStatus AskAgain(HostSessions sessions, Scope scope)
        {
            HostSession session = sessions.Current;
            int? sequence = session?.SequenceOfRepeatedStatus();
            if (sequence == null)
            {
                return null;
            }

            Message reply;
            try
            {
                Message request = new Message(MessageType.Status, session.Number, sequence.Value);
                reply = Exchange.Request(session.Channel, request, scope, () => { });
            }
            catch (Exception)
            {
                // The channel was lost, which the program knows already, or the client is closed.
                return null;
            }

            if (reply != null && reply.IsSuccess)
            {
                return StatusOf(reply, null);
            }

            if (reply == null)
            {
                session.Channel.GiveUp(new TransportException(
                    TransportErrorCode.Disconnected,
                    session.Device.SerialNumber + " at " + session.Device.Id +
                    " has not answered STATUS: the connection is broken, or the device hangs"));
            }
            else if (Reason.IsOfTheCopy(reply.Reason) && sessions.Current == session)
            {
                sessions.Drop(false);
            }

            return null;
        }

        private static PaymentLinkStatus StatusOf(Message reply, LinkSeen since)
        {
            if (since != null && since.State != PaymentLinkState.Ready)
            {
                return new PaymentLinkStatus(since.State, since.Taps);
            }

            return new PaymentLinkStatus(reply.State, since?.Taps ?? reply.Taps)
            {
                Remaining = reply.Number(Field.Remaining),
                PaymentMethod = reply.Text(Field.PaymentMethod),
                Amount = reply.Text(Field.Amount),
                OrderId = reply.Text(Field.OrderId),
            };
        }

        private static BluetapException Refused(HostSession session, Message reply)
        {
            int reason = reply.Reason.Value;
            string text = session.Device.SerialNumber + " refused STATUS: " + Reason.Describe(reason) +
                " (reason " + reason + ").";
            return new BluetapException(reply.Result, text, null, reason);
        }

        private static Exception Unanswered(string serialNumber, Scope scope)
        {
            if (scope.Reason is OperationCanceledException)
            {
                return scope.Reason;
            }

            string what = scope.TimeWasUp
                ? serialNumber + " has not answered STATUS. If it goes on, power it off and on. "
                : "STATUS was given up before " + serialNumber + " answered. ";
            return new BluetapException(ResultCode.UNKNOWN_EXCEPTION, what + scope.Reason.Message, scope.Reason);
        }
    }
}
