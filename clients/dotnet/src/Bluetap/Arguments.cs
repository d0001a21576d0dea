using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using BluetapLib.Json;

namespace Bluetap
{
    /// <summary>The options of one command as they were typed.</summary>
    internal sealed class Arguments
    {
        private readonly Dictionary<string, string> values = new Dictionary<string, string>();

        /// <summary>Reads the words after the command.</summary>
        /// <param name="words">The whole command line.</param>
        /// <param name="withValue">The options that have a value.</param>
        /// <param name="alone">The options without a value.</param>
        /// <exception cref="Failure">A word is wrong (exit code 64).</exception>
        public Arguments(string[] words, string[] withValue, string[] alone)
        {
            Command = words[0];
            for (int at = 1; at < words.Length; at++)
            {
                string word = words[at];
                int equals = word.IndexOf('=');
                string name = word.StartsWith("--", StringComparison.Ordinal) && equals > 0
                    ? word.Substring(0, equals) : word;
                if (name == "--help" || name == "-h")
                {
                    AsksForHelp = true;
                }
                else if (withValue.Contains(name))
                {
                    Add(name, name.Length < word.Length ? word.Substring(equals + 1)
                        : ValueAfter(words, ref at, withValue, alone));
                }
                else if (alone.Contains(word))
                {
                    values[word] = string.Empty;
                }
                else
                {
                    string what = word.StartsWith("-", StringComparison.Ordinal) ? "unknown option '"
                        : "unknown argument '";
                    throw Wrong(what + word + "'");
                }
            }
        }

        public string Command { get; }

        public bool AsksForHelp { get; }

        public bool Has(string name)
        {
            return values.ContainsKey(name);
        }

        /// <summary>The value of an option; null if it was not given.</summary>
        public string Value(string name)
        {
            return values.TryGetValue(name, out string value) ? value : null;
        }

        /// <summary>The value of --timeout; null if it was not given.</summary>
        public TimeSpan? Timeout()
        {
            string typed = Value("--timeout");
            if (typed == null)
            {
                return null;
            }

            if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int ms) && ms > 0)
            {
                return TimeSpan.FromMilliseconds(ms);
            }

            throw new Failure(
                ExitCodes.Usage,
                "--timeout must be a whole number of milliseconds from 1 to 2147483647, but is " +
                JsonWriter.Write(typed) + ".");
        }

        private string ValueAfter(string[] words, ref int at, string[] withValue, string[] alone)
        {
            string name = words[at];
            string value = at + 1 < words.Length ? words[at + 1] : null;
            if (value == null)
            {
                throw Wrong("option '" + name + "': the value is missing");
            }

            if (withValue.Contains(value) || alone.Contains(value))
            {
                // A shell drops an empty variable. Then the next option would become the value.
                throw Wrong("option '" + name + "': the value is missing; if " + value + " is meant, write " + name +
                    "=" + value);
            }

            at++;
            return value;
        }

        private void Add(string name, string value)
        {
            if (values.ContainsKey(name))
            {
                throw Wrong("option '" + name + "' is given more than once");
            }

            values[name] = value;
        }

        private Failure Wrong(string message)
        {
            return new Failure(ExitCodes.Usage, message, "bluetap " + Command + " --help");
        }
    }
}
