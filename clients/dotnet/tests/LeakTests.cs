using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using BluetapLib;
using BluetapTests.Kit;
using BluetapTests.Transports.Kit;

namespace BluetapTests
{
    /// <summary>Nothing of a client stays open. It counts threads and files of this process, so it runs alone.</summary>
    internal static class LeakTests
    {
        public static IEnumerable<KeyValuePair<string, Action>> Cases()
        {
            return Case.Named("leaks", new Dictionary<string, Action>
            {
                ["a client that is closed leaves no thread and no file"] = Closed,
            });
        }

        private static void Closed()
        {
            using (FakeListener listener = new FakeListener(new FakeDevice()))
            {
                // The first ones open what the runtime keeps: also a thread of the pool, which takes the name of the thread
                // that has started it.
                for (int count = 0; count < 3; count++)
                {
                    PayOnce(listener.Address);
                }

                int files = Files();
                const int KeptByRuntime = 3;
                for (int count = 0; count < 20; count++)
                {
                    PayOnce(listener.Address);
                }

                // The device closes its ends a moment later.
                SpinWait.SpinUntil(() => Threads() <= KeptByRuntime && Files() <= files, Must.Limit);
                Must.Hold(Threads() <= KeptByRuntime, "the threads of 23 clients that are left: " + Threads());
                Must.Hold(Files() <= files, "the open files: " + Files() + " after " + files);
            }
        }

        private static void PayOnce(string address)
        {
            using (BluetapClient client = new BluetapClient(new BluetapClientOptions { Address = address }))
            {
                client.Connected += (sender, told) => { };
                Case.Facts(client.Pay(Case.Pay), ResultCode.SUCCESS, Outcome.Executed, LinkLive.Yes);
                Must.Hold(Threads() > 0, "the threads of the library can be seen");
            }
        }

        private static int Files()
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }

        private static int Threads()
        {
            return Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task).StartsWith("BluetapLib"));
        }

        private static string NameOf(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm"));
            }
            catch (IOException)
            {
                // The thread has ended.
                return string.Empty;
            }
        }
    }
}
