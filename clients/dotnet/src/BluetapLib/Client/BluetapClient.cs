using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using BluetapLib.Client;
using BluetapLib.Delivery;
using BluetapLib.Sessions;
using BluetapLib.Transports;

namespace BluetapLib
{
    /// <summary>
    /// The full client. It keeps a session with one device, sends one command at a time, and tells the outcome of every
    /// command. Any number of threads may call it at once: the calls run one after the other, in order.
    /// docs/protocol.md section 4.
    /// </summary>
    /// <remarks>
    /// The threads of a client are background threads, so a program that ends without <see cref="Dispose"/> ends.
    /// Events are raised on a thread of the library, one at a time.
    /// </remarks>
    public sealed class BluetapClient : IDisposable
    {
        private readonly Gate gate = new Gate();
        private readonly EventDispatcher events = new EventDispatcher();
        private readonly LinkTracker tracker;
        private readonly Worker worker;
        private readonly Courier courier;
        private readonly TimeSpan timeout;

        /// <summary>Creates a client with the options of the environment variables.</summary>
        /// <exception cref="FormatException">The value of a variable is wrong.</exception>
        public BluetapClient()
            : this(BluetapClientOptions.FromEnvironment())
        {
        }

        /// <summary>Creates a client. It opens nothing: <see cref="Open"/> or the first call does.</summary>
        /// <param name="options">The options.</param>
        /// <exception cref="FormatException">The address is wrong. The message says what is right.</exception>
        /// <exception cref="ArgumentException">Another option is wrong.</exception>
        public BluetapClient(BluetapClientOptions options)
        {
            if (options == null)
            {
                throw new ArgumentNullException(nameof(options));
            }

            timeout = CheckTimeout(options.Timeout, nameof(options.Timeout));
            if (options.Device != null && options.Device.Length == 0)
            {
                throw new ArgumentException("Device must be a serial number or an id, but is \"\".", nameof(options));
            }

            List<Attempt> pending = (options.PendingAttempts ?? Enumerable.Empty<Attempt>()).ToList();
            if (pending.Contains(null))
            {
                throw new ArgumentException("PendingAttempts contains null.", nameof(options));
            }

            ITransport transport = options.Transport ??
                BluetapClientOptions.CreateTransport(options.Address, nameof(options.Address));
            tracker = new LinkTracker(pending)
            {
                Connected = told => events.Post(() => Connected?.Invoke(this, told)),
                Disconnected = told => events.Post(() => Disconnected?.Invoke(this, told)),
                Changed = told => events.Post(() => LinkChanged?.Invoke(this, told)),
                Resolved = told => events.Post(() => Resolved?.Invoke(this, told)),
            };
            worker = new Worker(gate, transport, options.Device, options.AllowSimulated, tracker);
            tracker.Gap = worker.AskForPaymentLink;
            tracker.Contradiction = worker.Sessions.Contradicted;
            courier = new Courier(gate, worker.Sessions, tracker.Doubted);
        }

        /// <summary>
        /// A device has answered, for the first time or again. Its payment link may have changed in between.
        /// </summary>
        public event EventHandler<ConnectedEventArgs> Connected;

        /// <summary>The device went away. The client continues to look for it.</summary>
        public event EventHandler<DisconnectedEventArgs> Disconnected;

        /// <summary>The payment link changed, and no call of this client has asked for it.</summary>
        public event EventHandler<PaymentLinkEventArgs> LinkChanged;

        /// <summary>The outcome of a command whose result was unknown and pending is final.</summary>
        public event EventHandler<ResolvedEventArgs> Resolved;

        /// <summary>The device that has a session with this client now; null if there is none.</summary>
        public DeviceIdentity Device
        {
            get
            {
                lock (gate.Door)
                {
                    return worker.Sessions.Current?.Device;
                }
            }
        }

        /// <summary>What was dropped without an event, as a copy.</summary>
        public Statistics Statistics
        {
            get
            {
                lock (gate.Door)
                {
                    return worker.Sessions.Statistics.Copy();
                }
            }
        }

