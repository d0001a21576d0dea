using System;
using System.Collections.Generic;
using System.Linq;
using BluetapLib;
using BluetapLib.Json;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>The JSON of the command, and attempts that a program has stored.</summary>
    internal static class JsonTests
    {
        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("json", new Dictionary<string, Action>
            {
                ["values come back"] = RoundTrip,
                ["text that is no JSON is refused"] = Refused,
                ["characters that control a terminal are escaped"] = () => Must.Equal(
                    "\"\\u001b\\u202e\\u2028\\\"\\\\\u00e9\"", JsonWriter.Write("\u001b\u202e\u2028\"\\\u00e9"),
                        "the text"),
                ["an attempt comes back"] = AttemptComesBack,
                ["a damaged attempt is refused"] = DamagedAttempt,
            });
        }

        private static void RoundTrip()
        {
            string[] texts =
            {
                "null", "true", "-12", "1.5", "\"a\\nb\"", "[]", "[1,[2],{}]",
                    "{\"a\":{\"b\":[null,false]},\"c\":\"d\"}",
            };
            foreach (string text in texts)
            {
                Must.Equal(text, JsonWriter.Write(JsonReader.Read(" " + text + "\n")), text);
            }

            Must.Equal("\u00e9\ud83d\ude00", (string)JsonReader.Read("\"\\u00e9\\ud83d\\ude00\""), "escapes");
            Must.Hold(JsonReader.Read("1e400") is double, "a number that is too large");
        }

        private static void Refused()
        {
            string[] texts =
            {
                string.Empty, "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01x", "-", "1.", "\"\n\"", "\"\\x\"",
                    "\"\\u12\"", "tru",
                "1 2", "'a'", "\"a", new string('[', 100000),
            };
            foreach (string text in texts)
            {
                Case.Throws<FormatException>(() => JsonReader.Read(text));
            }
        }

        private static void AttemptComesBack()
        {
            Attempt attempt = new Attempt(
                CommandType.Cancel, true, "A \"1\"", 4294967295, new CommandId(65535, 255), new CommandId(1, 2));
            Must.Equal(attempt.ToJson(), Attempt.FromJson(attempt.ToJson()).ToJson(), "the attempt");
            Attempt first = new Attempt(CommandType.Pay, false, "A", 0, new CommandId(1, 1), null);
            Must.Hold(Attempt.FromJson(first.ToJson()).Last == null, "no last command");
        }

        private static void DamagedAttempt()
        {
            string whole =
                new Attempt(CommandType.Pay, false, "A", 7, new CommandId(1, 1), new CommandId(1, 2)).ToJson();
            List<string> texts = Enumerable.Range(0, whole.Length).Select(count => whole.Substring(0, count)).ToList();
            texts.AddRange(new[]
            {
                "null", "[]", "7", whole.Replace("PAY", "STATUS"), whole.Replace(":7", ":-1"),
                    whole.Replace(":7", ":1e3"),
                whole.Replace(":7", ":4294967296"), whole.Replace("\"A\"", "null"), whole.Replace("last", "lost"),
                whole.Replace("\"sequence\":1,", "\"sequence\":256,"),
            });
            foreach (string text in texts)
            {
                Case.Throws<FormatException>(() => Attempt.FromJson(text));
            }

            Case.Throws<ArgumentNullException>(() => Attempt.FromJson(null));
        }
    }
}
