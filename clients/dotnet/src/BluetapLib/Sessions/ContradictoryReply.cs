using System.Collections.Generic;
using BluetapLib.Protocol;

namespace BluetapLib.Sessions
{
    /// <summary>Finds replies that contradict themselves. Such a reply counts as no reply.</summary>
    internal static class ContradictoryReply
    {
        /// <summary>How many sessions a host remembers, of all devices and all starts.</summary>
        public const int RememberedSessions = 16;

        /// <summary>Returns the words that follow "the device", or null if there is no contradiction.</summary>
        public static string Find(Message reply, IEnumerable<HostSession> earlier)
        {
            bool ready = reply.State == PaymentLinkState.Ready;
            if (!reply.IsSuccess)
            {
                bool failed = reply.Type == MessageType.PayReply && reply.Reason == Reason.NfcFault && ready;
                return failed ? "says that its NFC part failed at PAY, and that a payment link is live" : null;
            }

            switch (reply.Type)
            {
                case MessageType.CancelReply:
                    return ready ? "says that it has executed CANCEL, and that the payment link is live" : null;
                case MessageType.PayReply:
                    return !ready && reply.Number(Field.Remaining) > 0
                        ? "says that the payment link is over, and that it has time left"
                        : null;
                case MessageType.HelloReply:
                    return FindInHello(reply, earlier);
                default:
                    return null;
            }
        }

        private static string FindInHello(Message hello, IEnumerable<HostSession> earlier)
        {
            foreach (HostSession session in earlier)
            {
                // A late reply to a command of that session would pass for the reply to a later command.
                if (session.Number == hello.Session && session.Device.BootId == hello.Number(Field.BootId) &&
                    session.Device.SerialNumber == hello.Text(Field.SerialNumber))
                {
                    return "has opened session " + hello.Session + " again, although this number was used before";
                }
            }

            return hello.LastCommand?.Session == hello.Session
                ? "has opened session " + hello.Session + ", and executed a command in it before that"
                : null;
        }
    }
}
