using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace BluetapLib.Transports.Linux
{
    /// <summary>
    /// Looks at files of the kernel. A device can be unplugged between two looks, so what cannot be read is null.
    /// </summary>
    internal static class Files
    {
        /// <summary>A path as the C library takes it: UTF-8 with a zero byte at its end.</summary>
        internal static byte[] PathBytes(string path)
        {
            return Encoding.UTF8.GetBytes(path + "\0");
        }

        /// <summary>The path without links, or null. .NET has no function for it before version 6.</summary>
        internal static string RealPath(string path)
        {
            var resolved = new byte[Libc.PathMax];
            if (path.IndexOf('\0') >= 0 || Libc.RealPath(PathBytes(path), resolved) == IntPtr.Zero) return null;
            return Encoding.UTF8.GetString(resolved, 0, Array.IndexOf(resolved, (byte)0));
        }

        /// <summary>The text of a file, or null.</summary>
        internal static string Text(string path)
        {
            byte[] bytes = Bytes(path);
            return bytes == null ? null : Encoding.UTF8.GetString(bytes);
        }

        /// <summary>The bytes of a file, or null.</summary>
        internal static byte[] Bytes(string path)
        {
            try
            {
                // A file of the kernel says that it has 4096 bytes and has less. File.ReadAllBytes fails with it.
                using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
                {
                    var bytes = new MemoryStream();
                    file.CopyTo(bytes);
                    return bytes.ToArray();
                }
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return null;
            }
        }

        /// <summary>The names of the folders and links in a folder; none if the folder is not there.</summary>
        internal static IReadOnlyList<string> NamesIn(string folder)
        {
            var names = new List<string>();
            try
            {
                foreach (string path in Directory.GetFileSystemEntries(folder)) names.Add(Path.GetFileName(path));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                return new string[0];
            }
            return names;
        }

        /// <summary>
        /// True if there is a file at the path that is not a socket. The system has one error for a socket without a
        /// listener and for a file of another kind, but it opens only the second.
        /// </summary>
        internal static bool IsOtherThanSocket(string path)
        {
            int descriptor = Libc.Open(PathBytes(path), Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec);
            if (descriptor >= 0) Libc.Close(descriptor);
            return descriptor >= 0;
        }

        /// <summary>True if there is something at the path, of any kind.</summary>
        internal static bool Exists(string path)
        {
            return RealPath(path) != null;
        }

        /// <summary>The number of the latest error of the C library.</summary>
        internal static int LastError()
        {
            return Marshal.GetLastWin32Error();
        }
    }
}
