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
            // mcs has no patterns in a switch.
            if (value == null)
            {
                text.Append("null");
            }
            else if (value is bool flag)
            {
                text.Append(flag ? "true" : "false");
            }
            else if (value is string characters)
            {
                WriteString(text, characters);
            }
            else if (value is JsonObject members)
            {
                WriteObject(text, members);
            }
            else if (value is IEnumerable values)
            {
                WriteList(text, values);
            }
            else if (value is double real)
            {
                text.Append(real.ToString("R", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
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
