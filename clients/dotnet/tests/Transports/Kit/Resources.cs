using System;
using System.IO;
using System.Linq;

namespace BluetapTests.Transports.Kit
{
    /// <summary>What this process has open.</summary>
    internal static class Resources
    {
        /// <summary>The number of open files.</summary>
        internal static int OpenFiles()
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }

        /// <summary>The number of threads that the library has started.</summary>
        internal static int Threads()
        {
            return Directory.GetDirectories("/proc/self/task")
                .Count(task => NameOf(task).StartsWith("BluetapLib", StringComparison.Ordinal));
        }

        /// <summary>Does something and then waits until nothing of it is open any more.</summary>
        internal static void MustBeGivenBack(Action action)
        {
            int files = OpenFiles();
            int threads = Threads();
            action();
            Must.BecomeSo(() => OpenFiles() <= files, $"at most {files} files are open, as before");
            Must.BecomeSo(() => Threads() <= threads, $"at most {threads} threads of the library run, as before");
        }

        private static string NameOf(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm"));
            }
            catch (IOException)
            {
                return "";
            }
        }
    }
}
