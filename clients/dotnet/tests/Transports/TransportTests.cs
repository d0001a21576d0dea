using System;
using System.Collections.Generic;
using System.Linq;

namespace BluetapTests.Transports
{
    /// <summary>All tests of the transports, by name.</summary>
    internal static class TransportTests
    {
        internal static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return ChannelSuite.Cases()
                .Concat(Named("hid on linux", HidLinuxTests.Cases))
                .Concat(Named("addresses", AddressTests.Cases))
                .Concat(Named("windows", WindowsTests.Cases))
                .Concat(Named("signals", SignalTests.Cases));
        }

        private static IEnumerable<KeyValuePair<string, Action>> Named(string what, Dictionary<string, Action> cases)
        {
            return cases.Select(one => new KeyValuePair<string, Action>($"transports: {what}: {one.Key}", one.Value));
        }
    }
}
