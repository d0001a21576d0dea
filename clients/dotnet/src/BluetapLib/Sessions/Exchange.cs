using System;
using System.Security.Cryptography;
using BluetapLib.Protocol;

namespace BluetapLib.Sessions
{
    /// <summary>Sends a request until its reply comes, docs/protocol.md section 4.</summary>
    internal static class Exchange
    {
        /// <summary>Sends a request, and the same bytes again while no reply comes .</summary>
        /// <param name="channel">The channel of the session.</param>
        /// <param name="request">A request other than HELLO.</param>
        /// <param name="scope">Ends the wait.</param>
        /// <param name="onCopy">Called before each copy.</param>
        /// <returns>The reply, or null if none came.</returns>
        public static Message Request(FrameChannel channel, Message request, Scope scope, Action onCopy)
        {
            byte[] bytes = MessageEncoder.Encode(request);
            MessageType replyType = request.Type | (MessageType)0x80;
            for (int copy = 0; copy < Timing.Copies; copy++)
            {
                Message reply = channel.Ask(
                    bytes,
                    message => message.Type == replyType && message.Session == request.Session &&
                        message.Sequence == request.Sequence,
                    scope,
                    onCopy);
                if (reply != null)
                {
                    return reply;
                }
            }

            return null;
        }

        /// <summary>
        /// Opens a session. Each try has a new nonce, and only the answer to the newest HELLO counts.
        /// </summary>
        /// <returns>The reply, or null if none came.</returns>
        public static Message Hello(FrameChannel channel, Scope scope)
        {
            uint? last = null;
            for (int tried = 0; tried < Timing.HelloTries; tried++)
            {
                uint nonce = RandomNumber();
                if (nonce == last)
                {
                    nonce = unchecked(nonce + 1);
                }

                last = nonce;
                Message hello = new Message(MessageType.Hello, 0, 0).With(Field.Nonce, nonce);
                Message reply = channel.Ask(
                    MessageEncoder.Encode(hello), message => AnswersHello(message, nonce), scope, () => { });
                if (reply != null)
                {
                    return reply;
                }
            }

            return null;
        }

        private static bool AnswersHello(Message message, uint nonce)
        {
            if (message.Type != MessageType.HelloReply || message.Sequence != 0)
            {
                return false;
            }

            // A refusal has no nonce, so it is taken as the answer to the newest HELLO.
            return message.IsSuccess
                ? message.Number(Field.Nonce) == nonce && message.Session != 0
                : message.Session == 0;
        }

        private static uint RandomNumber()
        {
            byte[] bytes = new byte[4];
            using (RandomNumberGenerator random = RandomNumberGenerator.Create())
            {
                random.GetBytes(bytes);
            }

            return Numbers.Read(bytes, 0, 4);
        }
    }
}
