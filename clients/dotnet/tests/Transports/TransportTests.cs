using System;
using System.Collections.Generic;

namespace BluetapTests.Transports
{
    /// <summary>All tests of the transports, by name.</summary>
    internal static class TransportTests
    {
        internal static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            foreach (KeyValuePair<string, Action> one in ChannelSuite.Cases()) yield return one;
        }
    }
}
