using System;
using System.Diagnostics;

namespace BluetapAssert
{
    /// <summary>
    /// Ends the program with exit code 70 when a Debug.Assert fails. Without a listener such as this one, a failing
    /// Debug.Assert does nothing under mono, and the exit code stays 0. assert.config names this class.
    /// </summary>
    public sealed class AssertListener : TraceListener
    {
        private const int AssertionFailed = 70;

        /// <summary>Called for a failing Debug.Assert that has no message.</summary>
        /// <param name="message">The message.</param>
        public override void Fail(string message)
        {
            Fail(message, null);
        }

        /// <summary>Called for a failing Debug.Assert.</summary>
        /// <param name="message">The message.</param>
        /// <param name="detailMessage">More words, or null.</param>
        public override void Fail(string message, string detailMessage)
        {
            Console.Error.WriteLine(("Debug.Assert failed: " + message + " " + detailMessage).TrimEnd());
            Console.Error.WriteLine(new StackTrace(true));
            Environment.Exit(AssertionFailed);
        }

        /// <summary>Other output of a program is no failure: nothing is written.</summary>
        /// <param name="message">The text.</param>
        public override void Write(string message)
        {
        }

        /// <summary>Other output of a program is no failure: nothing is written.</summary>
        /// <param name="message">The text.</param>
        public override void WriteLine(string message)
        {
        }
    }
}
