using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BluetapLib;
using BluetapLib.Protocol;

namespace BluetapTests.Kit
{
    /// <summary>What a fake device does with one request.</summary>
    internal enum Deed
    {
        /// <summary>Executes and answers.</summary>
        Answer,

        /// <summary>Executes, and its reply is lost.</summary>
        LoseReply,

        /// <summary>Does not get the request.</summary>
        LoseRequest,

        /// <summary>Executes, answers, and answers once more.</summary>
        Twice,

        /// <summary>Answers garbage first, and a reply of another session and another sequence.</summary>
        Noise,

        /// <summary>Closes the connection before it executes.</summary>
        CloseBefore,

        /// <summary>Executes, and closes the connection without a reply.</summary>
        CloseAfter,

        /// <summary>Executes, and its reply comes together with the end of the connection.</summary>
        AnswerAndClose,

        /// <summary>Executes, loses the reply, and starts again.</summary>
        Restart,

        /// <summary>Executes, and another host acts before the reply is lost.</summary>
        OtherHost,

        /// <summary>Refuses with the reason of the device.</summary>
        Refuse,

        /// <summary>Another device takes its place, without a reply.</summary>
        Replace,
    }

    /// <summary>
    /// A device that keeps the rules of docs/protocol.md, except where the test tells it to do something else. It has
    /// one session and one payment link, as a real one.
    /// </summary>
    internal sealed class FakeDevice
    {
        private readonly object door = new object();
        private readonly List<Message> received = new List<Message>();
        private readonly Dictionary<string, byte[]> answered = new Dictionary<string, byte[]>();
        private int session = 100;
        private int link;
        private FakeConnection owner;

        public string SerialNumber { get; set; } = "FAKE-1";

        public uint BootId { get; set; } = 7;

        public bool IsSimulated { get; set; }

        public int RefusalReason { get; set; } = Reason.NfcFault;

        public PaymentLinkState State { get; set; }

        public int Taps { get; set; }

        public CommandId LastCommand { get; set; }

        /// <summary>How many commands it has executed.</summary>
        public int Executed { get; private set; }

        /// <summary>
        /// Chooses what happens with a request; null means that it is answered. The number counts its type, from 1.
        /// </summary>
        public Func<Message, int, Deed?> Script { get; set; } = (message, count) => null;

        public List<Message> Received
        {
            get
            {
                lock (door)
                {
                    return received.ToList();
                }
            }
        }

        public int Count(MessageType type)
        {
            return Received.Count(message => message.Type == type);
        }

        /// <summary>Waits until so many requests of a type have come.</summary>
        public void WaitFor(MessageType type, int count)
        {
            lock (door)
            {
                DateTime limit = DateTime.UtcNow.AddSeconds(20);
                while (received.Count(message => message.Type == type) < count)
                {
                    if (!Monitor.Wait(door, TimeSpan.FromSeconds(1)) && DateTime.UtcNow > limit)
                    {
                        throw new TimeoutException("no " + count + ". " + type + " came");
                    }
                }
            }
        }

        /// <summary>A phone reads the payment link, or its time is over.</summary>
        public void Change(PaymentLinkState state, int taps, int lost = 0)
        {
            lock (door)
            {
                State = state;
                Taps = taps;
                link += lost + 1;
                Message told = new Message(MessageType.Link, session, link)
                    .With(Field.State, (int)state)
                    .With(Field.Taps, (uint)taps);
                owner.Send(MessageEncoder.Encode(told));
            }
        }

        public void Take(Message request, FakeConnection connection)
        {
            lock (door)
            {
                received.Add(request);
                int count = received.Count(message => message.Type == request.Type);
                Deed deed = Script(request, count) ?? Deed.Answer;
                Do(deed, request, connection);
                Monitor.PulseAll(door);
            }
        }

