using System;
using System.Text;

namespace BluetapLib.Protocol
{
    /// <summary>Writes and reads the value of one kind of field.</summary>
    internal interface ICoder
    {
        /// <summary>The length of every value in bytes; null if it varies.</summary>
        int? FixedLength { get; }

        /// <summary>Returns the bytes of a value, or null if the value breaks its rule.</summary>
        byte[] Write(object value);

        /// <summary>
        /// Returns the value, or null if the bytes break the rule. <paramref name="count"/> is
        /// <see cref="FixedLength"/> if there is one.
        /// </summary>
        object Read(byte[] bytes, int at, int count);
    }

    /// <summary>A number of 1 or 4 bytes. Its value is a <see cref="uint"/>.</summary>
    internal sealed class UintCoder : ICoder
    {
        private readonly int size;
        private readonly uint minimum;
        private readonly uint maximum;

        public UintCoder(int size, uint minimum, uint maximum)
        {
            this.size = size;
            this.minimum = minimum;
            this.maximum = maximum;
        }

        public int? FixedLength => size;

        public byte[] Write(object value)
        {
            if (!(value is uint number) || number < minimum || number > maximum)
            {
                return null;
            }

            byte[] bytes = new byte[size];
            Numbers.Write(number, bytes, 0, size);
            return bytes;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            uint number = Numbers.Read(bytes, at, size);
            return number < minimum || number > maximum ? (object)null : number;
        }
    }

    /// <summary>Text of one range of ASCII, with at most one separator, between two other characters.</summary>
    internal sealed class AsciiCoder : ICoder
    {
        private readonly int shortest;
        private readonly int longest;
        private readonly char lowest;
        private readonly char highest;
        private readonly char? separator;

        public AsciiCoder(int shortest, int longest, char lowest, char highest, char? separator = null)
        {
            this.shortest = shortest;
            this.longest = longest;
            this.lowest = lowest;
            this.highest = highest;
            this.separator = separator;
        }

        public int? FixedLength => null;

        public byte[] Write(object value)
        {
            return value is string text && Keeps(text) ? Encoding.ASCII.GetBytes(text) : null;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            StringBuilder text = new StringBuilder(count);
            for (int place = at; place < at + count; place++)
            {
                text.Append((char)bytes[place]);
            }

            return Keeps(text.ToString()) ? text.ToString() : null;
        }

        private bool Keeps(string text)
        {
            if (text.Length < shortest || text.Length > longest)
            {
                return false;
            }

            bool separated = false;
            for (int place = 0; place < text.Length; place++)
            {
                if (text[place] == separator)
                {
                    if (separated || place == 0 || place == text.Length - 1)
                    {
                        return false;
                    }

                    separated = true;
                }
                else if (text[place] < lowest || text[place] > highest)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>One of a few names, written as text.</summary>
    internal sealed class NameCoder : ICoder
    {
        private readonly string[] names;

        public NameCoder(string[] names)
        {
            this.names = names;
        }

        public int? FixedLength => null;

        public byte[] Write(object value)
        {
            return value is string text && Array.IndexOf(names, text) >= 0 ? Encoding.ASCII.GetBytes(text) : null;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            string text = Encoding.ASCII.GetString(bytes, at, count);
            return Array.IndexOf(names, text) >= 0 ? text : null;
        }
    }

    /// <summary>One of a few names, written as its number. Its value is an <see cref="int"/>.</summary>
    internal sealed class ChoiceCoder : ICoder
    {
        private readonly string[] names;

        public ChoiceCoder(string[] names)
        {
            this.names = names;
        }

        public int? FixedLength => 1;

        public string[] Names => names;

        public byte[] Write(object value)
        {
            return value is int number && number >= 0 && number < names.Length ? new[] { (byte)number } : null;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            return bytes[at] < names.Length ? (object)(int)bytes[at] : null;
        }
    }

    /// <summary>One bit of a byte. The other bits are 0 when written, and ignored when read.</summary>
    internal sealed class FlagCoder : ICoder
    {
        private readonly int bit;

        public FlagCoder(int bit)
        {
            this.bit = bit;
        }

        public int? FixedLength => 1;

        public byte[] Write(object value)
        {
            return value is bool set ? new[] { (byte)(set ? 1 << bit : 0) } : null;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            return ((bytes[at] >> bit) & 1) == 1;
        }
    }

    /// <summary>The session and the sequence of a command.</summary>
    internal sealed class CommandIdCoder : ICoder
    {
        public int? FixedLength => 3;

        public byte[] Write(object value)
        {
            if (!(value is CommandId id))
            {
                return null;
            }

            byte[] bytes = new byte[3];
            Numbers.Write((uint)id.Session, bytes, 0, 2);
            bytes[2] = (byte)id.Sequence;
            return bytes;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            return new CommandId((int)Numbers.Read(bytes, at, 2), bytes[at + 2]);
        }
    }

    /// <summary>The state and the taps of the payment link that a PAY replaced.</summary>
    internal sealed class PreviousCoder : ICoder
    {
        public int? FixedLength => 2;

        public byte[] Write(object value)
        {
            return value is PreviousPaymentLink link ? new[] { (byte)link.State, (byte)link.Taps } : null;
        }

        public object Read(byte[] bytes, int at, int count)
        {
            return bytes[at] < Schema.States.Length
                ? new PreviousPaymentLink((PaymentLinkState)bytes[at], bytes[at + 1])
                : null;
        }
    }
}
