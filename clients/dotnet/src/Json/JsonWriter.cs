using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace BluetapLib.Json
{
    /// <summary>
    /// Writes one line of JSON. Characters that could control a terminal, or change the direction of writing, are
    /// written as <c>\u</c> escapes.
    /// </summary>
    internal static class JsonWriter
    {
        public static string Write(object value)
        {
            StringBuilder text = new StringBuilder();
            WriteValue(text, value);
            return text.ToString();
        }

        private static void WriteValue(StringBuilder text, object value)
        {
            switch (value)
            {
                case null:
                    text.Append("null");
                    break;
                case bool flag:
                    text.Append(flag ? "true" : "false");
                    break;
                case string characters:
                    WriteString(text, characters);
                    break;
                case JsonObject members:
                    WriteObject(text, members);
                    break;
                case IEnumerable values:
                    WriteList(text, values);
                    break;
                case double number:
                    text.Append(number.ToString("R", CultureInfo.InvariantCulture));
                    break;
                case IFormattable number:
                    text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                    break;
                default:
                    throw new ArgumentException("JSON has no " + value.GetType().Name);
            }
        }

        private static void WriteObject(StringBuilder text, JsonObject members)
        {
            text.Append('{');
            string separator = string.Empty;
            foreach (KeyValuePair<string, object> member in members)
            {
                text.Append(separator);
                WriteString(text, member.Key);
                text.Append(':');
                WriteValue(text, member.Value);
                separator = ",";
            }

            text.Append('}');
        }

        private static void WriteList(StringBuilder text, IEnumerable values)
        {
            text.Append('[');
            string separator = string.Empty;
            foreach (object value in values)
            {
                text.Append(separator);
                WriteValue(text, value);
                separator = ",";
            }

            text.Append(']');
        }

        private static void WriteString(StringBuilder text, string characters)
        {
            text.Append('"');
            foreach (char character in characters)
            {
                switch (character)
                {
                    case '"': text.Append("\\\""); break;
                    case '\\': text.Append("\\\\"); break;
                    case '\n': text.Append("\\n"); break;
                    case '\r': text.Append("\\r"); break;
                    case '\t': text.Append("\\t"); break;
                    case '\b': text.Append("\\b"); break;
                    case '\f': text.Append("\\f"); break;
                    default:
                        text.Append(Unprintable.Is(character) ? Unprintable.Escape(character) : character.ToString());
                        break;
                }
            }

            text.Append('"');
        }
    }
}
