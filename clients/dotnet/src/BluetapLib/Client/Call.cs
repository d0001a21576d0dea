using System;
using System.Threading;
using System.Threading.Tasks;
using BluetapLib.Sessions;

namespace BluetapLib.Client
{
    /// <summary>One call of the program: it waits in the queue, and then the worker runs it.</summary>
    internal abstract class Call
    {
        /// <summary>Ends the call when its time is up or when it is cancelled.</summary>
        public Scope Scope { get; set; }

        public bool IsStarted { get; set; }

        /// <summary>Does the work and settles the call. It never throws. Called with the gate.</summary>
        public abstract void Run();

        /// <summary>Settles a call that was never run.</summary>
        public abstract void Refuse(Exception why);
    }

    /// <summary>A call with its result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    internal sealed class Call<T> : Call
    {
        private readonly Func<Scope, T> work;

        // The program continues on another thread, and never inside the gate.
        private readonly TaskCompletionSource<T> source =
            new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);

        public Call(Func<Scope, T> work)
        {
            this.work = work;
        }

        public Task<T> Task => source.Task;

        public override void Run()
        {
            try
            {
                source.TrySetResult(work(Scope));
            }
            catch (Exception error)
            {
                source.TrySetException(error);
            }
        }

        public override void Refuse(Exception why)
        {
            source.TrySetException(why);
        }
    }
}
