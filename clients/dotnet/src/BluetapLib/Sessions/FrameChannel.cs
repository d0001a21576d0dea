using System;
using System.Threading;
using BluetapLib.Protocol;
using BluetapLib.Transports;

namespace BluetapLib.Sessions
{
    /// <summary>What a frame channel tells its owner. Each member is called with the gate held.</summary>
    internal interface IFrameChannelOwner
    {
        /// <summary>The channel has ended, and its owner did not close it. Called once.</summary>
        void OnLost(FrameChannel channel, Exception error);

        /// <summary>The reply that is waited for has come.</summary>
        /// <returns>False if the reply is not believed. The wait then goes on.</returns>
        bool OnReply(FrameChannel channel, Message reply);

        /// <summary>A LINK has come, of any session.</summary>
        void OnLink(Message link);

        /// <summary>A message has come that nothing waits for .</summary>
        void OnStray(Message message);

        /// <summary>A frame has come that cannot be read .</summary>
        void OnDrop();
    }

    /// <summary>
    /// One open channel with its frames. It sends one copy of a request at a time and waits for the one reply that
    /// matches. It repeats nothing. docs/protocol.md sections 1 and 4.
    /// </summary>
    internal sealed class FrameChannel
    {
        private readonly IChannel channel;
        private readonly Gate gate;
        private readonly IFrameChannelOwner owner;
        private readonly FrameDecoder decoder;
        private Func<Message, bool> expected;
        private Message answer;
        private Exception ended;

        public FrameChannel(DeviceInfo device, IChannel channel, Gate gate, IFrameChannelOwner owner)
        {
            Device = device;
            this.channel = channel;
            this.gate = gate;
            this.owner = owner;
            decoder = new FrameDecoder(OnFrame, damage => owner.OnDrop());
            Thread reader = new Thread(ReadUntilEnd) { IsBackground = true, Name = "BluetapLib reader" };
            reader.Start();
        }

        public DeviceInfo Device { get; }

        /// <summary>Sends one copy of a request, and waits one second for its reply.</summary>
        /// <param name="bytes">The bytes of one frame with its delimiters.</param>
        /// <param name="matches">True for the reply.</param>
        /// <param name="scope">Ends the wait.</param>
        /// <param name="onCopy">Called before the bytes leave.</param>
        /// <returns>The reply, or null if none came in time.</returns>
        /// <exception cref="TransportException">The channel is lost.</exception>
        public Message Ask(byte[] bytes, Func<Message, bool> matches, Scope scope, Action onCopy)
        {
            scope.ThrowIfOver();
            ThrowIfEnded();
            long untilMs = Timing.NowMs + Timing.ReplyMs;
            answer = null;
            expected = matches;
            try
            {
                onCopy();
                Write(bytes, Math.Min(untilMs, scope.DeadlineMs) - Timing.NowMs);
                while (answer == null)
                {
                    ThrowIfEnded();
                    scope.ThrowIfOver();
                    if (Timing.NowMs >= untilMs)
                    {
                        return null;
                    }

                    scope.WaitUntil(untilMs);
                }

                return answer;
            }
            finally
            {
                expected = null;
            }
        }

        /// <summary>Ends the channel as if it had failed. Does nothing if it has ended.</summary>
        public void GiveUp(Exception error)
        {
            End(error, true);
            gate.Outside(channel.Dispose);
        }

        /// <summary>Ends the channel. Its owner is not told.</summary>
        public void Close()
        {
            End(Lost("was closed"), false);
            gate.Outside(channel.Dispose);
        }

        private void Write(byte[] bytes, long limitMs)
        {
            try
            {
                // A copy: the repeat has the same bytes also if a transport changes its array.
                byte[] copy = (byte[])bytes.Clone();
                gate.Outside(() => channel.Write(copy, TimeSpan.FromMilliseconds(Math.Max(1, limitMs))));
            }
            catch (Exception error)
            {
                GiveUp(AsTransportException(error));
            }
        }

        private void ThrowIfEnded()
        {
            if (ended != null)
            {
                throw ended;
            }
        }

        private void ReadUntilEnd()
        {
            try
            {
                while (ended == null)
                {
                    byte[] bytes = channel.Read(TimeSpan.FromMilliseconds(Timing.ReplyMs));
                    lock (gate.Door)
                    {
                        if (ended == null && bytes.Length > 0)
                        {
                            decoder.Push(bytes, Timing.NowMs);
                        }
                    }
                }
            }
            catch (ThreadAbortException)
            {
                // The process ends. That is no loss of the device, and must not make the worker look for it.
            }
            catch (Exception error)
            {
                lock (gate.Door)
                {
                    End(AsTransportException(error), true);
                }
            }

            channel.Dispose();
        }

        private void OnFrame(Frame frame)
        {
            Message message = MessageDecoder.Decode(frame, out int reason);
            if (ended != null)
            {
                return;
            }

            if (message == null)
            {
                owner.OnDrop();
            }
            else if (message.Type == MessageType.Link)
            {
                owner.OnLink(message);
            }
            else if (expected != null && expected(message))
            {
                if (owner.OnReply(this, message))
                {
                    expected = null;
                    answer = message;
                    gate.Pulse();
                }
            }
            else
            {
                owner.OnStray(message);
            }
        }

        private void End(Exception error, bool tell)
        {
            if (ended != null)
            {
                return;
            }

            ended = error;
            decoder.Reset();
            gate.Pulse();
            if (tell)
            {
                owner.OnLost(this, error);
            }
        }

        private TransportException AsTransportException(Exception error)
        {
            return error as TransportException ??
                new TransportException(TransportErrorCode.Io, Device.Id + " failed: " + error.Message, error);
        }

        private TransportException Lost(string how)
        {
            return new TransportException(TransportErrorCode.Disconnected, "the channel to " + Device.Id + " " + how);
        }
    }
}
