using System;
using System.Collections.Generic;
using BluetapLib.Json;

namespace BluetapLib
{
    /// <summary>An attempt as JSON, with the names of the command.</summary>
    internal static class AttemptJson
    {
        public static JsonObject ToValue(Attempt attempt)
        {
            JsonObject value = new JsonObject();
            value.Add("command", attempt.Command == CommandType.Pay ? "PAY" : "CANCEL");
            value.Add("serialNumber", attempt.SerialNumber);
            value.Add("bootId", (long)attempt.BootId);
            value.Add("session", (long)attempt.Id.Session);
            value.Add("sequence", (long)attempt.Id.Sequence);
            value.AddEvenNull("last", attempt.Last == null ? null : IdOf(attempt.Last));
            if (attempt.OneOrder)
            {
                value.Add("oneOrder", true);
            }

            return value;
        }

        public static Attempt Read(string json)
        {
            if (json == null)
            {
                throw new ArgumentNullException(nameof(json));
            }

            try
            {
                JsonObject value = (JsonObject)JsonReader.Read(json);
                string command = (string)value["command"];
                if (command == "PAY" || command == "CANCEL")
                {
                    return new Attempt(
                        command == "PAY" ? CommandType.Pay : CommandType.Cancel,
                        value["oneOrder"] is bool oneOrder && oneOrder && command == "CANCEL",
                        Required((string)value["serialNumber"]),
                        checked((uint)(long)value["bootId"]),
                        ReadId(value),
                        value.Has("last") && value["last"] == null ? null : ReadId((JsonObject)value["last"]));
                }
            }
            catch (Exception error) when (
                error is FormatException || error is InvalidCastException || error is NullReferenceException ||
                error is OverflowException || error is ArgumentException)
            {
                throw Wrong(error);
            }

            throw Wrong(null);
        }

        private static FormatException Wrong(Exception inner)
        {
            return new FormatException(
                "This text is no attempt. Give the text that Attempt.ToJson() has written, without a change.", inner);
        }

        private static JsonObject IdOf(CommandId id)
        {
            JsonObject value = new JsonObject();
            value.Add("session", (long)id.Session);
            value.Add("sequence", (long)id.Sequence);
            return value;
        }

        private static CommandId ReadId(JsonObject value)
        {
            return new CommandId(checked((int)(long)value["session"]), checked((int)(long)value["sequence"]));
        }

        private static string Required(string text)
        {
            return text ?? throw new FormatException("a text is missing");
        }
    }
}
