using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using BluetapLib;
using BluetapTests.Transports.Kit;

namespace BluetapTests.Kit
{
    /// <summary>What several tests need.</summary>
    internal static class Case
    {
        /// <summary>The root of the repository: the folder above clients/dotnet/bin.</summary>
        public static string Root => Path.GetFullPath(Path.Combine(AppDomain.CurrentDomain.BaseDirectory, "../../.."));

        public static PayCommand Pay =>
            new PayCommand { PaymentMethod = "TRUEMONEY", Amount = "27.01", OrderId = "A-1" };

        public static IEnumerable<KeyValuePair<string, Action>> Named(string what, Dictionary<string, Action> cases)
        {
            return cases.Select(one => new KeyValuePair<string, Action>(what + ": " + one.Key, one.Value));
        }

        public static BluetapClient Client(FakeTransport transport, Action<BluetapClientOptions> set = null)
        {
            BluetapClientOptions options = new BluetapClientOptions { Transport = transport };
            set?.Invoke(options);
            return new BluetapClient(options);
        }

        public static CallOptions Within(int ms)
        {
            return new CallOptions { Timeout = TimeSpan.FromMilliseconds(ms) };
        }

        public static void Facts(CommandResult result, ResultCode code, Outcome outcome, LinkLive live,
            bool pending = false)
        {
            string told = result.Code + " " + result.Outcome + " " + result.LinkLive + " " + result.IsPending + " " +
                result.Error?.Message;
            Must.Hold(
                result.Code == code && result.Outcome == outcome && result.LinkLive == live &&
                    result.IsPending == pending,
                told + " is " + code + " " + outcome + " " + live + " " + pending);
        }

        public static Exception Throws<T>(Action action)
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

            throw new InvalidOperationException("nothing threw " + typeof(T).Name);
        }
    }
}
