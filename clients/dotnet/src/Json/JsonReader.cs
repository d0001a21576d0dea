using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace BluetapLib.Json
{
    /// <summary>Reads JSON (RFC 8259): one value, and nothing after it.</summary>
    internal sealed class JsonReader
    {
        /// <summary>Deeper values are refused, because a line from outside must not end the program.</summary>
        private const int MaxDepth = 64;

        private readonly string text;
        private int at;
        private int depth;

        private JsonReader(string text)
        {
            this.text = text;
        }

        /// <exception cref="FormatException">The text is no JSON.</exception>
        public static object Read(string text)
        {
            JsonReader reader = new JsonReader(text);
            object value = reader.ReadValue();
            reader.SkipSpace();
            if (reader.at < text.Length)
            {
                throw reader.Wrong("the end");
            }

            return value;
        }

        private object ReadValue()
        {
            SkipSpace();
            char first = at < text.Length ? text[at] : '\0';
            switch (first)
            {
                case '{': return Nested(ReadObject);
                case '[': return Nested(ReadList);
                case '"': return ReadString();
                case 't': return ReadWord("true", true);
                case 'f': return ReadWord("false", false);
                case 'n': return ReadWord("null", null);
                default: return ReadNumber();
            }
        }

        private object Nested(Func<object> read)
        {
            if (++depth > MaxDepth)
            {
                throw Wrong("at most " + MaxDepth + " levels");
            }

            at++;
            object value = read();
            depth--;
            return value;
        }

        private object ReadObject()
        {
            JsonObject members = new JsonObject();
            if (Take('}'))
            {
                return members;
            }

            do
            {
                SkipSpace();
                if (at >= text.Length || text[at] != '"')
                {
                    throw Wrong("a name in quotes");
                }

                string name = ReadString();
                Expect(':');
                members.AddEvenNull(name, ReadValue());
            }
            while (Take(','));
            Expect('}');
            return members;
        }

        private object ReadList()
        {
            List<object> values = new List<object>();
            if (Take(']'))
            {
                return values;
            }

            do
            {
                values.Add(ReadValue());
            }
            while (Take(','));
            Expect(']');
            return values;
        }

        private object ReadWord(string word, object value)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
            {
                throw Wrong(word);
            }

            at += word.Length;
            return value;
        }

        private object ReadNumber()
        {
            int start = at;
            bool whole = true;
            Skip('-');
            if (!Skip('0'))
            {
                SkipDigits();
            }

            if (Skip('.'))
            {
                whole = false;
                SkipDigits();
            }

            if (Skip('e') || Skip('E'))
            {
                whole = false;
                if (!Skip('+'))
                {
                    Skip('-');
                }

                SkipDigits();
            }

            string digits = text.Substring(start, at - start);
            if (whole &&
                long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            {
                return number;
            }

            // Mono refuses a number that is too large, and other systems return infinity.
            return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
                ? real
                : double.PositiveInfinity;
        }

        private void SkipDigits()
        {
            int start = at;
            while (at < text.Length && text[at] >= '0' && text[at] <= '9')
            {
                at++;
            }

            if (at == start)
            {
                throw Wrong("a value");
            }
        }

        private string ReadString()
        {
            StringBuilder characters = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                char character = text[at];
                if (character == '"')
                {
                    at++;
                    return characters.ToString();
                }

                if (character < ' ')
                {
                    throw Wrong("an escape of a control character");
                }

                characters.Append(character == '\\' ? ReadEscape() : character);
            }

            throw Wrong("the end of a string");
        }

        private char ReadEscape()
        {
            at++;
            char escaped = at < text.Length ? text[at] : '\0';
            switch (escaped)
            {
                case '"': case '\\': case '/': return escaped;
                case 'b': return '\b';
                case 'f': return '\f';
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case 'u': return ReadCode();
                default: throw Wrong("an escape");
            }
        }

        private char ReadCode()
        {
            string digits = text.Substring(at + 1, Math.Min(4, text.Length - at - 1));
            if (digits.Length < 4 || !ushort.TryParse(
                digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                throw Wrong("four hexadecimal digits");
            }

            at += 4;
            return (char)code;
        }

        private void SkipSpace()
        {
            while (at < text.Length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
            {
                at++;
            }
        }

        private bool Skip(char character)
        {
            bool found = at < text.Length && text[at] == character;
            at += found ? 1 : 0;
            return found;
        }

        private bool Take(char character)
        {
            SkipSpace();
            return Skip(character);
        }

        private void Expect(char character)
        {
            if (!Take(character))
            {
                throw Wrong("\"" + character + "\"");
            }
        }

        private FormatException Wrong(string expected)
        {
            return new FormatException("not JSON: " + expected + " is expected at character " + (at + 1));
        }
    }
}