        private void Do(Deed deed, Message request, FakeConnection connection)
        {
            if (deed == Deed.CloseBefore)
            {
                connection.End();
                return;
            }

            if (deed == Deed.LoseRequest)
            {
                return;
            }

            byte[] reply = deed == Deed.Refuse
                ? MessageEncoder.Encode(Refusal(request, RefusalReason))
                : Execute(request, connection);
            switch (deed)
            {
                case Deed.Restart:
                    BootId++;
                    State = PaymentLinkState.Idle;
                    LastCommand = null;
                    session += 1000;
                    break;
                case Deed.Replace:
                    SerialNumber = "FAKE-2";
                    session += 1000;
                    break;
                case Deed.OtherHost:
                    session++;
                    LastCommand = new CommandId(session, 1);
                    State = PaymentLinkState.Ready;
                    break;
                case Deed.Noise:
                    connection.Send(new byte[] { 0, 9, 9, 0, 3, 0xFF, 0xFE, 0 });
                    connection.Send(MessageEncoder.Encode(Success(request, request.Session ^ 1, request.Sequence)));
                    connection.Send(MessageEncoder.Encode(Success(request, request.Session, request.Sequence ^ 1)));
                    break;
            }

            if (deed == Deed.Answer || deed == Deed.Twice || deed == Deed.Noise || deed == Deed.AnswerAndClose ||
                deed == Deed.Refuse)
            {
                connection.Send(reply);
            }

            if (deed == Deed.Twice)
            {
                connection.Send(reply);
            }

            if (deed == Deed.CloseAfter || deed == Deed.AnswerAndClose)
            {
                connection.End();
            }
        }

        private byte[] Execute(Message request, FakeConnection connection)
        {
            if (request.Type == MessageType.Hello)
            {
                session++;
                link = 0;
                owner = connection;
                answered.Clear();
                return MessageEncoder.Encode(Success(request, session, 0));
            }

            if (request.Session != session)
            {
                return MessageEncoder.Encode(Refusal(request, Reason.NoSuchSession));
            }

            string key = BitConverter.ToString(MessageEncoder.Encode(request));
            if (!answered.ContainsKey(key))
            {
                Perform(request);
                answered[key] = MessageEncoder.Encode(Success(request, session, request.Sequence));
            }

            return answered[key];
        }

        private void Perform(Message request)
        {
            if (request.Type == MessageType.Status)
            {
                return;
            }

            Executed++;
            LastCommand = new CommandId(request.Session, request.Sequence);
            if (request.Type == MessageType.Pay)
            {
                State = PaymentLinkState.Ready;
                Taps = 0;
            }
            else if (State == PaymentLinkState.Ready)
            {
                State = PaymentLinkState.Cancelled;
            }
        }

        private Message Refusal(Message request, int reason)
        {
            MessageType type = request.Type | (MessageType)0x80;
            int result = reason <= 3 ? 1 : reason == Reason.InternalError ? 3 : 2;
            return new Message(type, request.Type == MessageType.Hello ? 0 : request.Session, request.Sequence)
                .With(Field.Result, result)
                .With(Field.Reason, (uint)reason)
                .With(Field.State, (int)State);
        }

        private Message Success(Message request, int number, int sequence)
        {
            Message reply = new Message(request.Type | (MessageType)0x80, number, sequence)
                .With(Field.Result, 0)
                .With(Field.State, (int)State);
            if (request.Type != MessageType.Pay && Taps > 0)
            {
                reply.With(Field.Taps, (uint)Taps);
            }

            bool ready = State == PaymentLinkState.Ready;
            if (request.Type == MessageType.Pay || (request.Type == MessageType.Status && ready))
            {
                reply.With(Field.Remaining, ready ? 900u : 0u);
            }

            if (request.Type == MessageType.Status && ready)
            {
                reply.With(Field.PaymentMethod, "TRUEMONEY");
            }

            if (request.Type == MessageType.Hello)
            {
                reply.With(Field.Nonce, request[Field.Nonce]).With(Field.Model, "FAKE").With(Field.Firmware, "1")
                    .With(Field.SerialNumber, SerialNumber).With(Field.BootId, BootId)
                    .With(Field.LastCommand, LastCommand).With(Field.Simulated, IsSimulated ? (object)true : null);
            }

            return reply;
        }
    }
}
