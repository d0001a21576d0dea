using System;
using BluetapLib.Json;

namespace BluetapLib
{
    /// <summary>The two commands that an attempt can be of.</summary>
    public enum CommandType
    {
        /// <summary>PAY: show a payment link.</summary>
        Pay,

        /// <summary>CANCEL: end a payment link.</summary>
        Cancel,
    }

    /// <summary>
    /// One command as it was sent. A program can store it before the first byte leaves
    /// (<see cref="CallOptions.OnAttempt"/>) and ask about it after a restart (<see cref="BluetapClient.OutcomeOf"/>).
    /// It contains neither the amount nor the order id. docs/protocol.md section 4.
    /// </summary>
    public sealed class Attempt
    {
        internal Attempt(
            CommandType command, bool oneOrder, string serialNumber, uint bootId, CommandId id, CommandId last)
        {
            Command = command;
            OneOrder = oneOrder;
            SerialNumber = serialNumber;
            BootId = bootId;
            Id = id;
            Last = last;
        }

        /// <summary>The type of the command.</summary>
        public CommandType Command { get; }

        /// <summary>True only for a CANCEL that names an order.</summary>
        public bool OneOrder { get; }

        /// <summary>The serial number of the device that the command was sent to.</summary>
        public string SerialNumber { get; }

        /// <summary>The boot id of the device then. If the device has another one now, it has restarted.</summary>
        public uint BootId { get; }

        /// <summary>The session and the sequence of the command.</summary>
        public CommandId Id { get; }

        /// <summary>
        /// The last command that the device had executed, as far as this host knew; null if there was none.
        /// </summary>
        public CommandId Last { get; }

        /// <summary>
        /// Reads what <see cref="ToJson"/> has written, or <c>attempt</c> of <c>bluetap pay --json</c>.
        /// </summary>
        /// <param name="json">One JSON object.</param>
        /// <returns>The attempt.</returns>
        /// <exception cref="FormatException">
        /// The text is no attempt, for example because the file is damaged.
        /// </exception>
        public static Attempt FromJson(string json)
        {
            return AttemptJson.Read(json);
        }

        /// <summary>Writes the attempt as one line of JSON, with the names of the command <c>bluetap</c>.</summary>
        /// <returns>One JSON object without a line end.</returns>
        public string ToJson()
        {
            return JsonWriter.Write(AttemptJson.ToValue(this));
        }
    }
}
