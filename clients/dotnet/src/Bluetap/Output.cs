using System;
using System.IO;
using System.Text;
using BluetapLib.Json;

namespace Bluetap
{
    /// <summary>
    /// Answers go to stdout, and notes for a person to stderr. A character that could control a terminal is escaped.
    /// </summary>
    internal static class Output
    {
        private static readonly Stream Stdout = Console.OpenStandardOutput();
        private static readonly Stream Stderr = Console.OpenStandardError();

        /// <summary>True if an answer could not be written.</summary>
        public static bool HasFailed { get; private set; }

        /// <summary>Prints an answer; it can have several lines.</summary>
        public static void Print(string text)
        {
            HasFailed |= !Write(Stdout, text.Split('\n'));
        }

        public static void PrintJson(JsonObject value)
        {
            HasFailed |= !Write(Stdout, new[] { JsonWriter.Write(value) });
        }

        /// <summary>Prints a note; it can have several lines.</summary>
        public static void Note(string text)
        {
            Note(text.Split('\n'));
        }

        public static void Note(string[] lines)
        {
            Write(Stderr, lines);
        }

        /// <summary>One write for all lines, so that lines of two processes do not mix.</summary>
        private static bool Write(Stream stream, string[] lines)
        {
            StringBuilder text = new StringBuilder();
            foreach (string line in lines)
            {
                text.Append(Unprintable.Printable(line)).Append('\n');
            }

            try
            {
                byte[] bytes = new UTF8Encoding(false).GetBytes(text.ToString());
                stream.Write(bytes, 0, bytes.Length);
                stream.Flush();
                return true;
            }
            catch (IOException)
            {
                // The reader has closed it.
                return false;
            }
        }
    }
}
