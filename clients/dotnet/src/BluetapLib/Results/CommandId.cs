using System;

namespace BluetapLib
{
    /// <summary>The session and the sequence of a command. Together with the boot id they name it.</summary>
    public sealed class CommandId : IEquatable<CommandId>
    {
        /// <summary>Names a command.</summary>
        /// <param name="session">The number of the session, 0 to 65535.</param>
        /// <param name="sequence">The number in the session, 0 to 255.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        public CommandId(int session, int sequence)
        {
            if (session < 0 || session > ushort.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(session), session, "must be from 0 to 65535");
            }

            if (sequence < 0 || sequence > byte.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(sequence), sequence, "must be from 0 to 255");
            }

            Session = session;
            Sequence = sequence;
        }

        /// <summary>The number of the session, 0 to 65535.</summary>
        public int Session { get; }

        /// <summary>The number in the session, 0 to 255.</summary>
        public int Sequence { get; }

        /// <summary>True if both name the same command of the same start of a device.</summary>
        /// <param name="other">Another name, or null.</param>
        /// <returns>True if session and sequence are the same.</returns>
        public bool Equals(CommandId other)
        {
            return other != null && other.Session == Session && other.Sequence == Sequence;
        }

        /// <inheritdoc/>
        public override bool Equals(object obj)
        {
            return Equals(obj as CommandId);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return (Session << 8) | Sequence;
        }

        /// <inheritdoc/>
        public override string ToString()
        {
            return "session " + Session + ", sequence " + Sequence;
        }
    }
}