        /// <summary>Starts to look for the device, for a program that wants events before its first call.</summary>
        public void Open()
        {
            lock (gate.Door)
            {
                worker.Start();
            }
        }

        /// <summary>Asks the device to show the payment link of a command. It never throws.</summary>
        /// <param name="command">The command. Its fields are read before this method waits.</param>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>
        /// The result. SUCCESS means that the payment link is shown. It never means that the shopper has paid.
        /// </returns>
        public CommandResult Pay(PayCommand command, CallOptions options = null)
        {
            return Send(CommandType.Pay, options, () => OrderOf(command));
        }

        /// <summary>Does what <see cref="Pay"/> does, without blocking the thread. The task never fails.</summary>
        /// <param name="command">The command. Its fields are read before this method returns.</param>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>The result, also for a call that was cancelled.</returns>
        public Task<CommandResult> PayAsync(PayCommand command, CallOptions options = null)
        {
            return SendAsync(CommandType.Pay, options, () => OrderOf(command));
        }

        /// <summary>Asks the device to end its payment link. It never throws.</summary>
        /// <param name="orderId">
        /// Only the payment link of this order; null for the live one, whatever its order is.
        /// </param>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>The result. SUCCESS means that no such payment link is live now.</returns>
        public CommandResult Cancel(string orderId = null, CallOptions options = null)
        {
            return Send(CommandType.Cancel, options, () => OrderOfCancel(orderId));
        }

        /// <summary>Does what <see cref="Cancel"/> does, without blocking the thread. The task never fails.</summary>
        /// <param name="orderId">Only the payment link of this order; null for the live one.</param>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>The result, also for a call that was cancelled.</returns>
        public Task<CommandResult> CancelAsync(string orderId = null, CallOptions options = null)
        {
            return SendAsync(CommandType.Cancel, options, () => OrderOfCancel(orderId));
        }

        /// <summary>Asks the device for its payment link.</summary>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>What the device shows now.</returns>
        /// <exception cref="BluetapException">The device does not answer in time, or refuses.</exception>
        /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
        public PaymentLinkStatus Status(CallOptions options = null)
        {
            return StatusAsync(options).GetAwaiter().GetResult();
        }

        /// <summary>Does what <see cref="Status"/> does, without blocking the thread.</summary>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>What the device shows now. The task fails as <see cref="Status"/> throws.</returns>
        public Task<PaymentLinkStatus> StatusAsync(CallOptions options = null)
        {
            return AddAsync(options, scope =>
            {
                PaymentLinkStatus status = StatusQuestion.Ask(worker.Sessions, scope);
                tracker.Seen(status.State, status.Taps);
                return status;
            });
        }

        /// <summary>Asks the device who it is. It waits until a device answers.</summary>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>The identity of the device.</returns>
        /// <exception cref="BluetapException">No device answers in time.</exception>
        /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
        public DeviceIdentity Info(CallOptions options = null)
        {
            return InfoAsync(options).GetAwaiter().GetResult();
        }

        /// <summary>Does what <see cref="Info"/> does, without blocking the thread.</summary>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>The identity of the device. The task fails as <see cref="Info"/> throws.</returns>
        public Task<DeviceIdentity> InfoAsync(CallOptions options = null)
        {
            return AddAsync(options, scope => worker.Sessions.Obtain(scope).Device);
        }

        /// <summary>
        /// Asks for the outcome of an attempt that this program, or an earlier run of it, has stored. It opens a new
        /// session for the question.
        /// </summary>
        /// <param name="attempt">The attempt.</param>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>
        /// Both facts. An outcome of unknown that is pending means that another device answers now than the one of the
        /// attempt.
        /// </returns>
        /// <exception cref="BluetapException">No device answers in time.</exception>
        /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
        public OutcomeFacts OutcomeOf(Attempt attempt, CallOptions options = null)
        {
            return OutcomeOfAsync(attempt, options).GetAwaiter().GetResult();
        }

