using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using BluetapTests.Transports;

namespace BluetapTests
{
    /// <summary>
    /// Runs the tests whose names contain one of the arguments, or all. The tests of the transports count threads and
    /// files, so they run alone; the others wait most of the time, so several run beside each other.
    /// </summary>
    internal static class Program
    {
        private const int BesideEachOther = 8;

        private static readonly object Door = new object();
        private static int passed;
        private static int failed;

        private static int Main(string[] parts)
        {
            if (parts.Length == 2 && parts[0] == "--pay-and-be-killed")
            {
                return CommandTests.PayAndBeKilled(parts[1]);
            }

            Stopwatch watch = Stopwatch.StartNew();
            Run(Chosen(TransportTests.Cases().Concat(LeakTests.Cases()), parts), 1);
            Run(Chosen(Core(), parts), BesideEachOther);
            Console.WriteLine(passed + " passed, " + failed + " failed");
            Console.Error.WriteLine("in " + (watch.ElapsedMilliseconds / 1000.0) + " s");

            // A run of nothing must not look like a success.
            return failed > 0 || passed == 0 ? 1 : 0;
        }

        private static IEnumerable<KeyValuePair<string, Action>> Core()
        {
            return DeliveryTests.Cases()
                .Concat(CommandTests.Cases())
                .Concat(GuideTests.Cases())
                .Concat(ClientTests.Cases())
                .Concat(TinyCommandTests.Cases())
                .Concat(VectorTests.Cases())
                .Concat(ProtocolTests.Cases())
                .Concat(OutcomeRuleTests.Cases())
                .Concat(JsonTests.Cases());
        }

        private static List<KeyValuePair<string, Action>> Chosen(
            IEnumerable<KeyValuePair<string, Action>> cases, string[] parts)
        {
            return cases.Where(each => parts.Length == 0 || parts.Any(part => each.Key.Contains(part))).ToList();
        }

        private static void Run(List<KeyValuePair<string, Action>> cases, int count)
        {
            Queue<KeyValuePair<string, Action>> waiting = new Queue<KeyValuePair<string, Action>>(cases);
            List<Thread> threads = Enumerable.Range(0, count).Select(_ => new Thread(() => Work(waiting))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
        }

        private static void Work(Queue<KeyValuePair<string, Action>> waiting)
        {
            while (true)
            {
                KeyValuePair<string, Action> test;
                lock (Door)
                {
                    if (waiting.Count == 0)
                    {
                        return;
                    }

                    test = waiting.Dequeue();
                }

                Exception error = null;
                try
                {
                    test.Value();
                }
                catch (Exception thrown)
                {
                    error = thrown;
                }

                lock (Door)
                {
                    passed += error == null ? 1 : 0;
                    failed += error == null ? 0 : 1;
                    Console.WriteLine((error == null ? "ok " : "FAILED ") + test.Key);
                    if (error != null)
                    {
                        Console.WriteLine("    " + error.ToString().Replace("\n", "\n    "));
                    }
                }
            }
        }
    }
}
