using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using BluetapLib.Sessions;
using BluetapLib.Transports;

namespace BluetapLib.Client
{
    /// <summary>
    /// The one thread that works with the device: it opens a session, runs the next call, asks for a state that is not
    /// known. So two requests never run at the same time.
    /// </summary>
    internal sealed class Worker
    {
        private readonly Gate gate;
        private readonly ITransport transport;
        private readonly LinkTracker tracker;
        private readonly Scope closing;
        private readonly LinkedList<Call> queue = new LinkedList<Call>();
        private Thread thread;
        private bool unsure;

        public Worker(Gate gate, ITransport transport, string device, bool allowSimulated, LinkTracker tracker)
        {
            this.gate = gate;
            this.transport = transport;
            this.tracker = tracker;
            closing = new Scope(gate);
            Sessions = new HostSessions(gate, transport, device, allowSimulated, tracker);
        }

        public HostSessions Sessions { get; }

        /// <summary>Starts to look for the device. Called with the gate.</summary>
        public void Start()
        {
            if (thread == null && !closing.IsOver)
            {
                EndOfProcess.Watch(this);
                thread = new Thread(Run) { IsBackground = true, Name = "BluetapLib worker" };
                thread.Start();
            }
        }

        /// <summary>Puts a call into the queue.</summary>
        /// <param name="work">Does the work, with the gate.</param>
        /// <param name="timeout">The limit of the call.</param>
        /// <param name="token">Cancels the call.</param>
        public Task<T> Add<T>(Func<Scope, T> work, TimeSpan timeout, CancellationToken token)
        {
            Call<T> call = new Call<T>(work);
            lock (gate.Door)
            {
                call.Scope = new Scope(
                    gate, closing, Timing.NowMs + (long)timeout.TotalMilliseconds, () => TimeUp(timeout, call), token);
                if (call.Scope.IsOver)
                {
                    call.Refuse(call.Scope.Reason);
                    return call.Task;
                }

                queue.AddLast(call);
                Start();
                Sessions.Kick();
            }

            Timer timer = new Timer(_ => Leave(call), null, timeout, Timeout.InfiniteTimeSpan);
            CancellationTokenRegistration registration = token.Register(() => Leave(call));

            // On a thread of the pool: disposing waits for a Leave that runs, and a Leave waits for the gate.
            call.Task.ContinueWith(
                _ =>
                {
                    timer.Dispose();
                    registration.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            return call.Task;
        }

        /// <summary>Asks for the payment link as soon as there is no other work. Called with the gate.</summary>
        public void AskForPaymentLink()
        {
            unsure = true;
            gate.Pulse();
        }

        /// <summary>Ends every call and closes the channel. It takes at most a second.</summary>
        public void Close(Exception reason)
        {
            Thread running;
            lock (gate.Door)
            {
                closing.Abort(reason);
                foreach (Call call in queue)
                {
                    call.Refuse(reason);
                }

                queue.Clear();
                running = thread;
            }

            if (running != null && running != Thread.CurrentThread)
            {
                running.Join(Timing.CloseMs);
            }

            lock (gate.Door)
            {
                Sessions.Close();
            }
        }

        /// <summary>A call is over. If it still waits, it leaves the queue, and nothing of it was sent.</summary>
        private void Leave(Call call)
        {
            lock (gate.Door)
            {
                if (!call.IsStarted && call.Scope.IsOver && queue.Remove(call))
                {
                    call.Refuse(call.Scope.Reason);
                }

                gate.Pulse();
            }
        }

        private void Run()
        {
            lock (gate.Door)
            {
                while (!closing.IsOver)
                {
                    if (Sessions.Current == null && (Sessions.Wanted || queue.Count > 0))
                    {
                        Seek();
                    }
                    else if (queue.Count > 0)
                    {
                        Call call = queue.First.Value;
                        queue.RemoveFirst();
                        call.IsStarted = true;
                        call.Run();
                    }
                    else if (unsure)
                    {
                        Ask();
                    }
                    else
                    {
                        gate.WaitUntil(long.MaxValue);
                    }
                }
            }
        }

        private void Seek()
        {
            try
            {
                Sessions.Obtain(closing);
            }
            catch (Exception error)
            {
                // Only the end of the client ends the search.
                if (!closing.IsOver)
                {
                    closing.Abort(error);
                }
            }
        }

        private void Ask()
        {
            // The answer includes every change before it.
            unsure = false;
            PaymentLinkStatus status = StatusQuestion.AskAgain(Sessions, closing);
            if (status != null)
            {
                tracker.CaughtUp(status);
            }
        }

        private Exception TimeUp(TimeSpan timeout, Call call)
        {
            string within = (long)timeout.TotalMilliseconds + " ms";
            if (Sessions.Current != null)
            {
                string turn = call.IsStarted ? string.Empty : ", before its turn came: give it more time";
                return new BluetapException(ResultCode.PROCESS_FAIL, "The time was up after " + within + turn + ".");
            }

            Exception cause = Sessions.LastError;
            BluetapException known = cause as BluetapException;
            ResultCode code = known?.Code ?? ResultCode.DEVICE_DISCONNECTED;
            string why = cause?.Message ?? transport.Name + ": " + (Sessions.IsChannelOpen
                ? "open, but no BlueTap device answers there: power it off and on."
                : "no answer yet.");
            string what = code == ResultCode.DEVICE_DISCONNECTED ? "No device within " : "No session within ";
            return new BluetapException(code, what + within + ": " + why, cause, known?.Reason);
        }
    }
}