        /// <summary>Does what <see cref="OutcomeOf"/> does, without blocking the thread.</summary>
        /// <param name="attempt">The attempt.</param>
        /// <param name="options">The options of this call, or null.</param>
        /// <returns>Both facts. The task fails as <see cref="OutcomeOf"/> throws.</returns>
        public Task<OutcomeFacts> OutcomeOfAsync(Attempt attempt, CallOptions options = null)
        {
            if (attempt == null)
            {
                throw new ArgumentNullException(nameof(attempt));
            }

            return AddAsync(options, scope =>
            {
                HostSessions sessions = worker.Sessions;
                sessions.Drop(true);
                HostSession session = sessions.Obtain(scope);
                Seen seen = Seen.In(session);
                bool lineStayed = sessions.LineStayed(attempt, session);
                if (ContradictoryDoubt.Find(attempt, seen, lineStayed) != null)
                {
                    sessions.Contradicted();
                }

                return OutcomeRules.Settle(attempt, seen, lineStayed);
            });
        }

        /// <summary>
        /// Ends every call, closes the channel and ends the threads. A command that may have left is then unknown. It
        /// takes at most a second, and can be called any number of times.
        /// </summary>
        public void Dispose()
        {
            events.Close();
            worker.Close(new BluetapException(ResultCode.PROCESS_FAIL, "The client was closed: make a new one."));
        }

        private static Order OrderOf(PayCommand command)
        {
            Validation.ThrowIfAny(Validation.Check(command));
            return new Order
            {
                Type = CommandType.Pay,
                PaymentMethod = command.PaymentMethod,
                Amount = command.Amount,
                OrderId = command.OrderId,
                ExpiryTime = command.ExpiryTime,
            };
        }

        private static Order OrderOfCancel(string orderId)
        {
            Validation.ThrowIfAny(Validation.CheckOrderId(orderId));
            return new Order { Type = CommandType.Cancel, OrderId = orderId };
        }

        /// <summary>Not "SendAsync and wait": that would need a free thread of the pool to end.</summary>
        private CommandResult Send(CommandType type, CallOptions options, Func<Order> check)
        {
            try
            {
                return WithDevice(Start(options, check).GetAwaiter().GetResult());
            }
            catch (Exception error)
            {
                return WithDevice(Results.NotSent(type, error));
            }
        }

        private async Task<CommandResult> SendAsync(CommandType type, CallOptions options, Func<Order> check)
        {
            try
            {
                return WithDevice(await Start(options, check).ConfigureAwait(false));
            }
            catch (Exception error)
            {
                return WithDevice(Results.NotSent(type, error));
            }
        }

        private Task<CommandResult> Start(CallOptions options, Func<Order> check)
        {
            Order order = check();
            Action<Attempt> onAttempt = options?.OnAttempt;
            return AddAsync(options, scope => Deliver(order, onAttempt, scope));
        }

        private CommandResult WithDevice(CommandResult result)
        {
            lock (gate.Door)
            {
                result.Device = tracker.LastDevice;
            }

            return result;
        }

        private CommandResult Deliver(Order order, Action<Attempt> onAttempt, Scope scope)
        {
            CommandResult result = courier.Deliver(order, onAttempt, scope);
            if (result.State != null)
            {
                tracker.Seen(result.State.Value, result.Taps ?? 0);
            }

            return result;
        }

        private Task<T> AddAsync<T>(CallOptions options, Func<Scope, T> work)
        {
            CallOptions given = options ?? new CallOptions();
            TimeSpan limit = given.Timeout == null ? timeout : CheckTimeout(given.Timeout.Value, "Timeout");
            return worker.Add(work, limit, given.CancellationToken);
        }

        /// <exception cref="BluetapException">PARAM_ILLEGAL: the time is too short or too long.</exception>
        private static TimeSpan CheckTimeout(TimeSpan given, string name)
        {
            if (given.TotalMilliseconds >= 1 && given.TotalMilliseconds <= int.MaxValue)
            {
                return given;
            }

            throw new BluetapException(
                ResultCode.PARAM_ILLEGAL, name + " must be from 1 to 2147483647 milliseconds, but is " + given + ".");
        }
    }
}
