using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using BluetapLib;
using BluetapLib.Protocol;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>
    /// Properties of the codec, with messages and bytes of a seeded generator. The seed is in the message of a failure.
    /// </summary>
    internal static class ProtocolTests
    {
        private const int Runs = 3000;

        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("protocol", new Dictionary<string, Action>
            {
                ["the check value of CRC-32C"] = () => Must.Equal(
                    0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789"), 9), "the CRC"),
                ["any message comes back, in any pieces"] = () => Seeded(RoundTrip),
                ["any bytes harm nothing, and the next frame is read"] = () => Seeded(AnyBytes),
                ["a flipped bit is found"] = () => Seeded(FlippedBit),
                ["a silence ends a partial frame"] = Silence,
                ["the 129th byte drops the whole frame"] = Oversize,
                ["a value that breaks its rule is not written"] = () => Case.Throws<ArgumentException>(() =>
                    MessageEncoder.Encode(new Message(MessageType.Pay, 1, 1).With(Field.PaymentMethod, "Test"))),
            });
        }

        private static void Seeded(Action<Random> property)
        {
            for (int seed = 0; seed < Runs; seed++)
            {
                try
                {
                    property(new Random(seed));
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException("with seed " + seed + ": " + error.Message, error);
                }
            }
        }

        private static void RoundTrip(Random random)
        {
            Message message = Any(random);
            byte[] wire = MessageEncoder.Encode(message);
            Must.Hold(wire.Length <= Limits.MaxEncodedLength + 2, "the frame is not too long");
            Must.Hold(wire.Skip(1).Take(wire.Length - 2).All(each => each != 0), "no delimiter inside");
            List<Message> read = new List<Message>();
            FrameDecoder decoder = new FrameDecoder(
                frame => read.Add(MessageDecoder.Decode(frame, out int reason)),
                damage => throw new InvalidOperationException("dropped: " + damage));
            for (int at = 0; at < wire.Length;)
            {
                int count = random.Next(0, wire.Length - at + 1);
                decoder.Push(wire.Skip(at).Take(count).ToArray(), 0);
                at += count;
            }

            Must.SameBytes(wire, MessageEncoder.Encode(read.Single()), "the message");
        }

        private static void AnyBytes(Random random)
        {
            byte[] bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            int read = 0;
            FrameDecoder decoder = new FrameDecoder(
                frame => read += MessageDecoder.Decode(frame, out int why) == null ? 0 : 1, damage => { });
            decoder.Push(bytes, 0);
            int before = read;
            decoder.Push(MessageEncoder.Encode(Any(random)), 0);
            Must.Equal(before + 1, read, "the frames that are read");

            // The payload of a whole frame can be anything too.
            byte[] payload = new byte[random.Next(Limits.MaxPayloadLength + 1)];
            random.NextBytes(payload);
            int[] types = Schema.Messages.Select(row => (int)row.Type).ToArray();
            MessageDecoder.Decode(new Frame(1, types[random.Next(types.Length)], 1, 1, payload), out int _);
        }

        private static void FlippedBit(Random random)
        {
            byte[] wire = MessageEncoder.Encode(Any(random));
            int at = random.Next(1, wire.Length - 1);
            wire[at] ^= (byte)(1 << random.Next(8));
            int read = 0;
            new FrameDecoder(frame => read++, damage => { }).Push(wire, 0);
            Must.Equal(0, read, "the frames that are read");
        }

        private static void Silence()
        {
            byte[] wire = MessageEncoder.Encode(new Message(MessageType.Status, 1, 1));
            List<string> told = new List<string>();
            FrameDecoder decoder = new FrameDecoder(frame => told.Add("frame"), damage => told.Add(damage.ToString()));
            decoder.Push(wire.Take(5).ToArray(), 0);
            decoder.Push(wire.Skip(5).ToArray(), 999);
            Must.Equal("frame", string.Join(" ", told), "999 ms");
            decoder.Push(wire.Take(5).ToArray(), 2000);
            decoder.Push(wire, 3000);
            Must.Equal("frame Incomplete frame", string.Join(" ", told), "1000 ms");
        }

        private static void Oversize()
        {
            List<string> told = new List<string>();
            FrameDecoder decoder = new FrameDecoder(frame => told.Add("frame"), damage => told.Add(damage.ToString()));
            decoder.Push(Enumerable.Repeat((byte)1, 5000).ToArray(), 0);
            decoder.Push(MessageEncoder.Encode(new Message(MessageType.Status, 1, 1)), 0);
            Must.Equal("Oversize frame", string.Join(" ", told), "5000 bytes");
        }

        private static Message Any(Random random)
        {
            MessageRow row = Schema.Messages[random.Next(Schema.Messages.Length)];
            Message message = new Message(row.Type, random.Next(65536), random.Next(256));
            bool refusal = row.Required.Contains(Field.Result) && random.Next(4) == 0;
            List<Field> fields = (refusal ? Schema.Refusal : row.Required).ToList();
            if (!refusal)
            {
                fields.AddRange(row.Optional.Where(field => random.Next(2) == 0));
            }

            foreach (Field field in fields)
            {
                message[field] = Any(field, random);
            }

            if (message[Field.Result] != null)
            {
                message[Field.Result] = refusal ? random.Next(1, 4) : 0;
            }

            if (!refusal && message[Field.State] is int state && state == (int)PaymentLinkState.Ready)
            {
                foreach (Field field in row.RequiredWhenReady.Concat(row.OptionalWhenReady.Where(each =>
                    random.Next(2) == 0)))
                {
                    message[field] = Any(field, random);
                }
            }

            return message;
        }

        private static object Any(Field field, Random random)
        {
            switch (field)
            {
                case Field.PaymentMethod: return Schema.PaymentMethods[random.Next(4)];
                case Field.Amount: return random.Next(100000) + (random.Next(2) == 0 ? string.Empty : ".50");
                case Field.OrderId: return Text(random, 16, '!');
                case Field.Model: case Field.Firmware: return Text(random, 16, ' ');
                case Field.SerialNumber: return Text(random, 32, ' ');
                case Field.ExpiryTime: return (uint)random.Next(1, int.MaxValue);
                case Field.Result: case Field.State: return random.Next(4);
                case Field.TapSource: return random.Next(3);
                case Field.Reason: case Field.Taps: return (uint)random.Next(256);
                case Field.Simulated: return true;
                case Field.LastCommand: return new CommandId(random.Next(65536), random.Next(256));
                case Field.Previous: return new PreviousPaymentLink((PaymentLinkState)random.Next(4), random.Next(256));
                default: return (uint)random.Next() * 2u + (uint)random.Next(2);
            }
        }

        private static string Text(Random random, int longest, char lowest)
        {
            return new string(
                Enumerable.Range(0, random.Next(1, longest + 1)).Select(each =>
                    (char)random.Next(lowest, '~' + 1)).ToArray());
        }
    }
}
