using System.Globalization;
using System.Text;

namespace BluetapLib.Transports.Common
{
    /// <summary>Makes text from outside (a device, a file, a variable) safe to show to a person.</summary>
    internal static class Printable
    {
        private const int LongestQuote = 80;

        /// <summary>
        /// Escapes what could control a terminal or look like a line of its own: ESC becomes \u001b, a line feed
        /// becomes \u000a.
        /// </summary>
        internal static string Of(string text)
        {
            var result = new StringBuilder(text.Length);
            for (int at = 0; at < text.Length; at++)
            {
                char one = text[at];
                bool pair = char.IsHighSurrogate(one) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
                UnicodeCategory category = pair
                    ? CharUnicodeInfo.GetUnicodeCategory(text, at)
                    : CharUnicodeInfo.GetUnicodeCategory(one);
                if (pair && !IsUnprintable(category)) result.Append(one).Append(text[++at]);
                else if (pair) result.AppendFormat("\\u{{{0:x}}}", char.ConvertToUtf32(one, text[++at]));
                else if (IsUnprintable(category)) result.AppendFormat("\\u{0:x4}", (int)one);
                else result.Append(one);
            }
            return result.ToString();
        }

        /// <summary>Text in double quotes, escaped and cut to 80 characters.</summary>
        internal static string Quote(string text)
        {
            string kept = text.Length > LongestQuote ? text.Substring(0, LongestQuote) + "..." : text;
            return Of("\"" + kept.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"");
        }

        private static bool IsUnprintable(UnicodeCategory category)
        {
            switch (category)
            {
                case UnicodeCategory.Control:
                case UnicodeCategory.Format:
                case UnicodeCategory.LineSeparator:
                case UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.Surrogate:
                    return true;
                default:
                    return false;
            }
        }
    }
}
