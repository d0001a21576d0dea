using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using BluetapLib;
using BluetapLib.Json;
using BluetapLib.Protocol;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>Every vector of vectors/ both ways, whole and byte by byte.</summary>
    internal static class VectorTests
    {
        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Files().Select(file => new KeyValuePair<string, Action>(
                "vectors: " + file,
                () => Check(Path.Combine(Case.Root, file))));
        }

        private static IEnumerable<string> Files()
        {
            // Vectors beside the repository are read too, if they are there.
            return new[] { "vectors/frames.json", "vectors/later-frames.json", "../shared/vectors/frames.json" }
                .Where(name => name.StartsWith("vectors", StringComparison.Ordinal) ||
                    File.Exists(Path.Combine(Case.Root, name)));
        }

        private static void Check(string file)
        {
            JsonObject whole = (JsonObject)JsonReader.Read(File.ReadAllText(file));
            List<JsonObject> vectors = ((IEnumerable)whole["vectors"]).Cast<JsonObject>().ToList();
            Must.Hold(vectors.Count >= 13, "there are vectors");
            foreach (JsonObject vector in vectors)
            {
                CheckOne(vector);
            }

            List<string> expected = vectors.ConvertAll(Expected);
            byte[] all = vectors.SelectMany(vector => Bytes(vector)).ToArray();
            Must.Equal(string.Join("\n", expected), string.Join("\n", Read(all)), "all in one chunk");
            Must.Equal(
                string.Join("\n", expected),
                string.Join("\n", Read(all.Select(each => new[] { each }).ToArray())),
                "byte by byte");
        }

        private static void CheckOne(JsonObject vector)
        {
            string name = (string)vector["name"];
            byte[] wire = Bytes(vector);
            Must.Equal(Expected(vector), Read(wire).Single(), name);
            if (!vector.Has("message") || (name.Contains("unknown") && name.Contains("tag")))
            {
                return;
            }

            Message message = null;
            new FrameDecoder(frame => message = MessageDecoder.Decode(frame, out int _), damage => { }).Push(wire, 0);
            Must.SameBytes(wire, MessageEncoder.Encode(message), name);
        }

        private static string Expected(JsonObject vector)
        {
            if (vector["message"] is JsonObject message)
            {
                return InOrder(message);
            }

            JsonObject error = (JsonObject)vector["error"];
            return (string)error["layer"] == "frame" ? (string)error["code"] : "reason " + error["reason"];
        }

        private static List<string> Read(params byte[][] chunks)
        {
            List<string> found = new List<string>();
            FrameDecoder decoder = new FrameDecoder(
                frame =>
                {
                    Message message = MessageDecoder.Decode(frame, out int reason);
                    found.Add(message == null ? "reason " + reason : InOrder(ToJson(message)));
                },
                damage => found.Add(Word(damage)));
            foreach (byte[] chunk in chunks)
            {
                decoder.Push(chunk, 0);
            }

            return found;
        }

        /// <summary>The members by their names, because the vectors have them in another order.</summary>
        private static string InOrder(JsonObject message)
        {
            return string.Join(" ", message.Select(member => member.Key + ":" + JsonWriter.Write(member.Value))
                .OrderBy(text => text, StringComparer.Ordinal));
        }

        private static string Word(FrameDamage damage)
        {
            return damage == FrameDamage.TooShort ? "too-short" : damage.ToString().ToLowerInvariant();
        }

        /// <summary>The message as the vectors have it: the members in the order of the tags.</summary>
        private static JsonObject ToJson(Message message)
        {
            JsonObject value = new JsonObject();
            value.Add("type", Schema.RowOf((int)message.Type).Name);
            value.Add("session", (long)message.Session);
            value.Add("sequence", (long)message.Sequence);
            for (int place = 0; place < Schema.Fields.Length; place++)
            {
                value.Add(Schema.Fields[place].Name, Value((Field)place, message[(Field)place]));
            }

            return value;
        }

        private static object Value(Field field, object value)
        {
            if (value is CommandId id)
            {
                JsonObject members = new JsonObject();
                members.Add("session", (long)id.Session);
                members.Add("sequence", (long)id.Sequence);
                return members;
            }

            if (value is PreviousPaymentLink link)
            {
                JsonObject members = new JsonObject();
                members.Add("state", Schema.States[(int)link.State]);
                members.Add("taps", (long)link.Taps);
                return members;
            }

            return value is int choice ? ((ChoiceCoder)Schema.Row(field).Coder).Names[choice] : value;
        }

        private static byte[] Bytes(JsonObject vector)
        {
            string wire = (string)vector["wire"];
            return Enumerable.Range(0, wire.Length / 2).Select(at =>
                Convert.ToByte(wire.Substring(2 * at, 2), 16)).ToArray();
        }
    }
}
