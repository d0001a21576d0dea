using System.IO;
using System.Threading;

namespace BluetapTests.Transports.Kit
{
    /// <summary>A folder for files of the tests. Its path is short, because a unix socket takes 107 bytes.</summary>
    internal static class Scratch
    {
        private static int _count;

        internal static string Folder { get; } = Make();

        /// <summary>A name that no other test has.</summary>
        internal static string Name()
        {
            return "t" + Interlocked.Increment(ref _count);
        }

        private static string Make()
        {
            string folder = Path.Combine(Path.GetTempPath(), "bt" + System.Diagnostics.Process.GetCurrentProcess().Id);
            Directory.CreateDirectory(folder);
            System.AppDomain.CurrentDomain.ProcessExit += (sender, end) => Directory.Delete(folder, true);
            return folder;
        }
    }
}
