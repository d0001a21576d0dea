using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using BluetapLib.Transports;

namespace BluetapLib.Sessions
{
    /// <summary>
    /// Lists the devices and opens one, in a thread of its own: a library that hangs then holds up neither a call nor
    /// its cancel. A channel that comes too late is closed.
    /// </summary>
    internal sealed class Opening
    {
        private readonly Gate gate;
        private readonly Action onEnd;
        private readonly Func<DeviceInfo> choose;
        private readonly ITransport transport;
        private bool isDone;
        private bool isAbandoned;
        private DeviceInfo device;
        private IChannel channel;
        private Exception error;

        /// <param name="transport">The transport.</param>
        /// <param name="choose">Lists the devices and chooses one. Called without the gate.</param>
        /// <param name="gate">The gate of the client.</param>
        /// <param name="onEnd">Called with the gate when the transport has returned, however late.</param>
        public Opening(ITransport transport, Func<DeviceInfo> choose, Gate gate, Action onEnd)
        {
            this.transport = transport;
            this.choose = choose;
            this.gate = gate;
            this.onEnd = onEnd;
        }

        /// <summary>Opens the device. The caller holds the gate.</summary>
        /// <returns>The device and its channel.</returns>
        /// <exception cref="Exception">
        /// The error of the transport or of the choice, or the reason of the scope.
        /// </exception>
        public KeyValuePair<DeviceInfo, IChannel> Run(Scope scope)
        {
            Thread thread = new Thread(Work) { IsBackground = true, Name = "BluetapLib opening" };
            thread.Start();
            while (!isDone)
            {
                if (scope.IsOver)
                {
                    isAbandoned = true;
                    throw scope.Reason;
                }

                scope.WaitUntil(long.MaxValue);
            }

            if (error != null)
            {
                throw error;
            }

            return new KeyValuePair<DeviceInfo, IChannel>(device, channel);
        }

        private void Work()
        {
            IChannel opened = null;
            Exception failure = null;
            try
            {
                Stopwatch watch = Stopwatch.StartNew();
                device = choose();
                TimeSpan left = TimeSpan.FromMilliseconds(Math.Max(1, Timing.OpenMs - watch.ElapsedMilliseconds));
                opened = transport.Open(device, left);
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }

            bool late;
            lock (gate.Door)
            {
                channel = opened;
                error = failure;
                isDone = true;
                late = isAbandoned;
                onEnd();
                gate.Pulse();
            }

            if (late && opened != null)
            {
                opened.Dispose();
            }
        }
    }
}
