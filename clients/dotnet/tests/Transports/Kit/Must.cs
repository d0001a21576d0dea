using System;
using System.Diagnostics;
using System.Threading;
using BluetapLib.Transports;

namespace BluetapTests.Transports.Kit
{
    /// <summary>The checks of the tests of transports. Each throws with what was expected.</summary>
    internal static class Must
    {
        /// <summary>The limit for what must happen. It only ends a test that would fail.</summary>
        internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

        internal static void Hold(bool isSo, string what)
        {
            if (!isSo) throw new InvalidOperationException("not so: " + what);
        }

        internal static void Equal<T>(T expected, T found, string what)
        {
            if (Equals(expected, found)) return;
            throw new InvalidOperationException($"{what}: expected {Show(expected)}, found {Show(found)}");
        }

        internal static void Contain(string part, string text)
        {
            Hold(text.Contains(part), $"\"{text}\" contains \"{part}\"");
        }

        internal static void SameBytes(byte[] expected, byte[] found, string what)
        {
            Equal(BitConverter.ToString(expected), BitConverter.ToString(found), what);
        }

        /// <summary>The action must fail with one of the codes, and with a message for a person.</summary>
        internal static TransportException Fail(Action action, params TransportErrorCode[] codes)
        {
            try
            {
                action();
            }
            catch (TransportException error)
            {
                bool isOne = Array.IndexOf(codes, error.Code) >= 0;
                Hold(isOne, $"{error.Code} ({error.Message}) is {string.Join(" or ", codes)}");
                Hold(error.Message.Length > 10, "the error has a message");
                return error;
            }
            throw new InvalidOperationException("nothing failed; expected " + string.Join(" or ", codes));
        }

        internal static T Throw<T>(Action action)
            where T : Exception
        {
            try
            {
                action();
            }
            catch (T error)
            {
                return error;
            }
            throw new InvalidOperationException("nothing was thrown; expected " + typeof(T).Name);
        }

        /// <summary>Looks again until it is so. It gives the processor to others meanwhile.</summary>
        internal static void BecomeSo(Func<bool> isSo, string what)
        {
            var since = Stopwatch.StartNew();
            while (!isSo())
            {
                Hold(since.Elapsed < Limit, what);
                Thread.Sleep(1);
            }
        }

        private static string Show(object value)
        {
            return value == null ? "null" : "\"" + value + "\"";
        }
    }
}
