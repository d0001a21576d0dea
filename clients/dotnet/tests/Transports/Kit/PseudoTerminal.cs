using System;
using System.Runtime.InteropServices;
using System.Text;
using BluetapLib.Transports.Linux;

namespace BluetapTests.Transports.Kit
{
    /// <summary>
    /// A pseudo-terminal in raw mode. This is its end of the device; a channel opens <see cref="Path"/>.
    /// </summary>
    internal sealed class PseudoTerminal : IDisposable
    {
        private readonly object _key = new object();
        private int _master;

        internal PseudoTerminal()
        {
            _master = OpenMaster(Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec);
            Must.Hold(_master >= 0 && Grant(_master) == 0 && Unlock(_master) == 0, "a pseudo-terminal opens");
            var name = new byte[64];
            Must.Equal(0, NameOf(_master, name, (UIntPtr)name.Length), "ptsname_r");
            Path = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
            Libc.GetSettings(_master, out Libc.Termios settings);
            settings.InputFlags = 0;
            settings.OutputFlags = 0;
            settings.LocalFlags = 0;
            settings.ControlCharacters[6] = 1;
            Libc.SetSettings(_master, 0, ref settings);
        }

        /// <summary>The path that a host opens.</summary>
        internal string Path { get; }

        /// <summary>Writes all bytes to the host. It waits while the host reads none.</summary>
        internal void Send(byte[] data)
        {
            for (int at = 0; at < data.Length;)
            {
                var rest = new byte[data.Length - at];
                Array.Copy(data, at, rest, 0, rest.Length);
                var count = (int)Libc.Write(_master, rest, (UIntPtr)rest.Length);
                if (count > 0) at += count;
                else Must.Hold(Marshal.GetLastWin32Error() == 4, "the pseudo-terminal takes bytes");
            }
        }

        /// <summary>Reads what the host has written, at least one byte.</summary>
        internal byte[] Receive()
        {
            var entry = new[] { new Libc.PollEntry { Descriptor = _master, Events = Libc.PollIn } };
            Must.BecomeSo(() => Libc.Poll(entry, (UIntPtr)1, 100) > 0, "the host writes");
            var buffer = new byte[65536];
            var count = (int)Libc.Read(_master, buffer, (UIntPtr)buffer.Length);
            Must.Hold(count > 0, "the host's bytes can be read");
            Array.Resize(ref buffer, count);
            return buffer;
        }

        /// <summary>Hangs up, as an unplug does.</summary>
        public void Dispose()
        {
            lock (_key)
            {
                if (_master >= 0) Libc.Close(_master);
                _master = -1;
            }
        }

        /// <summary>Makes a link.</summary>
        internal static void Link(string to, string at)
        {
            Must.Equal(0, Symlink(Files.PathBytes(to), Files.PathBytes(at)), "symlink " + at);
        }

        [DllImport("libc", EntryPoint = "posix_openpt")]
        private static extern int OpenMaster(int flags);

        [DllImport("libc", EntryPoint = "grantpt")]
        private static extern int Grant(int master);

        [DllImport("libc", EntryPoint = "unlockpt")]
        private static extern int Unlock(int master);

        [DllImport("libc", EntryPoint = "ptsname_r")]
        private static extern int NameOf(int master, byte[] name, UIntPtr length);

        [DllImport("libc", EntryPoint = "symlink")]
        private static extern int Symlink(byte[] to, byte[] at);
    }
}
