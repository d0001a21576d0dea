using System;
using System.Runtime.InteropServices;

namespace BluetapTests.Transports.Kit
{
    /// <summary>Does something with the rights of a user who may open little.</summary>
    internal static class OtherUser
    {
        private const uint Nobody = 65534;

        /// <summary>
        /// Runs an action on a thread that opens files as nobody. It works for root; another user is one.
        /// </summary>
        internal static void Do(Action action)
        {
            Work.Do("the work of another user", () =>
            {
                // Linux keeps this for each thread, and the thread ends with the action.
                SetFileUser(Nobody);
                action();
            });
        }

        [DllImport("libc", EntryPoint = "setfsuid")]
        private static extern int SetFileUser(uint user);
    }
}
