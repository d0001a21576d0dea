using System.Globalization;
using System.Text;

namespace BluetapLib.Json
{
    /// <summary>
    /// Characters that can control a terminal, that nobody sees, or that change the direction of writing.
    /// </summary>
    internal static class Unprintable
    {
        public static bool Is(char character)
        {
            if (character >= ' ' && character <= '~')
            {
                return false;
            }

            switch (char.GetUnicodeCategory(character))
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

        public static string Escape(char character)
        {
            return "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture);
        }

        /// <summary>Returns the text with such characters as escapes, for one line of a message.</summary>
        public static string Printable(string text)
        {
            StringBuilder shown = new StringBuilder(text.Length);
            foreach (char character in text)
            {
                shown.Append(Is(character) ? Escape(character) : character.ToString());
            }

            return shown.ToString();
        }
    }
}
